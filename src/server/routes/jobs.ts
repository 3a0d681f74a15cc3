/** What takes longer than a request: imports, labels, models, improving, batches. Each becomes a job. */
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { CatwiseError } from "../../errors.ts";
import type { JobKind } from "../../workspace/index.ts";
import { personOf, requireRight } from "../access/guard.ts";
import type { App, Context } from "../context.ts";
import { folderImport, id, importProblem, importProblemWindow, improveRequest, job, jobState, model, modelChange, statedPreprocessing, type Job } from "../contract/index.ts";
import { recipeOf, restated, type StatedPreprocessing } from "../../jobs/index.ts";
import { takeUpload, type Upload, type UploadLimits, type UploadedFile } from "../uploads.ts";
import { toJob, toModel } from "../wire.ts";
import { without } from "./without.ts";

/** Pictures and archives of one import; archives may hold many thousands of pictures. */
const pictureLimits = { files: 20_000, bytes: 20_000_000_000 };
const labelLimits = { files: 20, bytes: 2_000_000_000 };
const modelLimits = { files: 20, bytes: 8_000_000_000 };
const grouping = z.enum(["none", "folder", "name"]);

export function jobRoutes(app: App, { store, engine }: Context): void {
  const params = z.object({ p: id });
  const one = z.object({ j: id });
  const begin = (request: FastifyRequest, project: string, kind: JobKind, asked: unknown): Job => toJob(engine.add(project, kind, asked, personOf(request).id));
  /** What came becomes jobs by `use`, which then own it; where it throws, nothing stays behind. */
  const uploaded = async <T>(request: FastifyRequest, limits: UploadLimits, use: (upload: Upload) => T): Promise<T> => {
    const upload = await takeUpload(request, store.folder.tmp, limits);
    try {
      if (upload.files.length === 0) throw new CatwiseError("request.invalid", "expected at least one file.", { place: { field: "files" } });
      return use(upload);
    } catch (thrown) {
      // Where the first of several has become a job, what came is its own.
      if (!JSON.stringify(store.jobs.openRequests()).includes(basename(upload.folder))) await rm(upload.folder, { recursive: true, force: true });
      throw thrown;
    }
  };

  const requireCategories = (p: string, ids: readonly string[]): void => {
    const known = new Set(store.categories.list(p).map((category) => category.id));
    const foreign = ids.find((each) => !known.has(each));
    if (foreign !== undefined) throw new CatwiseError("state.not-found", `there is no category ${foreign}.`, { place: { field: "category" } });
  };

  app.post("/projects/:p/imports", { config: { right: "annotator" }, schema: { params, response: { 202: job } } }, async (request, reply) => {
    const { p } = request.params;
    store.projects.get(p);
    reply.code(202);
    if (!request.isMultipart()) {
      const told = folderImport.safeParse(request.body);
      if (!told.success) throw new CatwiseError("request.invalid", "expected a form with files, or {folder, copy}.", { place: { field: told.error.issues[0]?.path.join(".") ?? "folder" } });
      await requireFolder(told.data.folder);
      const { folder, copy, groups = null } = told.data;
      return begin(request, p, "import", { source: { kind: "folder", folder, copy }, groups });
    }
    return uploaded(request, pictureLimits, ({ files, fields }) => {
      const groups = grouping.nullable().catch(null).parse(fields["groups"] ?? null);
      // Each archive is a job of its own, so that a broken one holds up nothing else; the first is answered, and the others are news.
      const [first] = sourcesOf(files).map((source) => begin(request, p, "import", { source, groups }));
      return first!;
    });
  });

  app.get("/projects/:p/import-problems", { config: { right: "viewer" }, schema: { params, querystring: z.object({ kind: z.enum(["broken", "duplicate"]), from: z.coerce.number().int().min(0).max(1e9).default(0) }), response: { 200: importProblemWindow } } }, (request) => {
    const { count, items } = store.jobs.problemsOf(store.projects.get(request.params.p).id, request.query.kind === "duplicate", request.query.from);
    return { count, items: items.map((each) => ({ ...each, params: { ...each.params } })) };
  });

  app.get("/projects/:p/imports/:j/problems", { config: { right: "viewer" }, schema: { params: params.extend({ j: id }), response: { 200: z.array(importProblem) } } }, (request) => store.jobs.problems(store.jobs.get(request.params.j).id).map((each) => ({ ...each, params: { ...each.params } })));

  app.post("/projects/:p/labels", { config: { right: "annotator" }, schema: { params, response: { 202: job } } }, async (request, reply) => {
    store.projects.get(request.params.p);
    reply.code(202);
    return uploaded(request, labelLimits, ({ files, fields }) => {
      const { path } = files[0]!;
      return begin(request, request.params.p, "labels", { source: fields["format"] === undefined ? path : `${fields["format"]}:${path}`, encoding: fields["encoding"] ?? null, remove: path });
    });
  });

  app.get("/projects/:p/models", { config: { right: "viewer" }, schema: { params, response: { 200: z.array(model) } } }, (request) => store.models.list(request.params.p).map(toModel));

  app.post("/projects/:p/models", { config: { right: "annotator" }, schema: { params, response: { 202: job } } }, async (request, reply) => {
    const { p } = request.params;
    store.projects.get(p);
    reply.code(202);
    if (!request.isMultipart()) {
      if (!z.object({ kind: z.literal("embedded") }).safeParse(request.body).success) throw new CatwiseError("request.invalid", 'expected a form with an ONNX file, or {"kind": "embedded"}.', { place: { field: "kind" } });
      return begin(request, p, "model", { kind: "embedded", path: null, name: "", remove: false });
    }
    return uploaded(request, modelLimits, ({ files, fields }) => {
      const network = files.find(({ name }) => /\.onnx$/i.test(name));
      if (network === undefined) throw new CatwiseError("request.invalid", "expected a file that ends in .onnx.", { place: { field: "files" } });
      return begin(request, p, "model", { kind: "onnx", path: network.path, name: network.name, remove: true, preprocessing: statedIn(fields["preprocessing"]) });
    });
  });

  app.patch("/projects/:p/models/:m", { config: { right: "annotator" }, schema: { params: params.extend({ m: id }), body: modelChange, response: { 200: model } } }, (request) => {
    const { p, m } = request.params;
    const { matches, preprocessing } = request.body;
    requireCategories(p, (matches ?? []).flatMap(({ category }) => category ?? []));
    return store.atOnce(() => {
      const recipe = recipeOf(store.models.get(p, m));
      if (preprocessing !== undefined && recipe === null) throw new CatwiseError("state.conflict", "how pictures are prepared for this model is not kept with it.", { reason: "state.conflict.not-kept", place: { field: "preprocessing" }, remedy: "Bring the model again and state it then; the embedded network has its own." });
      return toModel(store.models.change(p, m, { ...(matches === undefined ? {} : { matches }), ...(preprocessing === undefined || recipe === null ? {} : { recipe: restated(recipe, without(preprocessing)) }) }));
    });
  });

  app.post("/projects/:p/improvements", { config: { right: "annotator" }, schema: { params, body: improveRequest, response: { 202: job } } }, (request, reply) => {
    const { p } = request.params;
    const { model: of, categories, priority } = request.body;
    store.projects.get(p);
    if (of !== null) store.models.get(p, of);
    requireCategories(p, [...(categories ?? []), ...priority]);
    reply.code(202);
    return begin(request, p, "improve", request.body);
  });

  app.post("/projects/:p/batches", { config: { right: "viewer" }, schema: { params, response: { 202: job } } }, async (request, reply) => {
    const { p } = request.params;
    store.projects.get(p);
    reply.code(202);
    if (request.isMultipart()) {
      return uploaded(request, pictureLimits, ({ files }) => {
        const [source, ...others] = sourcesOf(files);
        if (others.length > 0) throw new CatwiseError("request.invalid", "expected pictures, or one archive.", { place: { field: "files" } });
        return begin(request, p, "batch", { source });
      });
    }
    // Whoever names a folder learns what lies in it, and it may lie anywhere the server reads: as with imports.
    requireRight(request, "annotator");
    const told = z.object({ folder: z.string().min(1) }).safeParse(request.body);
    if (!told.success) throw new CatwiseError("request.invalid", "expected a form with files, or {folder}.", { place: { field: "folder" } });
    await requireFolder(told.data.folder);
    return begin(request, p, "batch", { source: { kind: "folder", folder: told.data.folder } });
  });

  app.get("/jobs", { config: { right: "viewer" }, schema: { querystring: z.object({ project: id.optional(), state: z.union([jobState, z.literal("running")]).optional() }), response: { 200: z.array(job) } } }, (request) => {
    const { project, state } = request.query;
    return engine.list({ ...(project === undefined ? {} : { project }), ...(state === undefined ? {} : { state }) }).map(toJob);
  });

  app.get("/jobs/:j", { config: { right: "viewer" }, schema: { params: one, response: { 200: job } } }, (request) => toJob(engine.get(request.params.j)));

  app.get("/jobs/:j/file", { config: { right: "viewer" }, schema: { params: one } }, (request, reply) => {
    const { kind, state } = store.jobs.get(request.params.j);
    if (kind !== "batch" || state !== "done") throw new CatwiseError("state.conflict", "the job has no file, or not yet.", { reason: "state.conflict.no-file", remedy: "Wait until it is done." });
    return reply.type("text/csv; charset=utf-8").header("content-disposition", `attachment; filename="batch-${request.params.j}.csv"`).send(createReadStream(join(store.folder.jobs, request.params.j, "answers.csv")));
  });

  app.post("/jobs/:j/stop", { config: { right: "annotator" }, schema: { params: one, response: { 200: job } } }, (request) => toJob(engine.stop(request.params.j)));
  app.post("/jobs/:j/continue", { config: { right: "annotator" }, schema: { params: one, response: { 200: job } } }, (request) => toJob(engine.continue(request.params.j)));
  app.post("/jobs/:j/discard", { config: { right: "annotator" }, schema: { params: one, response: { 200: job } } }, (request) => toJob(engine.discard(request.params.j)));
}

