import type { CategoryStory, Head, TuneResult, TuneWarning } from "../types.ts";
import { senseOf } from "./selection-metric.ts";
import type { TuneSetting } from "./setting.ts";

/** The best head seen by a paper variant for one category; before and after as compared, times the metric's sense. */
export interface BestSeen {
  readonly before: number;
  readonly after: number;
  readonly iterations: number;
  readonly weight: Float64Array | null;
  readonly bias: number;
}

/** The result of a variant that keeps, per category, the best parameters seen on selection, the untouched base counting first. */
export function paperResult(setting: TuneSetting, method: string, best: readonly (BestSeen | null)[], warnings: readonly TuneWarning[]): TuneResult {
  const { base, labels, kernels, options } = setting.input;
  const sense = senseOf(options.metric);
  const weight = base.weight.slice();
  const bias = base.bias.slice();
  const categories = labels.categories.map((name, c): CategoryStory => {
    const right = setting.eligibility[c];
    const seen = best[c] ?? null;
    const improved = seen !== null && seen.weight !== null;
    if (improved) {
      weight.set(Float32Array.from(seen.weight), c * base.columns);
      bias[c] = seen.bias;
    }
    return {
      name,
      status: right.refusal !== null ? "skipped" : improved ? "tuned" : "kept",
      reason:
        right.refusal ??
        (improved
          ? { code: "improved-on-selection", params: { before: sense * seen.before, after: sense * seen.after } }
          : { code: "no-improvement-on-selection", params: { before: seen === null ? Number.NaN : sense * seen.before } }),
      method: improved ? method : "base",
      strength: null,
      known: setting.known[c],
      fit: right.fit,
      selectionCells: right.selection,
      selection: { before: seen === null ? null : sense * seen.before, after: seen === null ? null : sense * seen.after },
      evidence: null,
      calibration: null,
      iterations: seen?.iterations ?? 0,
    };
  });
  const head: Head = { categories: base.categories, columns: base.columns, weight, bias };
  return { head, categories, pooled: null, warnings, kernels: kernels.name };
}
