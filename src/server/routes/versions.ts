/** Comparing, approving, going live, rolling back, and the log. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { CatwiseError } from "../../errors.ts";
import { sigmoid } from "../../math/index.ts";
import { VersionFiles, type RoleName, type StoredVersion } from "../../workspace/index.ts";
import { personOf } from "../access/guard.ts";
import type { App, Context } from "../context.ts";
import { leastMissed } from "../../jobs/index.ts";
import { changed, comparison, id, liveState, logWindow, reasonRequest, rollbackRequest, thresholdRequest, tradeoff, version, type LiveState } from "../contract/index.ts";
import { latest, toComparison, toLogEntry, toVersion } from "../wire.ts";
import { expectedRevision } from "./revision.ts";

/** What a version keeps of a category, as far as it is told here: the threshold is a logit. */
interface KeptCategory {
  readonly category: string;
  readonly threshold: number;
  readonly tradeoff: readonly { readonly threshold: number; readonly missed: number; readonly missedRange: readonly [number, number]; readonly alarms: number; readonly alarmsRange: readonly [number, number] }[];
  readonly counted?: { readonly with: number; readonly without: number };
}

/** What a person decides of a version, with the reason. */
interface Step {
  readonly path: string;
  readonly right: RoleName;
  readonly take: (project: string, version: string, person: string, reason: string, request: FastifyRequest) => StoredVersion;
}