type Source = { readonly kind: "files"; readonly files: readonly UploadedFile[] } | { readonly kind: "zip"; readonly path: string };

/** Pictures together, and every archive by itself. */
function sourcesOf(files: readonly UploadedFile[]): Source[] {
  const [zips, pictures] = [files.filter(({ name }) => /\.zip$/i.test(name)), files.filter(({ name }) => !/\.zip$/i.test(name))];
  return [...(pictures.length === 0 ? [] : [{ kind: "files", files: pictures } as const]), ...zips.map(({ path }) => ({ kind: "zip", path }) as const)];
}

/** What the form states of how pictures are prepared. Errors: request.invalid naming the field. */
function statedIn(text: string | undefined): StatedPreprocessing {
  if (text === undefined || text.trim() === "") return {};
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new CatwiseError("request.invalid", "expected JSON.", { place: { field: "preprocessing" } });
  }
  const stated = statedPreprocessing.safeParse(content);
  if (stated.success) return without(stated.data);
  const [issue] = stated.error.issues;
  throw new CatwiseError("request.invalid", issue?.message ?? "expected how pictures are prepared.", { place: { field: ["preprocessing", ...(issue?.path ?? [])].join(".") } });
}

/** A folder of this computer, by its whole path. */
async function requireFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder)) throw new CatwiseError("request.invalid", `expected a whole path, such as /data/pictures, got "${folder}".`, { place: { field: "folder" } });
  const about = await stat(folder).catch(() => null);
  if (about === null) throw new CatwiseError("file.missing", "there is no such folder on the computer that runs Catwise.", { place: { field: "folder" } });
  if (!about.isDirectory()) throw new CatwiseError("file.unreadable", "that is a file, not a folder.", { place: { field: "folder" } });
}
