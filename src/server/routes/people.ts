/** First link, signing in, and people with their rights. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { CatwiseError } from "../../errors.ts";
import { personOf, sessionCookie } from "../access/guard.ts";
import { hashPassword, isPassword } from "../access/passwords.ts";
import { hashToken, newToken } from "../access/tokens.ts";
import type { App, Context } from "../context.ts";
import { id, me, passwordChange, person, personChange, personRequest, preferences, setupRequest, signInRequest, type Me } from "../contract/index.ts";
import { toMe, toPerson, toPreferences } from "../wire.ts";

export function peopleRoutes(app: App, { store, throttle }: Context): void {
  const begin = (reply: FastifyReply, request: FastifyRequest, of: string): Me => {
    const [token, csrf] = [newToken(), newToken()];
    store.sessions.begin(of, hashToken(token), csrf);
    reply.setCookie(sessionCookie, token, { path: "/", httpOnly: true, sameSite: "strict", secure: request.protocol === "https" });
    return toMe(store.people.get(of), store.people.preferences(of), csrf);
  };

  app.post("/setup", { config: { right: "open" }, schema: { body: setupRequest, response: { 200: me } } }, async (request, reply) => {
    const { token, name, password, language } = request.body;
    const made = store.sessions.setUp(hashToken(token), name, await hashPassword(password));
    store.people.setPreferences(made.id, { language });
    store.log.add({ person: made.id, action: "person.first" });
    return begin(reply, request, made.id);
  });

  app.post("/session", { config: { right: "open" }, schema: { body: signInRequest, response: { 200: me } } }, async (request, reply) => {
    const { name, password } = request.body;
    const keys = [`name ${name.normalize("NFKC").toLowerCase()}`, `address ${request.ip}`];
    throttle.check(...keys);
    // Counted before the password is looked at: tries at the same moment must not all be free.
    throttle.failed(...keys);
    const found = store.people.byName(name);
    const right = await isPassword(password, found === undefined || found.disabledAt !== null ? null : found.password);
    if (!right || found === undefined) throw new CatwiseError("access.sign-in", "name and password do not go together.", { remedy: "Try again, or ask an administrator for a new password." });
    throttle.succeeded(...keys);
    return begin(reply, request, found.id);
  });

  app.delete("/session", { config: { right: "viewer" }, schema: { response: { 200: z.object({}) } } }, (request, reply) => {
    if (request.who?.key === null) store.sessions.end(request.who.tokenHash);
    reply.clearCookie(sessionCookie, { path: "/" });
    return {};
  });

  app.get("/me", { config: { right: "viewer" }, schema: { response: { 200: me } } }, (request) => {
    const own = personOf(request);
    return toMe(own, store.people.preferences(own.id), request.who?.key === null ? request.who.csrf : "");
  });

  app.patch("/me/preferences", { config: { right: "viewer" }, schema: { body: preferences.partial(), response: { 200: preferences } } }, (request) => {
    const { id: own } = personOf(request);
    store.people.setPreferences(own, { ...store.people.preferences(own), ...request.body });
    return toPreferences(store.people.preferences(own));
  });

  app.post("/me/password", { config: { right: "viewer" }, schema: { body: passwordChange, response: { 200: me } } }, async (request, reply) => {
    const own = personOf(request);
    const { former, password } = request.body;
    const key = `password ${own.id}`;
    throttle.check(key);
    throttle.failed(key);
    if (!(await isPassword(former, store.people.passwordOf(own.id)))) throw new CatwiseError("access.sign-in", "the former password is another.", { place: { field: "former" }, remedy: "Type it again." });
    throttle.succeeded(key);
    // Ends all sessions of the person; this one goes on under a new token.
    store.people.change(own.id, { password: await hashPassword(password) });
    return begin(reply, request, own.id);
  });

  // Names stand beside answers, so whoever sees those may see names.
  app.get("/people", { config: { right: "viewer" }, schema: { response: { 200: z.array(person) } } }, () => store.people.list().map(toPerson));

  app.post("/people", { config: { right: "administrator" }, schema: { body: personRequest, response: { 200: person } } }, async (request) => {
    const { name, role, password } = request.body;
    const hash = await hashPassword(password);
    return store.atOnce(() => {
      const made = store.people.add(name, role, hash);
      store.log.add({ person: personOf(request).id, action: "person.added", details: { who: made.name, role } });
      return toPerson(made);
    });
  });

  app.patch("/people/:id", { config: { right: "administrator" }, schema: { params: z.object({ id }), body: personChange, response: { 200: person } } }, async (request) => {
    const { password, name, role, disabled } = request.body;
    const hash = password === undefined ? undefined : await hashPassword(password);
    return store.atOnce(() => {
      const changed = store.people.change(request.params.id, { ...(name === undefined ? {} : { name }), ...(role === undefined ? {} : { role }), ...(disabled === undefined ? {} : { disabled }), ...(hash === undefined ? {} : { password: hash }) });
      store.log.add({ person: personOf(request).id, action: "person.changed", details: { who: changed.name, role: changed.role, disabled: changed.disabledAt !== null, password: password !== undefined } });
      return toPerson(changed);
    });
  });
}
