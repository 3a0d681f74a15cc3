/**
 * The one way to the server. What it answers is typed by the contract; what it refuses becomes a Refusal with the code, and a server that does not answer becomes Gone.
 * Requests that change something carry the session's token in X-Csrf-Token; answers that waited carry in X-Person whose they are.
 */
import type { Problem } from "../../server/contract/index.ts";

export type { Problem } from "../../server/contract/index.ts";

/** The server answered, and said no. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${String(problem.status)} ${problem.code}`);
    this.name = "Refusal";
    this.problem = problem;
  }
}

/** No answer came: the server is off, or the network is. */
export class Gone extends Error {
  constructor(cause: unknown) {
    super("the server does not answer", { cause });
    this.name = "Gone";
  }
}

export interface Sending {
  readonly body?: unknown;
  /** The revision that was read: sent as If-Match. */
  readonly revision?: number;
  readonly signal?: AbortSignal;
  /** Whose doing it is, where that may no longer be who is signed in: the server refuses it then. */
  readonly person?: string;
}

export const base = "/api/v1";

let csrf: string | null = null;
let whenSignedOut: () => void = () => undefined;
let whenForeign: () => void = () => undefined;

/** Called by the session: the token to send, and what to do when the server knows the session no more. */
export function sendToken(token: string | null): void {
  csrf = token;
}
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}
/** What to do when the token is not the session's any more: another tab signed in anew. */
export function onForeign(listener: () => void): void {
  whenForeign = listener;
}
export function csrfHeader(): Readonly<Record<string, string>> {
  return csrf === null ? {} : { "x-csrf-token": csrf };
}

/** What a refusal without a readable body is taken as. */
function unreadable(status: number): Problem {
  return { type: "about:blank", status, title: "", code: "unknown", params: {}, fields: [], requestId: "" };
}

export function problemOf(status: number, body: unknown): Problem {
  if (typeof body !== "object" || body === null || !("code" in body)) return unreadable(status);
  return { ...unreadable(status), ...(body as Partial<Problem>) };
}

async function ask(method: string, path: string, { body, revision, signal, person }: Sending = {}): Promise<unknown> {
  const form = body instanceof FormData;
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") Object.assign(headers, csrfHeader());
  if (body !== undefined && !form) headers["content-type"] = "application/json";
  if (revision !== undefined) headers["if-match"] = `"${String(revision)}"`;
  if (person !== undefined) headers["x-person"] = person;
  let answer: Response;
  try {
    answer = await fetch(base + path, { method, headers, credentials: "same-origin", body: body === undefined ? null : form ? body : JSON.stringify(body), signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Gone(error);
  }
  const text = await answer.text();
  const content: unknown = text === "" ? null : readJson(text);
  if (answer.ok) return content;
  // A proxy in front of a server that is off answers for it.
  if ([502, 503, 504].includes(answer.status) && problemOf(answer.status, content).code === "unknown") throw new Gone(answer.status);
  const problem = problemOf(answer.status, content);
  if (problem.code === "access.unauthenticated") whenSignedOut();
  if (problem.code === "access.foreign") whenForeign();
  throw new Refusal(problem);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

export const api = {
  get: async <T>(path: string, signal?: AbortSignal): Promise<T> => (await ask("GET", path, signal === undefined ? {} : { signal })) as T,
  post: async <T>(path: string, body?: unknown, revision?: number): Promise<T> => (await ask("POST", path, { ...(body === undefined ? {} : { body }), ...(revision === undefined ? {} : { revision }) })) as T,
  /** As one person, whoever is signed in: refused with access.foreign where it is another. */
  postAs: async <T>(person: string, path: string, body: unknown): Promise<T> => (await ask("POST", path, { body, person })) as T,
  put: async <T>(path: string, body: unknown): Promise<T> => (await ask("PUT", path, { body })) as T,
  patch: async <T>(path: string, body: unknown, revision?: number): Promise<T> => (await ask("PATCH", path, revision === undefined ? { body } : { body, revision })) as T,
  delete: async <T>(path: string): Promise<T> => (await ask("DELETE", path)) as T,
};

/** The address of a picture at a width; `full` is as it was added. */
export function imageAddress(picture: string, width: 256 | 512 | 1280 | "full"): string {
  return `${base}/pictures/${picture}/image?w=${String(width)}`;
}
