/** Using what is live: pictures looked at, and keys for programs. */
import { z } from "zod";
import { CatwiseError } from "../../errors.ts";
import { personOf } from "../access/guard.ts";
import { hashToken, newToken } from "../access/tokens.ts";
import type { App, Context } from "../context.ts";
import type { PictureAnswers } from "../engine.ts";
import { apiKey, apiKeyMade, apiKeyRequest, id, predictions, type ApiKey } from "../contract/index.ts";
import { readUpload } from "../uploads.ts";
import type { StoredKey } from "../../workspace/index.ts";

const limits = { files: 64, bytes: 100_000_000, together: 200_000_000 };
/** Pictures of one request that are decoded side by side: a picture of the largest size takes some hundred megabytes while it is. */
const atOnce = 4;

export function useRoutes(app: App, { store, engine, events }: Context): void {
  const params = z.object({ p: id });

  // A session says which project it means; a key belongs to one.
  app.post("/predict", { config: { right: "viewer", scope: "predict" }, schema: { querystring: z.object({ project: id.optional() }), response: { 200: predictions } } }, async (request) => {
    const project = request.who?.key?.project ?? request.query.project;
    if (project === undefined) throw new CatwiseError("request.invalid", "expected ?project=, as no key says which project is meant.", { place: { field: "project" } });
    if (request.query.project !== undefined && request.query.project !== project) throw new CatwiseError("access.forbidden", "the key belongs to another project.", { remedy: "Make a key in that project." });
    store.projects.get(project);
    const { files } = await readUpload(request, limits);
    if (files.length === 0) throw new CatwiseError("request.invalid", "expected at least one picture.", { place: { field: "files" } });
    const said: PictureAnswers[] = [];
    for (let at = 0; at < files.length; at += atOnce) said.push(...(await Promise.all(files.slice(at, at + atOnce).map(({ bytes }) => engine.predict(project, bytes)))));
    store.used.count(project, said.length);
    return { pictures: said.map(({ categories, ...each }, at) => ({ ...each, name: files[at]!.name, categories: [...categories] })) };
  });

  app.get("/projects/:p/keys", { config: { right: "administrator" }, schema: { params, response: { 200: z.array(apiKey) } } }, (request) => store.keys.list(request.params.p).map(toKey));

  app.post("/projects/:p/keys", { config: { right: "administrator" }, schema: { params, body: apiKeyRequest, response: { 200: apiKeyMade } } }, (request) => {
    const { p } = request.params;
    const { name, scopes } = request.body;
    const key = `cw_${newToken()}`;
    const person = personOf(request).id;
    const made = store.atOnce(() => {
      const added = store.keys.add(store.projects.get(p).id, { name, start: key.slice(0, 8), hash: hashToken(key), scopes: [...new Set(scopes)] }, person);
      store.log.add({ project: p, person, action: "key.made", details: { name } });
      return added;
    });
    events.tell({ kind: "log", project: p, ids: {} });
    return { key, apiKey: toKey(made) };
  });

  app.delete("/projects/:p/keys/:k", { config: { right: "administrator" }, schema: { params: params.extend({ k: id }), response: { 200: z.object({}) } } }, (request) => {
    const { p, k } = request.params;
    store.atOnce(() => {
      store.keys.revoke(p, k);
      store.log.add({ project: p, person: personOf(request).id, action: "key.revoked", details: { key: k } });
    });
    events.tell({ kind: "log", project: p, ids: {} });
    return {};
  });
}

function toKey({ project: _project, scopes, ...key }: StoredKey): ApiKey {
  return { ...key, scopes: [...scopes] };
}
