/** Where a project stands and what is worth doing, from what the store knows. The first step is the page's one action. */
import type { Store, StoredCategory } from "../workspace/index.ts";
import type { NextSteps, Project } from "./contract/index.ts";

/** Yes and no that a category needs before improving is worth a try: about a dozen to learn from, and a few of each in every part. */
const enough = { yes: 20, no: 20 };
/** A practised hand answers so many pictures in a minute. */
const perMinute = 20;

type Facts = ReturnType<typeof look>;

function look(store: Store, project: string) {
  const categories = store.categories.list(project);
  const pictures = store.pictures.count(project);
  const versions = store.versions.list(project);
  const live = store.versions.live(project).filter(({ version }) => version !== null);
  return { project, categories, pictures, answered: store.cells.answered(project), models: store.models.list(project), versions, live };
}

/** The six steps of Home. */
export function stepsOf(store: Store, project: string): Project["steps"] {
  const { categories, pictures, answered, models, versions, live } = look(store, project);
  const ready = categories.filter(isReady).length;
  const judged = versions.filter(({ state }) => state !== "candidate");
  const open = versions.some(({ state }) => state === "candidate" || state === "proposed");
  return [
    { step: "pictures", state: stateOf(pictures > 0, false), done: pictures, total: pictures },
    { step: "answers", state: stateOf(categories.length > 0 && ready === categories.length, answered > 0), done: answered, total: pictures * categories.length },
    { step: "model", state: stateOf(models.length > 0 || versions.length > 0, false), done: models.length, total: models.length },
    { step: "improved", state: stateOf(versions.length > 0, false), done: versions.length, total: versions.length },
    { step: "checked", state: open ? "waiting" : stateOf(judged.length > 0, false), done: judged.length, total: versions.length },
    { step: "live", state: versions.some((version) => version.state === "approved") ? "waiting" : stateOf(live.length > 0, false), done: live.length, total: categories.length },
  ];
}

export function nextStepsOf(store: Store, project: string): NextSteps {
  const facts = look(store, project);
  return { standing: standingOf(facts), steps: [...stepsToGo(facts)] };
}

function standingOf({ pictures, categories, answered, versions, live }: Facts): NextSteps["standing"] {
  if (pictures === 0 || categories.length === 0) return { code: "standing.empty", params: {} };
  const [newest] = versions;
  const state = newest?.state;
  if (newest !== undefined && (state === "candidate" || state === "proposed")) return { code: "standing.candidate", params: { number: newest.number } };
  if (newest !== undefined && state === "approved") return { code: "standing.approved", params: { number: newest.number } };
  if (live.length > 0) return { code: "standing.live", params: { categories: live.length, of: categories.length } };
  return { code: "standing.answering", params: { answered, all: pictures * categories.length } };
}

type NextStep = NextSteps["steps"][number];

function* stepsToGo({ project, categories, pictures, models, versions, answered }: Facts): Generator<NextStep> {
  const at = (page: string): string => `/p/${project}/${page}`;
  if (categories.length === 0) yield { code: "next.categories", params: {}, because: { code: "because.noCategories", params: {} }, minutes: 2, href: at("pictures") };
  if (pictures === 0) yield { code: "next.pictures", params: {}, because: { code: "because.noPictures", params: {} }, minutes: 2, href: at("pictures") };
  if (categories.length === 0 || pictures === 0) return;
  const [newest] = versions;
  if (newest?.state === "approved") yield { code: "next.live", params: { number: newest.number }, because: { code: "because.approved", params: { number: newest.number } }, minutes: 1, href: at("live") };
  if (newest?.state === "proposed") yield { code: "next.approve", params: { number: newest.number }, because: { code: "because.proposed", params: { number: newest.number, by: newest.madeBy ?? "" } }, minutes: 3, href: at("live") };
  if (newest?.state === "candidate") yield { code: "next.compare", params: { number: newest.number }, because: { code: "because.candidate", params: { number: newest.number } }, minutes: 3, href: at("compare") };
  const ready = categories.filter(isReady);
  // Starred categories matter most, then the person's own order.
  const lacking = categories.filter((category) => !isReady(category) && category.counts.notAsked > 0).sort((a, b) => Number(b.starred) - Number(a.starred));
  const improvable = ready.length > 0 && newest === undefined;
  if (improvable && models.length === 0) yield { code: "next.model", params: {}, because: { code: "because.noModel", params: {} }, minutes: 2, href: at("model") };
  if (improvable) yield { code: "next.improve", params: { n: ready.length }, because: { code: "because.answered", params: { answered } }, minutes: 2, href: at("improve") };
  for (const category of lacking.slice(0, 2)) yield toLabel(category, at(`label/${category.id}`));
  const disputed = categories.filter(({ counts }) => counts.differ > 0).sort((a, b) => b.counts.differ - a.counts.differ)[0];
  if (disputed !== undefined) {
    const n = disputed.counts.differ;
    yield { code: "next.agree", params: { n, category: disputed.name }, because: { code: "because.differ", params: { n, category: disputed.name } }, minutes: minutesFor(n), href: at(`label/${disputed.id}?show=differ`) };
  }
  const open = categories.filter(({ counts }) => counts.notAsked > 0).sort((a, b) => Number(b.starred) - Number(a.starred) || a.counts.yes - b.counts.yes)[0];
  if (lacking.length === 0 && open !== undefined) {
    const n = Math.min(50, open.counts.notAsked);
    yield { code: "next.label", params: { n, category: open.name }, because: { code: "because.moreHelps", params: { category: open.name } }, minutes: minutesFor(n), href: at(`label/${open.id}?order=useful`) };
  }
}

function toLabel({ name, counts }: StoredCategory, href: string): NextStep {
  const [yes, no] = [enough.yes - counts.yes, enough.no - counts.no];
  const side = yes > 0 ? "because.fewYes" : "because.fewNo";
  // Of pictures nobody has asked about few may show it: what must be answered is told from what was seen so far.
  const share = yes > 0 ? (counts.yes + 1) / (counts.yes + counts.no + 2) : 1;
  const n = Math.min(counts.notAsked, Math.ceil(Math.max(yes, no) / share));
  return { code: "next.label", params: { n, category: name }, because: { code: side, params: { n: Math.max(yes > 0 ? yes : no, 1), category: name } }, minutes: minutesFor(n), href: `${href}?order=likely` };
}

function isReady({ counts }: StoredCategory): boolean {
  return counts.yes >= enough.yes && counts.no >= enough.no;
}

function minutesFor(pictures: number): number {
  return Math.max(1, Math.round(pictures / perMinute));
}

function stateOf(done: boolean, started: boolean): "done" | "started" | "none" {
  if (done) return "done";
  return started ? "started" : "none";
}
