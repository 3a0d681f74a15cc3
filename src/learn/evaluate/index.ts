import type { PartialLabels, Parts } from "../../labels/index.ts";
import { groupNames } from "../groups.ts";
import type { Head } from "../types.ts";
import { compareScores, type HeadComparison } from "./compare.ts";
import { evaluateCategory, type CategoryEvaluation } from "./evaluate-category.ts";
import { knownLogits, type EvaluateInput } from "./known-logits.ts";

export type { CategoryComparison, FigureChange, HeadComparison, ScoresToCompare } from "./compare.ts";
export { compareScores } from "./compare.ts";
export type { CategoryEvaluation, CellScores } from "./evaluate-category.ts";
export { knownLogits, type EvaluateInput, type KnownLogits } from "./known-logits.ts";
export { evaluateMetrics, evaluateScores, type EvaluateScoresInput, type MetricsEvaluation } from "./evaluate-metrics.ts";

/** Judges a head on the known cells of a part: AP, AUROC, ECE (15 bins) and Brier score per category. */
export function evaluateHead(input: EvaluateInput & { readonly head: Head }): CategoryEvaluation[] {
  const { cells, logits } = knownLogits(input, [input.head]);
  return input.labels.categories.map((name, c) => evaluateCategory(name, c, cells, { logits: logits[0] }));
}

/** Compares two heads on the known cells of a part (compareScores). */
export function compareHeads(
  input: EvaluateInput & { readonly before: Head; readonly after: Head; readonly seed: number; readonly repeats?: number },
): HeadComparison {
  const { cells, rows, logits } = knownLogits(input, [input.before, input.after]);
  const groups = groupsOf(input.labels, input.parts, rows);
  return compareScores({ ...input, categories: input.labels.categories, cells, groups, before: { logits: logits[0] }, after: { logits: logits[1] } });
}

function groupsOf(labels: PartialLabels, parts: Parts, rows: Uint32Array): string[] {
  const names = groupNames(labels, parts);
  return Array.from(rows, (image) => names[image]);
}
