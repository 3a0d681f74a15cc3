/** Brings label rows and feature rows together: by id where the features carry ids, by order where they do not. */
import { CatwiseError } from "../errors.ts";
import { alignToIds, assignParts, NO_PART, type PartialLabels, type Parts } from "../labels/index.ts";
import type { LabelFile } from "../datasets/index.ts";
import { chosenRows, denseFeatures, type Features } from "../learn/index.ts";
import { some } from "./categories.ts";
import type { WorkflowContext } from "./context.ts";
import { labelledAmong } from "./labelled.ts";
import type { OpenedFeatures } from "./sources.ts";

export interface Joined {
  /** Only rows that have labels, in the order of the features. */
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
}

/**
 * Errors: labels.count-mismatch (features without ids), labels.images-not-found (no id in common). Images on one side
 * only are notices. An id matches another that is the same behind a leading folder, where only one does.
 * Where `opened.data` is in memory, that is taken over: rows without labels are dropped where they lie, since there may be no room for a copy.
 */
export function joinLabels(file: LabelFile, labels: PartialLabels, opened: OpenedFeatures, { logger }: Pick<WorkflowContext, "logger">): Joined {
  const { data, rows, columns, perCategory, ids, from } = opened;
  const place = { file: file.files[0]!.path };
  if (file.split === null) logger.info(`No split was given: a hash of ${file.groups === null ? "its name" : "its group"} sends every image to fit (60 %), selection (20 %) or report (20 %), always the same.`);
  if (ids === null) {
    if (rows !== labels.imageIds.length) {
      throw new CatwiseError("labels.count-mismatch", `${from} has ${rows} rows and no ids, the labels have ${labels.imageIds.length} images.`, { place, remedy: "Give one label row per feature row, in the same order, or features with ids (.safetensors)." });
    }
    logger.info(`${from} carries no ids: its rows are taken in the order of the labels.`);
    const parts = assignParts(labels, { split: file.split, groups: file.groups });
    tellTornGroups(parts, file.groups, logger);
    return { features: asFeatures(opened), labels, parts };
  }
  const idOfLabel = labelledAmong(ids, from, { imageIds: labels.imageIds, file: place.file }, logger);
  const kept = [...ids.keys()].filter((row) => idOfLabel.has(ids[row]!));
  if (kept.length < labels.imageIds.length) {
    const found = new Set(idOfLabel.values());
    const unfound = labels.imageIds.filter((id) => !found.has(id));
    logger.warn("labels.images-missing", `${unfound.length} labelled images are not among the images given, such as ${some(unfound.slice(0, 3))}; their labels are not used.`);
  }
  const { labels: aligned, source } = alignToIds(labels, kept.map((row) => idOfLabel.get(ids[row]!)!));
  const pick = <T>(list: readonly T[] | null): T[] | null => (list === null ? null : Array.from(source, (row) => list[row]!));
  const groups = pick(file.groups);
  const parts = assignParts(aligned, { split: pick(file.split), groups });
  tellTornGroups(parts, groups, logger);
  if (!(data instanceof Float32Array)) return { features: chosenRows(asFeatures(opened), Uint32Array.from(kept)), labels: aligned, parts };
  const width = columns * (perCategory?.count ?? 1);
  // Rows only ever move towards the beginning, so that none is overwritten before it was moved.
  for (const [at, row] of kept.entries()) if (at !== row) data.copyWithin(at * width, row * width, (row + 1) * width);
  return { features: denseFeatures(data.subarray(0, kept.length * width), kept.length, columns, perCategory?.count), labels: aligned, parts };
}

function asFeatures({ data, rows, columns, perCategory }: OpenedFeatures): Features {
  if (data instanceof Float32Array) return denseFeatures(data, rows, columns, perCategory?.count);
  return { ...data, ...(perCategory === null ? {} : { categories: perCategory.count }) };
}

/** A split column is obeyed also where it tears groups apart, but then one part has seen images alike those of another. */
function tellTornGroups({ part, group }: Parts, names: readonly (string | null)[] | null, logger: WorkflowContext["logger"]): void {
  if (names === null) return;
  const partOfGroup = new Map<number, number>();
  const torn = new Set<string>();
  for (const [image, each] of part.entries()) {
    const name = names[image] ?? null;
    if (each === NO_PART || name === null) continue;
    const known = partOfGroup.get(group[image]!);
    if (known === undefined) partOfGroup.set(group[image]!, each);
    else if (known !== each) torn.add(name);
  }
  if (torn.size > 0) logger.warn("split.torn-groups", `the split puts images of one group into different parts (${some([...torn])}); figures then flatter what was fitted on images of the same group.`);
}