export function versionRoutes(app: App, { store, engine, events }: Context): void {
  const files = new VersionFiles(store.folder.path);
  const params = z.object({ p: id });
  const one = params.extend({ v: id });
  const tell = (project: string, of: string | null): void => {
    events.tell({ kind: "version", project, ids: of === null ? {} : { version: of } });
    events.tell({ kind: "log", project, ids: {} });
  };

  app.get("/projects/:p/versions", { config: { right: "viewer" }, schema: { params, response: { 200: z.array(version) } } }, (request) => store.versions.list(request.params.p).map(toVersion));
  app.get("/projects/:p/versions/:v", { config: { right: "viewer" }, schema: { params: one, response: { 200: version } } }, (request, reply) => {
    const found = toVersion(store.versions.get(request.params.p, request.params.v));
    reply.header("etag", `"${found.revision}"`);
    return found;
  });

  const steps = [
    { path: "propose", right: "annotator", take: store.versions.propose.bind(store.versions) },
    { path: "approve", right: "approver", take: (p, v, person, reason, request) => store.versions.approve(p, v, person, reason, expectedRevision(request)) },
    { path: "send-back", right: "approver", take: store.versions.sendBack.bind(store.versions) },
    { path: "live", right: "approver", take: store.versions.makeLive.bind(store.versions) },
  ] satisfies readonly Step[];
  for (const { path, right, take } of steps) {
    app.post(`/projects/:p/versions/:v/${path}`, { config: { right }, schema: { params: one, body: reasonRequest, response: { 200: version } } }, async (request) => {
      const { p, v } = request.params;
      const changedVersion = take(p, v, personOf(request).id, request.body.reason, request);
      if (path === "live") await engine.liveChanged(p);
      tell(p, v);
      return toVersion(changedVersion);
    });
  }

  app.post("/projects/:p/versions/:v/read", { config: { right: "viewer" }, schema: { params: one, response: { 200: version } } }, (request) => {
    const { p, v } = request.params;
    const read = store.versions.markRead(p, v, personOf(request).id);
    tell(p, v);
    return toVersion(read);
  });

  app.put("/projects/:p/versions/:v/thresholds/:c", { config: { right: "annotator" }, schema: { params: one.extend({ c: id }), body: thresholdRequest, response: { 200: version } } }, (request) => {
    const { p, v, c } = request.params;
    const { threshold, reason } = request.body;
    const altered = store.versions.setThreshold(p, v, c, threshold, personOf(request).id, reason);
    tell(p, v);
    return toVersion(altered);
  });

  const pair = params.extend({ pair: z.string().regex(/^(?:none|[1-9]\d{0,14})\.\.[1-9]\d{0,14}$/) });
  const sides = (p: string, of: string): [string | null, string] => {
    const [before, after] = of.split("..") as [string, string];
    // Both are of this project, or there is nothing to compare.
    if (before !== "none") store.versions.get(p, before);
    store.versions.get(p, after);
    return [before === "none" ? null : before, after];
  };

  app.get("/projects/:p/comparisons/:pair", { config: { right: "viewer" }, schema: { params: pair, response: { 200: comparison } } }, async (request) => {
    const { p, pair: of } = request.params;
    const [before, after] = sides(p, of);
    const compared = await engine.compare(p, before, after);
    return toComparison(before, after, compared, new Map(store.categories.list(p).map(({ id: category, counts }) => [category, counts])));
  });

  app.get("/projects/:p/comparisons/:pair/changes", { config: { right: "viewer" }, schema: { params: pair, querystring: z.object({ category: id, see: z.enum(["fixed", "spoilt", "changed"]).default("changed") }), response: { 200: changed } } }, async (request) => {
    const { p, pair: of } = request.params;
    const { category, see } = request.query;
    store.categories.get(p, category);
    const { categories, changes } = await engine.compare(p, ...sides(p, of));
    const all = changes[categories.findIndex((each) => each.category === category)] ?? [];
    const seen = all.filter(({ after, answer }) => see === "changed" || (after === (answer === "yes")) === (see === "fixed"));
    const names = new Map(store.pictures.getAll(seen.map(({ picture }) => picture)).map(({ id: picture, name }) => [picture, name]));
    return { count: seen.length, items: seen.map((each) => ({ ...each, name: names.get(each.picture) ?? "" })) };
  });

  app.get("/projects/:p/comparisons/:pair/tradeoff", { config: { right: "viewer" }, schema: { params: pair, querystring: z.object({ category: id }), response: { 200: tradeoff } } }, async (request) => {
    const { p, pair: of } = request.params;
    const { category } = request.query;
    store.categories.get(p, category);
    const [before, after] = sides(p, of);
    const [{ categories, curves }, { story }] = await Promise.all([engine.compare(p, before, after), files.read(after)]);
    const kept = (story as { readonly categories: readonly KeptCategory[] }).categories.find((each) => each.category === category);
    const own = curves[categories.findIndex((each) => each.category === category)];
    if (kept === undefined || own === undefined) throw new CatwiseError("state.not-found", "the version says nothing of this category.", { place: { field: "category" } });
    const points = kept.tradeoff.map((point) => ({ ...point, missedRange: pairOf(point.missedRange), alarmsRange: pairOf(point.alarmsRange) }));
    return {
      category,
      chosen: store.versions.get(p, after).thresholds.find((each) => each.category === category)?.threshold ?? sigmoid(kept.threshold),
      made: sigmoid(kept.threshold),
      counted: kept.counted ?? null,
      points,
      best: leastMissed(points),
      curves: { precisionRecall: own.precisionRecall.map(pairOf), reliability: [...own.reliability] },
    };
  });

  const live = (p: string): LiveState => {
    const categories = store.versions.live(store.projects.get(p).id);
    const versions = new Set(categories.flatMap((each) => each.version ?? []));
    const newest = store.versions.list(p).find((each) => versions.has(each.id));
    const since = latest(categories.filter((each) => each.version === newest?.id).map((each) => each.since));
    return { version: newest?.id ?? null, since: newest === undefined ? null : since, categories, answeredToday: store.used.today(p) };
  };

  app.get("/projects/:p/live", { config: { right: "viewer" }, schema: { params, response: { 200: liveState } } }, (request) => live(request.params.p));

  app.post("/projects/:p/live/categories/:c/rollback", { config: { right: "approver" }, schema: { params: params.extend({ c: id }), body: rollbackRequest, response: { 200: liveState } } }, async (request) => {
    const { p, c } = request.params;
    store.versions.rollBack(p, c, request.body.to, personOf(request).id, request.body.reason);
    await engine.liveChanged(p);
    tell(p, request.body.to);
    return live(p);
  });

  app.get("/projects/:p/log", { config: { right: "viewer" }, schema: { params, querystring: z.object({ before: id.optional(), who: id.optional(), category: id.optional() }), response: { 200: logWindow } } }, (request) => {
    const { before, who, category } = request.query;
    const { count, entries, earlier } = store.log.list(request.params.p, { ...(before === undefined ? {} : { before }), ...(who === undefined ? {} : { person: who }), ...(category === undefined ? {} : { category }) });
    const names = new Map(store.people.list().map((each) => [each.id, each.name]));
    return { count, earlier, entries: entries.map((entry) => toLogEntry(entry, (of) => names.get(of) ?? of)), whole: store.log.isWhole() };
  });
}

function pairOf([one, other]: readonly [number, number]): [number, number] {
  return [one, other];
}
