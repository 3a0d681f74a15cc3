/** What pictures may show. */
import { z } from "zod";
import { CatwiseError } from "../../errors.ts";
import { personOf, requireRight } from "../access/guard.ts";
import type { App, Context } from "../context.ts";
import { category, categoryChange, categoryRequest, exampleRequest, id } from "../contract/index.ts";
import { toCategory } from "../wire.ts";
import { expectedRevision } from "./revision.ts";
import { without } from "./without.ts";

export function categoryRoutes(app: App, { store, engine, events }: Context): void {
  const params = z.object({ p: id });
  const one = z.object({ p: id, c: id });
  const tell = (project: string, of: string): void => events.tell({ kind: "category", project, ids: { category: of } });

  app.get("/projects/:p/categories", { config: { right: "viewer", scope: "answers:read" }, schema: { params, querystring: z.object({ state: z.enum(["present", "removed"]).default("present") }), response: { 200: z.array(category) } } }, (request) => {
    const project = store.projects.get(request.params.p).id;
    return (request.query.state === "removed" ? store.categories.listRemoved(project) : store.categories.list(project)).map(toCategory);
  });

  app.post("/projects/:p/categories", { config: { right: "annotator" }, schema: { params, body: categoryRequest, response: { 200: category } } }, (request) => {
    const made = store.categories.add(store.projects.get(request.params.p).id, without(request.body));
    tell(request.params.p, made.id);
    return toCategory(made);
  });

  app.get("/projects/:p/categories/:c", { config: { right: "viewer" }, schema: { params: one, response: { 200: category } } }, (request, reply) => {
    const found = store.categories.get(request.params.p, request.params.c);
    reply.header("etag", `"${found.revision}"`);
    return toCategory(found);
  });

  app.patch("/projects/:p/categories/:c", { config: { right: "annotator" }, schema: { params: one, body: categoryChange, response: { 200: category } } }, async (request, reply) => {
    const { p, c } = request.params;
    const { reason = null, ...body } = request.body;
    const change = without(body);
    const revision = expectedRevision(request);
    // One transaction: nothing goes live between the look and the change.
    const changed = store.atOnce(() => {
      if (store.categories.changesAnswers(p, c, change)) {
        requireRight(request, "approver");
        if (reason === null) throw new CatwiseError("request.invalid", "the category is live: what programs are answered would change, and the log keeps why.", { remedy: "Send a reason.", place: { field: "reason" } });
      }
      return store.categories.change(p, c, revision, change, personOf(request).id, reason);
    });
    if (change.name !== undefined || change.removed !== undefined) {
      await engine.liveChanged(p);
      events.tell({ kind: "log", project: p, ids: {} });
    }
    tell(p, c);
    reply.header("etag", `"${changed.revision}"`);
    return toCategory(changed);
  });

  app.put("/projects/:p/categories/:c/examples", { config: { right: "annotator" }, schema: { params: one, body: exampleRequest, response: { 200: category } } }, (request) => {
    const { p, c } = request.params;
    const changed = store.categories.setExample(p, c, request.body.picture, request.body.kind, personOf(request).id);
    tell(p, c);
    return toCategory(changed);
  });
}
