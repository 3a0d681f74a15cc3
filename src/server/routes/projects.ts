/** Projects, and what is worth doing next. */
import { z } from "zod";
import { personOf } from "../access/guard.ts";
import type { App, Context } from "../context.ts";
import { changedProject, id, nextSteps, project, projectChange, projectRequest, type Project } from "../contract/index.ts";
import { nextStepsOf, stepsOf } from "../next-steps.ts";
import { latest } from "../wire.ts";
import { expectedRevision, requireRevision } from "./revision.ts";
import { without } from "./without.ts";

export function projectRoutes(app: App, { store, events }: Context): void {
  const whole = (p: string): Project => {
    const kept = store.projects.get(p);
    const pictures = store.pictures.count(p);
    const all = pictures * store.categories.list(p).length;
    const since = latest(store.versions.live(p).flatMap((each) => (each.version === null ? [] : [each.since])));
    const { createdAt, name, revision, settings } = kept;
    return { id: p, name, createdAt, settings, pictures, cells: { answered: store.cells.answered(p), all }, steps: stepsOf(store, p), liveSince: since, revision };
  };

  app.get("/projects", { config: { right: "viewer" }, schema: { response: { 200: z.array(project) } } }, () => store.projects.list().map((each) => whole(each.id)));

  app.post("/projects", { config: { right: "administrator" }, schema: { body: projectRequest, response: { 200: project } } }, (request) => {
    const { name, categories } = request.body;
    const person = personOf(request).id;
    return store.atOnce(() => {
      const made = store.projects.add(name, person);
      for (const each of categories) store.categories.add(made.id, { name: each });
      store.log.add({ project: made.id, person, action: "project.made", details: { name: made.name } });
      return whole(made.id);
    });
  });

  const params = z.object({ p: id });
  app.get("/projects/:p", { config: { right: "viewer" }, schema: { params, response: { 200: project } } }, (request, reply) => {
    const found = whole(request.params.p);
    reply.header("etag", `"${found.revision}"`);
    return found;
  });

  app.patch("/projects/:p", { config: { right: "administrator" }, schema: { params, body: projectChange, response: { 200: changedProject } } }, (request) => {
    const { p } = request.params;
    const regrouped = store.atOnce(() => {
      requireRevision(expectedRevision(request), store.projects.get(p));
      const changed = store.projects.change(p, without(request.body));
      store.log.add({ project: p, person: personOf(request).id, action: "project.changed", details: { ...without(request.body), ...(changed.regrouped === 0 ? {} : { regrouped: changed.regrouped }) } });
      return changed.regrouped;
    });
    events.tell({ kind: "log", project: p, ids: {} });
    if (regrouped > 0) events.tell({ kind: "pictures", project: p, ids: {} });
    return { ...whole(p), regrouped };
  });

  app.delete("/projects/:p", { config: { right: "administrator" }, schema: { params, response: { 200: z.object({}) } } }, (request) => {
    const { p } = request.params;
    store.atOnce(() => {
      store.log.add({ project: p, person: personOf(request).id, action: "project.removed", details: { name: store.projects.get(p).name } });
      store.projects.remove(p);
    });
    events.tell({ kind: "reset", project: null, ids: {} });
    return {};
  });

  app.get("/projects/:p/next-steps", { config: { right: "viewer" }, schema: { params, response: { 200: nextSteps } } }, (request) => nextStepsOf(store, store.projects.get(request.params.p).id));
}
