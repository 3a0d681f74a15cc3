/** Which images have labels: found before a model is run over them, and when rows are brought together. */
import { CatwiseError } from "../errors.ts";
import { some } from "./categories.ts";
import type { WorkflowContext } from "./context.ts";

/** The images that labels speak of, and the file they come from. */
export interface LabelledImages {
  readonly imageIds: readonly string[];
  readonly file: string;
}

/**
 * Id of an image -> id of its labels, for those of `ids` that have labels. An id matches another that is the same behind a leading folder, where only one does. Others are a notice; `called`: what a folder holds need not be images.
 * Errors: labels.images-not-found where none has.
 */
export function labelledAmong(ids: readonly string[], from: string, { imageIds, file }: LabelledImages, logger: WorkflowContext["logger"], called: "images" | "files" = "images"): Map<string, string> {
  const found = matchIds(imageIds, ids);
  if (found.size === 0) {
    throw new CatwiseError("labels.images-not-found", `none of the ${imageIds.length} labelled images (${some(imageIds.slice(0, 2))}) is among the ${ids.length} ${called} of ${from} (${some(ids.slice(0, 2))}).`, { place: { file }, remedy: "Make the image column agree with the names of the images." });
  }
  const unlabelled = ids.filter((id) => !found.has(id));
  if (unlabelled.length > 0) logger.warn("labels.images-unlabelled", `${unlabelled.length} ${called} have no row in the labels, such as ${some(unlabelled.slice(0, 3))}; they are left out.`);
  return found;
}

/** Feature id -> label id: the same text, or else the same behind a leading folder where that is unambiguous on both sides. */
export function matchIds(labelIds: readonly string[], featureIds: readonly string[]): Map<string, string> {
  const exact = new Set(labelIds);
  const found = new Map<string, string>();
  for (const id of featureIds) if (exact.has(id)) found.set(id, id);
  const taken = new Set(found.values());
  const freeLabels = byBaseName(labelIds.filter((id) => !taken.has(id)));
  const freeFeatures = byBaseName(featureIds.filter((id) => !found.has(id)));
  for (const [base, features] of freeFeatures) {
    const labels = freeLabels.get(base);
    if (features.length !== 1 || labels?.length !== 1) continue;
    const [feature, label] = [features[0]!, labels[0]!];
    if (feature.endsWith(`/${label}`) || label.endsWith(`/${feature}`)) found.set(feature, label);
  }
  return found;
}

function byBaseName(ids: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const base = id.slice(id.lastIndexOf("/") + 1);
    const group = groups.get(base);
    if (group === undefined) groups.set(base, [id]);
    else group.push(id);
  }
  return groups;
}
