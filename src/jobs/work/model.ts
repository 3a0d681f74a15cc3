/** A model into a project: the file is inspected, run once, kept by its hash, and its categories matched to the project's by name. */
import type { StatedPreprocessing } from "../engine/recipe.ts";
import { nameKey } from "../../workspace/index.ts";
import { takeModel } from "../engine/networks.ts";
import { removeUpload } from "./incoming.ts";
import type { Work, WorkDone } from "./work.ts";

/** What a model job is asked: an ONNX file that was sent (in tmp/, removed when it was taken in), or the network that comes with Catwise. */
export interface ModelJobRequest {
  readonly kind: "onnx" | "embedded";
  /** Of the file; null for the embedded network. */
  readonly path: string | null;
  readonly name: string;
  /** The file, and what came with it into a folder of tmp/, are the job's own and go when the job is done. */
  readonly remove: boolean;
  /** What people say of how it wants its pictures; left out: what is found beside it, or assumed. */
  readonly preprocessing?: StatedPreprocessing;
}

/** result: {model, categories, matched}. Errors: those of the model, output.*. */
export async function runModel(work: Work, { kind, path, name, remove, preprocessing }: ModelJobRequest): Promise<WorkDone> {
  const { store, job } = work;
  if (kind === "embedded" || path === null) {
    const there = store.models.list(job.project).find((model) => model.kind === "embedded");
    const { id } = there ?? store.models.add(job.project, { kind: "embedded", name, hash: null, matches: [], details: [], recipe: null }, job.startedBy);
    return { state: "done", result: { model: id, categories: 0, matched: 0 } };
  }
  work.progress("inspect", 0, 1);
  const taken = await takeModel(store.folder.path, path, preprocessing);
  const matches = matchByName(taken.categories, store.categories.list(job.project));
  const { id } = store.models.add(job.project, { kind: "onnx", name, hash: taken.hash, matches, details: taken.details, recipe: taken.recipe }, job.startedBy);
  if (remove) await removeUpload(store.folder.tmp, path);
  work.progress("inspect", 1, 1);
  return { state: "done", result: { model: id, categories: taken.categories.length, matched: matches.filter(({ category }) => category !== null).length } };
}

/** Categories of a file, each with the project's category of the same name: whatever its width, case and spaces around it. A category is matched once, to the first. */
export function matchByName(names: readonly string[], categories: readonly { readonly id: string; readonly name: string }[]): { readonly name: string; readonly category: string | null }[] {
  const left = new Map(categories.map(({ id, name }) => [nameKey(name), id]));
  return names.map((name) => {
    const category = left.get(nameKey(name)) ?? null;
    if (category !== null) left.delete(nameKey(name));
    return { name, category };
  });
}
