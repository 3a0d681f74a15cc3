/** Pictures: what there is, and the pictures themselves. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { CatwiseError } from "../../errors.ts";
import { PictureFiles } from "../../workspace/index.ts";
import { personOf } from "../access/guard.ts";
import type { App, Context } from "../context.ts";
import { id, picture, pictureChange, pictureWindow } from "../contract/index.ts";
import { toPicture } from "../wire.ts";
import { without } from "./without.ts";

const place = z.coerce.number().int().min(0).max(1e9);
const query = z.object({ from: place.optional(), to: place.optional(), q: z.string().max(200).optional(), group: z.string().max(200).optional(), import: id.optional(), state: z.enum(["present", "new", "removed"]).optional(), category: id.optional(), answer: z.enum(["yes", "no", "unsure", "differ", "unasked"]).optional() });
const types: Readonly<Record<string, string>> = { jpg: "image/jpeg", png: "image/png", webp: "image/webp", gif: "image/gif", avif: "image/avif", tiff: "image/tiff", jp2: "image/jp2" };

export function pictureRoutes(app: App, { store, engine, events }: Context): void {
  const files = new PictureFiles(store.folder.path);
  const one = z.object({ id });

  app.get("/projects/:p/pictures", { config: { right: "viewer" }, schema: { params: z.object({ p: id }), querystring: query, response: { 200: pictureWindow } } }, async (request) => {
    const { from, to, q, group, import: job, state, category = null, answer: value } = request.query;
    const project = store.projects.get(request.params.p).id;
    const asked = without({ from, to, text: q, group, job, removed: state === "removed", newest: state === "new", answer: value === undefined ? undefined : { category, value } });
    // By name or answer all pictures are gone through.
    const { count, items } = q === undefined && value === undefined ? store.pictures.list(project, asked) : await engine.findPictures(project, asked);
    return { count, items: items.map(toPicture) };
  });

  app.get("/pictures/:id", { config: { right: "viewer" }, schema: { params: one, response: { 200: picture } } }, (request) => toPicture(store.pictures.get(request.params.id)));

  app.patch("/pictures/:id", { config: { right: "annotator" }, schema: { params: one, body: pictureChange, response: { 200: picture } } }, (request) => {
    const changed = store.pictures.change(request.params.id, without(request.body), personOf(request).id);
    events.tell({ kind: "pictures", project: changed.project, ids: { picture: changed.id } });
    return toPicture(changed);
  });

  // What is in a picture never changes under its id, so browsers may keep it for ever.
  app.get("/pictures/:id/image", { config: { right: "viewer" }, schema: { params: one, querystring: z.object({ w: z.enum(["256", "512", "1280", "full"]).default("full") }) } }, async (request, reply) => {
    const content = store.pictures.contentOf(request.params.id);
    const { w } = request.query;
    const tag = `"${content.hash}-${w}"`;
    reply.header("etag", tag).header("cache-control", "private, max-age=31536000, immutable").header("content-security-policy", "default-src 'none'; sandbox");
    if (request.headers["if-none-match"] === tag) return reply.code(304).send();
    if (w === "full") return sendFile(reply, await files.whole(content), types[content.format] ?? "application/octet-stream");
    return sendFile(reply, await files.thumbnail(content, Number(w)), "image/webp");
  });
}

async function sendFile(reply: FastifyReply, path: string, type: string): Promise<FastifyReply> {
  const about = await stat(path).catch(() => null);
  if (about === null) throw new CatwiseError("file.missing", "the picture is not where it was when it was added.", { remedy: "Put it back, or add the pictures again as copies." });
  return reply.type(type).header("content-length", about.size).send(createReadStream(path));
}
