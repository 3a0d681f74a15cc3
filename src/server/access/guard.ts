/** Who may do what: every request is judged here before its body is read. */
// oxlint-disable-next-line no-unassigned-import -- its types add cookies to requests and replies
import "@fastify/cookie";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { CatwiseError } from "../../errors.ts";
import { roles, type RoleName, type ScopeName, type Store, type StoredKey, type StoredPerson } from "../../workspace/index.ts";
import { isOwnHost } from "./hosts.ts";
import { hashToken, sameToken } from "./tokens.ts";

/** "open": anybody who reaches the server, signed in or not. */
export type Right = RoleName | "open";

export const sessionCookie = "catwise_session";

/** Who asks: a person with a session, or a program with a key. */
export type Who = { readonly person: StoredPerson; readonly csrf: string; readonly tokenHash: string; readonly key: null } | { readonly person: null; readonly key: StoredKey };

declare module "fastify" {
  interface FastifyContextConfig {
    /** The least a person must be allowed. A route without it does not start. */
    readonly right?: Right;
    /** Programs may use it too, with a key of this scope. */
    readonly scope?: ScopeName;
  }
  interface FastifyRequest {
    who: Who | null;
  }
}

const reading = new Set(["GET", "HEAD", "OPTIONS"]);

/** A route, and who may use it. */
export interface GuardedRoute {
  readonly method: string;
  readonly url: string;
  readonly right: Right;
  readonly scope: ScopeName | null;
}

/** Refuses to start with a route that does not say who may use it, and judges every request by what its route says. Returns the list of routes, which grows as they are added. */
export function installGuard(app: FastifyInstance, store: Store, host: string): readonly GuardedRoute[] {
  const routes: GuardedRoute[] = [];
  app.decorateRequest("who", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.right === undefined) throw new TypeError(`The route ${url} does not say who may use it.`);
    for (const each of [method].flat()) routes.push({ method: each, url, right: config.right, scope: config.scope ?? null });
  });
  app.addHook("onRequest", async (request) => {
    if (!isOwnHost(request.headers.host, host)) throw new CatwiseError("access.foreign", `this server is not called "${request.headers.host ?? ""}".`, { remedy: "Use the address it printed, or start it with --host NAME." });
    if (!reading.has(request.method)) requireOwnOrigin(request);
    const { right, scope } = request.routeOptions.config;
    // What has no route answers that there is nothing, to whomever.
    if (right === undefined || right === "open") return;
    request.who = scope === undefined || request.headers["x-api-key"] === undefined ? whoBySession(request, store) : whoByKey(request, store, scope);
    if (request.who.person !== null) requireRight(request, right);
  });
  return routes;
}

/** For what only some of a route's requests may do. Errors: access.forbidden for a person who may less, and for a key. */
export function requireRight(request: FastifyRequest, right: RoleName): void {
  const role = request.who?.person?.role;
  if (role === undefined || roles.indexOf(role) < roles.indexOf(right)) throw new CatwiseError("access.forbidden", `this needs the right of ${right}.`, { remedy: "Ask somebody who has it." });
}

/** The signed-in person of a route that keys may not use. */
export function personOf(request: FastifyRequest): StoredPerson {
  const person = request.who?.person ?? null;
  if (person === null) throw unauthenticated();
  return person;
}

function whoBySession(request: FastifyRequest, store: Store): Who {
  const token = request.cookies[sessionCookie];
  const tokenHash = token === undefined ? null : hashToken(token);
  const session = tokenHash === null ? null : store.sessions.find(tokenHash);
  if (session === null || tokenHash === null) throw unauthenticated();
  const sent = request.headers["x-csrf-token"];
  if (!reading.has(request.method) && (typeof sent !== "string" || !sameToken(sent, session.csrf))) throw new CatwiseError("access.foreign", "the session's token is missing from X-Csrf-Token.", { remedy: "Load the page again." });
  // Answers that waited in a browser say whose they are: whoever signed in there meanwhile does not get them.
  const meant = request.headers["x-person"];
  if (!reading.has(request.method) && meant !== undefined && meant !== session.person.id) throw new CatwiseError("access.foreign", "this was done by another person than the one who is signed in.", { remedy: "Sign in as that person, then send it again." });
  return { ...session, tokenHash, key: null };
}

function whoByKey(request: FastifyRequest, store: Store, scope: ScopeName): Who {
  const sent = request.headers["x-api-key"];
  const key = typeof sent === "string" ? store.keys.find(hashToken(sent)) : null;
  if (key === null) throw unauthenticated();
  if (!key.scopes.includes(scope)) throw new CatwiseError("access.forbidden", `the key has no right to "${scope}".`, { remedy: "Make one that has." });
  // A key belongs to one project and sees no other.
  const { p } = request.params as { readonly p?: string };
  if (p !== undefined && p !== key.project) throw new CatwiseError("access.forbidden", "the key belongs to another project.", { remedy: "Make a key in that project." });
  return { person: null, key };
}

/** A browser says where a request comes from: it must be from our own page. Programs say nothing. */
function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && origin !== `${request.protocol}://${host ?? ""}`) throw new CatwiseError("access.foreign", `a page of "${origin}" may not change anything here.`, { remedy: "Use the address the server printed." });
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new CatwiseError("access.foreign", "a page of another site may not change anything here.", { remedy: "Use the address the server printed." });
}

function unauthenticated(): CatwiseError {
  return new CatwiseError("access.unauthenticated", "nobody is signed in, or the key is not known.", { remedy: "Sign in." });
}
