/** A server over a temporary workspace, asked without a socket, by people of every role. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { onTestFinished } from "vitest";
import { openStore, roles, type RoleName, type Store, type StoredJob } from "../workspace/index.ts";
import { exportOf } from "../jobs/index.ts";
import { hashToken } from "./access/tokens.ts";
import type { Logger } from "../log.ts";
import { makeApp, type Engine, type MadeApp, type TimedJob } from "./index.ts";

/** Stands in for the room that does the work, where a test is about the way there: jobs are kept and never begun, and predictions are those of a head that always says yes. */
export function idleEngine(store: Store): Engine {
  return {
    start: () => undefined,
    add: (...asked) => timed(store.jobs.add(...asked)),
    get: (id) => timed(store.jobs.get(id)),
    list: (query) => store.jobs.list(query).map(timed),
    stop: (id) => timed(store.jobs.stop(id)),
    continue: (id) => timed(store.jobs.continue(id)),
    discard: (id) => timed(store.jobs.discard(id)),
    makeList: (...asked) => Promise.resolve(store.lists.make(...asked)),
    findPictures: (...asked) => Promise.resolve(store.pictures.list(...asked)),
    exportLabels: (...asked) => exportOf(store, ...asked),
    compare: () => Promise.resolve({ leak: null, checkedOn: { pictures: 0 }, headline: { code: "headline.none", params: {} }, categories: [], changes: [], curves: [] }),
    predict: () => Promise.resolve({ version: 1, familiar: null, problem: null, categories: [{ category: "1", name: "scratch", answer: true, probability: 0.75, threshold: 0.3, thresholdChosen: true, rightOf100: null, reason: null }] }),
    liveChanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export interface Ask {
  (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD", url: string, body?: unknown, more?: InjectOptions): Promise<LightMyRequestResponse>;
}

export interface Site extends MadeApp {
  readonly store: Store;
  readonly project: string;
  /** Asks as a person of that role, with a session and its token; null: as nobody. */
  as(role: RoleName | null): Ask;
}

function temporaryStore(now?: () => number): Store {
  const folder = mkdtempSync(join(tmpdir(), "catwise-server-"));
  const store = openStore(join(folder, "workspace"), now === undefined ? {} : { now });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

const failing = { info: () => undefined, warn: (code: string, message: string) => { throw new Error(`${code}: ${message}`); } };

/** A server of which nobody is administrator yet. */
export async function siteWithNobody() {
  const store = temporaryStore();
  const { app } = await makeApp({ store, engine: () => idleEngine(store), host: "127.0.0.1", logger: failing });
  onTestFinished(() => app.close());
  const ask = (method: "GET" | "POST" | "DELETE", url: string, body?: object, headers: Readonly<Record<string, string>> = {}) => app.inject({ method, url, headers: { host: "127.0.0.1:4711", ...headers }, ...(body === undefined ? {} : { payload: body }) });
  return { store, ask };
}

export async function temporarySite({ now, logger = failing }: { now?: () => number; logger?: Logger } = {}): Promise<Site> {
  const store = temporaryStore(now);
  const made = await makeApp({ store, engine: () => idleEngine(store), host: "127.0.0.1", logger, web: join(store.folder.path, "..", "web"), ...(now === undefined ? {} : { now }) });
  onTestFinished(() => made.app.close());
  const tokens = new Map<RoleName, string>();
  for (const role of roles.toReversed()) {
    const { id } = store.people.add(`the ${role}`, role, "not a hash");
    tokens.set(role, `token of ${role}`);
    store.sessions.begin(id, hashToken(`token of ${role}`), "csrf");
  }
  const project = store.projects.add("Line B", null).id;
  return {
    ...made,
    store,
    project,
    as: (role) => (method, url, body, more = {}) =>
      made.app.inject({
        ...more,
        method,
        url: url.startsWith("/api/") || url === "/" ? url : `/api/v1${url}`,
        headers: { host: "127.0.0.1:4711", ...(role === null ? {} : { cookie: `catwise_session=${tokens.get(role)!}`, "x-csrf-token": "csrf" }), ...more.headers },
        ...(body === undefined ? {} : { payload: body as object }),
      }),
  };
}

function timed(job: StoredJob): TimedJob {
  return { ...job, secondsLeft: null, late: false, outcomes: [] };
}

/** A form with files, as a browser sends it. */
export function form(files: readonly { readonly name: string; readonly bytes: Uint8Array | string }[], fields: Readonly<Record<string, string>> = {}) {
  const boundary = "catwise-boundary";
  const parts = [
    ...Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)),
    ...files.map(({ name, bytes }) => Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`), Buffer.from(bytes as Uint8Array), Buffer.from("\r\n")])),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { payload: Buffer.concat(parts), headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

/** An id that nothing else has. */
export function hex(): string {
  return randomBytes(16).toString("hex");
}

/** An answer to a cell, of an act of its own. */
export function answerTo(picture: string, category: string, value: "yes" | "no" | "unsure" | "none") {
  return { id: hex(), picture, category, value, how: "single", act: hex(), at: "2026-11-23T05:00:00.000Z" };
}
