/** The guide of a strategy that goes by another model's probabilities: from a file to the cells of the labels. */
import { CatwiseError } from "../errors.ts";
import { readProbabilities } from "../datasets/index.ts";
import { FIT, type PartialLabels, type Parts } from "../labels/index.ts";
import { needsGuide, strategies } from "../learn/index.ts";
import { some } from "./categories.ts";
import type { WorkflowContext } from "./context.ts";
import { matchIds } from "./labelled.ts";

/** Throws usage.missing-option or usage.conflicting-options unless --guide is given exactly where the strategy, named by `option`, goes by one. */
export function requireGuide(strategy: string | undefined, guide: string | undefined, option: string): void {
  const needed = strategies.some((one) => one.name === strategy && needsGuide(one));
  if (needed && guide === undefined) {
    throw new CatwiseError("usage.missing-option", `${option} ${strategy} goes by the probabilities of another model, and --guide was not given.`, {
      remedy: "Give --guide FILE: a CSV file with a column image and one for each category, as catwise predict writes it, of a model that knows the categories, such as CLIP's softmax over their names.",
    });
  }
  if (!needed && guide !== undefined) {
    throw new CatwiseError("usage.conflicting-options", strategy === undefined ? `--guide means nothing without ${option}.` : `--guide was given, and ${option} ${strategy} does not go by one.`, { remedy: `Leave it out, or give ${option} vlpl.` });
  }
}

/**
 * What `pretrain` and `tune` take as a guide: the file's probabilities brought to the images and categories of the labels, NaN where it says nothing; nothing without a file. Images are matched as those of
 * features are. Errors: those of readProbabilities; labels.images-not-found and labels.no-overlap where no image, or no category, is in both.
 */
export async function openGuide(file: string | undefined, { labels, parts }: { readonly labels: PartialLabels; readonly parts: Parts }, { logger }: Pick<WorkflowContext, "logger">): Promise<{ readonly guide?: Float32Array }> {
  if (file === undefined) return {};
  const { ids, categories, values } = await readProbabilities(file);
  const place = { file };
  const columnOf = new Map(categories.map((name, c) => [name, c]));
  const columns = labels.categories.map((name) => columnOf.get(name));
  if (columns.every((column) => column === undefined)) {
    throw new CatwiseError("labels.no-overlap", `the guide names ${some(categories)}, the labels name ${some(labels.categories)}; no category is in both.`, { place, remedy: "Name its columns as the labels' categories." });
  }
  const idOf = matchIds(labels.imageIds, ids);
  const rowOf = new Map(ids.flatMap((id, row) => (idOf.has(id) ? [[idOf.get(id)!, row] as const] : [])));
  if (rowOf.size === 0) {
    throw new CatwiseError("labels.images-not-found", `none of the images of the labels (${some(labels.imageIds.slice(0, 2))}) is among the ${ids.length} of the guide (${some(ids.slice(0, 2))}).`, { place, remedy: "Make its image column agree with the names of the images." });
  }
  const lacking = labels.categories.filter((_, c) => columns[c] === undefined);
  if (lacking.length > 0) logger.warn("guide.categories-missing", `the guide does not have ${some(lacking)}; their unknown labels are held at doubt.`);
  const silent = labels.imageIds.filter((id, image) => parts.part[image] === FIT && !rowOf.has(id));
  if (silent.length > 0) logger.warn("guide.images-missing", `the guide lacks ${silent.length} images of the fit part, such as ${some(silent.slice(0, 3))}; their unknown labels are held at doubt.`);
  const cell = (row: number | undefined, column: number | undefined): number => (row === undefined || column === undefined ? Number.NaN : values[row * categories.length + column]!);
  const guide = new Float32Array(labels.imageIds.length * columns.length);
  for (const [image, id] of labels.imageIds.entries()) for (const [c, column] of columns.entries()) guide[image * columns.length + c] = cell(rowOf.get(id), column);
  return { guide };
}
