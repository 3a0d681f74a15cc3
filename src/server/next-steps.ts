/** Where a project stands: the six steps of Home, the sentence above them, and what is worth doing. The first step is the page's one action. */
import type { Store, StoredCategory } from "../workspace/index.ts";
import { leastOfAKind, nextSteps, projectStanding } from "../jobs/index.ts";
import type { NextSteps, Project, Told } from "./contract/index.ts";

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

/** Where the project stands and what is worth doing: by the room that knows what a comparison asks for. */
export async function nextStepsOf(store: Store, project: string): Promise<NextSteps> {
  const { standing, steps } = nextSteps(await projectStanding(store, project));
  return { standing: plain(standing), steps: steps.map(({ because, minutes, href, ...step }) => ({ ...plain(step), because: plain(because), minutes, href })) };
}

function plain({ code, params }: { readonly code: string; readonly params: Readonly<Told["params"]> }): Told {
  return { code, params: { ...params } };
}

function isReady({ counts }: StoredCategory): boolean {
  return counts.yes >= leastOfAKind && counts.no >= leastOfAKind;
}

function stateOf(done: boolean, started: boolean): "done" | "started" | "none" {
  if (done) return "done";
  return started ? "started" : "none";
}
