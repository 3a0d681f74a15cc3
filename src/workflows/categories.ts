import { CatwiseError } from "../errors.ts";
import type { LabelFile } from "../datasets/index.ts";
import { alignToCategories, type PartialLabels } from "../labels/index.ts";
import type { WorkflowContext } from "./context.ts";

/**
 * The labels with exactly these categories, in this order. Categories on one side only are notices; a category without
 * labels is all unknown. `owner` is what has the categories, for messages. Errors: labels.no-overlap when the two share none.
 */
export function selectCategories(file: Pick<LabelFile, "files">, labels: PartialLabels, categories: readonly string[], { logger }: Pick<WorkflowContext, "logger">, owner = "the head"): PartialLabels {
  const wanted = new Set(categories);
  const extra = labels.categories.filter((name) => !wanted.has(name));
  const named = new Set(labels.categories);
  const lacking = categories.filter((name) => !named.has(name));
  if (extra.length === labels.categories.length) {
    throw new CatwiseError("labels.no-overlap", `the labels name ${some(labels.categories)}, ${owner} names ${some(categories)}; no category is in both.`, {
      place: { file: file.files[0]!.path },
      remedy: "Name the columns of the labels as the categories are named there.",
    });
  }
  if (extra.length > 0) logger.warn("labels.extra-categories", `${owner} does not have ${some(extra)}; these labels are not used.`);
  if (lacking.length > 0) logger.warn("labels.missing-categories", `nobody labelled ${some(lacking)}; they stay as they are.`);
  return extra.length === 0 && categories.every((name, at) => labels.categories[at] === name) ? labels : alignToCategories(labels, categories);
}

/** Up to five names, and how many more there are. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name)).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
