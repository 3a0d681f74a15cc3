/** Asking and answering. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { personOf } from "../access/guard.ts";
import type { App, Context } from "../context.ts";
import { answersDone, answersRequest, guesses, history, id, lastActs, listMade, listRequest, listWindow, sheet, undoDone, undoRequest } from "../contract/index.ts";

const place = z.coerce.number().int().min(0).max(1e9);

export function answerRoutes(app: App, { store, engine, events }: Context): void {
  const params = z.object({ p: id });

  app.post("/projects/:p/lists", { config: { right: "viewer" }, schema: { params, body: listRequest, response: { 200: listMade } } }, (request) => engine.makeList(store.projects.get(request.params.p).id, personOf(request).id, request.body));

  app.get("/lists/:l/items", { config: { right: "viewer" }, schema: { params: z.object({ l: id }), querystring: z.object({ from: place.optional(), to: place.optional(), around: id.optional() }), response: { 200: listWindow } } }, (request) => {
    const { from = 0, to, around } = request.query;
    const own = personOf(request).id;
    const found = around === undefined ? store.lists.window(request.params.l, own, from, to) : store.lists.around(request.params.l, own, around);
    return { ...found, items: [...found.items] };
  });

  app.post("/projects/:p/answers", { config: { right: "annotator" }, schema: { params, body: answersRequest, response: { 200: answersDone } } }, (request) => {
    const project = store.projects.get(request.params.p).id;
    const outcomes = store.answers.add(project, personOf(request).id, request.body);
    const saved = new Set(outcomes.flatMap(({ status }, at) => (status === "saved" ? [request.body[at]!.category] : [])));
    for (const category of saved) events.tell({ kind: "answers", project, ids: { category, by: personOf(request).id } });
    return outcomes;
  });

  for (const direction of ["undo", "redo"] as const) {
    app.post(`/projects/:p/${direction}`, { config: { right: "annotator" }, schema: { params, body: undoRequest, response: { 200: undoDone } } }, (request) => {
      const project = store.projects.get(request.params.p).id;
      const { act = randomBytes(16).toString("hex"), undoes = null } = request.body;
      const { cells } = store.answers[direction](project, personOf(request).id, act, undoes);
      for (const category of new Set(cells.map((cell) => cell.category))) events.tell({ kind: "answers", project, ids: { category, by: personOf(request).id } });
      return { act, cells: [...cells] };
    });
  }

  app.get("/projects/:p/last-acts", { config: { right: "viewer" }, schema: { params, response: { 200: lastActs } } }, (request) => store.answers.last(request.params.p, personOf(request).id));

  app.get("/projects/:p/labels", { config: { right: "viewer", scope: "answers:read" }, schema: { params, querystring: z.object({ to: z.enum(["csv", "long-csv", "coco", "label-studio", "answers"]).default("csv") }) } }, async (request, reply) => {
    const { p } = request.params;
    const { to } = request.query;
    store.projects.get(p);
    const { name, type, content } = await engine.exportLabels(p, to);
    return reply.type(type).header("content-disposition", `attachment; filename="${name}"`).send(content);
  });

  app.get("/pictures/:id/sheet", { config: { right: "viewer" }, schema: { params: z.object({ id }), response: { 200: sheet } } }, (request) => {
    const found = store.cells.sheet(request.params.id, personOf(request).id);
    return { ...found, cells: found.cells.map((cell) => ({ ...cell, by: [...cell.by] })) };
  });

  app.get("/pictures/:id/guesses", { config: { right: "viewer" }, schema: { params: z.object({ id }), response: { 200: guesses } } }, (request) => store.lists.guesses(store.pictures.get(request.params.id).id));

  app.get("/projects/:p/cells/:picture/:category/history", { config: { right: "viewer" }, schema: { params: z.object({ p: id, picture: id, category: id }), response: { 200: history } } }, (request) => store.cells.history(request.params.picture, request.params.category));
}
