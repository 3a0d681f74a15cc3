/** What a person asks of thresholds, category by category: one target for all, or a file that names some. */
import { CatwiseError } from "../../errors.ts";
import { readCategoryFile, type CategoryRow } from "../../datasets/index.ts";
import { parseTarget, targetHelp, type ThresholdTarget } from "../../learn/index.ts";
import { some } from "../categories.ts";

/** Targets for thresholds: one for all categories, or a file with one for each. */
export interface TargetRequest {
  /** For every category that `targets` does not name. */
  readonly target?: ThresholdTarget;
  /** CSV file `category,target`. */
  readonly targets?: string;
}

/** (C): the target of every category; null for one without. The whole is null where nothing was asked. Errors: csv.*, labels.unknown-category. */
export async function readTargets({ target, targets }: TargetRequest, categories: readonly string[]): Promise<(ThresholdTarget | null)[] | null> {
  if (target === undefined && targets === undefined) return null;
  const named = targets === undefined ? new Map<string, ThresholdTarget | null>() : valuesOf(await readCategoryFile(targets, "target"), categories, targets, targetOf);
  return categories.map((name) => (named.has(name) ? named.get(name)! : (target ?? null)));
}

/** An empty field: no threshold for this category, whatever the others have. */
function targetOf({ text, place }: CategoryRow): ThresholdTarget | null {
  if (text === "") return null;
  const target = parseTarget(text);
  if (target === null) throw new CatwiseError("csv.invalid-value", `expected ${targetHelp}, got "${text}".`, { place });
  return target;
}

/** What the rows say of each category; a category the head does not have is an error, since a misspelt one would be forgotten silently. */
export function valuesOf<T>(rows: readonly CategoryRow[], categories: readonly string[], file: string, read: (row: CategoryRow) => T): Map<string, T> {
  const known = new Set(categories);
  const unknown = rows.filter((row) => !known.has(row.category)).map((row) => row.category);
  if (unknown.length > 0) {
    throw new CatwiseError("labels.unknown-category", `expected categories of the head (${some(categories)}), got ${some(unknown)}.`, { place: { file }, remedy: "Capitals and spaces matter." });
  }
  return new Map(rows.map((row) => [row.category, read(row)]));
}
