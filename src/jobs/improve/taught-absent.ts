/** What a base that was made here learnt wrongly: where nobody had answered it took "no" for granted (docs/methods/pseudo-label-harm.md). */
import { FIT, categoryCells, type PartialLabels, type Parts } from "../../labels/index.ts";
import { pseudoLabelHarm, type Features, type PretrainResult } from "../../learn/index.ts";
import type { Kernels } from "../../math/index.ts";

/** Of 100 pictures to learn from that really show the category, so many were taught as not showing it; 95 %. */
export interface TaughtAbsent {
  readonly of100: number;
  readonly range: readonly [number, number];
}

/** What the estimate is made of. */
export interface TaughtRequest {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly features: Features;
  readonly kernels: Kernels;
  /** By category: the share of all pictures that show it, in (0, 1), where people said it. */
  readonly prevalence: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly made: Pick<PretrainResult, "head" | "pseudoLabels">;
}

/**
 * For each category (C): with r the estimated share of positives among the n cells of the fit part that were taken as negative, and k its known positives there, 100 r n / (r n + k), which grows with r, so that the range of r
 * gives its range. The share of positives among all pictures is what people said of it, or that of the answers, which assumes that pictures were not picked for them by what they show. null where nothing was taken as negative, or too little is known to estimate.
 */
export function taughtAbsent({ labels, parts, features, kernels, prevalence, seed, made }: TaughtRequest): (TaughtAbsent | null)[] {
  const cells = categoryCells(labels, parts, [FIT]);
  const shares = Float64Array.from(labels.categories, (name) => prevalence[name] ?? Number.NaN);
  const taker = { kind: "strategy", pseudoLabels: made.pseudoLabels, head: made.head } as const;
  return pseudoLabelHarm({ features, labels, parts, kernels, taker, prevalence: { kind: "given", shares, otherwise: "known-at-random" }, seed }).map(({ taken, falseNegative }, c) => {
    if (falseNegative === null) return null;
    const known = cells.positive.subarray(cells.start[c], cells.start[c + 1]).reduce((sum, one) => sum + one, 0);
    const share = (rate: number): number => (rate === 0 ? 0 : (100 * rate * taken.negative) / (rate * taken.negative + known));
    return { of100: share(falseNegative.value), range: [share(falseNegative.low), share(falseNegative.high)] };
  });
}
