import { CatwiseError } from "../errors.ts";
import { buildPartialLabels, type CellValue, type LabelCell, type PartialLabels } from "../labels/index.ts";
import type { WorkflowContext } from "./context.ts";

/**
 * The labels with exactly these categories, in this order. Categories on one side only are notices; a category without
 * labels is all unknown. Errors: labels.no-overlap when the two share none.
 */
export function selectCategories(labels: PartialLabels, categories: readonly string[], { logger }: Pick<WorkflowContext, "logger">): PartialLabels {
  const index = new Map(categories.map((name, at) => [name, at]));
  const extra = labels.categories.filter((name) => !index.has(name));
  const named = new Set(labels.categories);
  const lacking = categories.filter((name) => !named.has(name));
  if (extra.length === labels.categories.length) {
    throw new CatwiseError("labels.no-overlap", `the labels name ${some(labels.categories)}, the head names ${some(categories)}: no category is in both.`, { remedy: "Rename the label columns as the head names its categories." });
  }
  if (extra.length > 0) logger.warn("labels.extra-categories", `the head does not have ${some(extra)}; these labels are not used.`);
  if (lacking.length > 0) logger.warn("labels.missing-categories", `nobody labelled ${some(lacking)}; left as they are.`);
  if (extra.length === 0 && categories.every((name, at) => labels.categories[at] === name)) return labels;
  const cells: LabelCell[] = [];
  for (let image = 0; image < labels.imageIds.length; image++) {
    for (let cell = labels.rowStart[image]!; cell < labels.rowStart[image + 1]!; cell++) {
      const category = index.get(labels.categories[labels.category[cell]!]!);
      if (category !== undefined) cells.push({ image, category, value: labels.value[cell]! as CellValue, weight: labels.weight[cell]! });
    }
  }
  return buildPartialLabels({ imageIds: labels.imageIds, categories, cells });
}

/** Up to five names, and how many more there are. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
