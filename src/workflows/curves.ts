/** What the report draws, from the scores of the report part (or of the outer folds): precision-recall curves and reliability bins. */
import { binCalibration, calibrationBins, sortForRanking } from "../math/index.ts";
import type { CategoryComparison, CategoryEvaluation } from "../learn/index.ts";
import type { CategoryCurves, PrecisionRecallCurve, ReliabilityBins } from "./run-record.ts";

const mostPoints = 200;

type Scored = Pick<CategoryEvaluation, "logits" | "positives" | "ranking">;

/** The curves of one category before and after. */
export function categoryCurves({ before, after }: Pick<CategoryComparison, "before" | "after">): CategoryCurves {
  return {
    name: before.name,
    precisionRecall: { before: precisionRecall(before), after: precisionRecall(after) },
    reliability: { before: reliability([before]), after: reliability([after]) },
  };
}

/**
 * Precision and recall at every distinct score, best first (equal scores are one point), thinned to 200 points spread evenly with
 * the first and the last kept. null without a positive or without a negative, where AP is undefined too.
 */
export function precisionRecall({ ranking, positives }: Pick<Scored, "ranking" | "positives">): PrecisionRecallCurve | null {
  const total = positives.reduce((sum, positive) => sum + positive, 0);
  if (total === 0 || total === positives.length) return null;
  const { order, groupEnd } = sortForRanking(ranking);
  const points: { recall: number; precision: number }[] = [];
  let found = 0;
  for (let place = 0; place < order.length; place++) {
    found += positives[order[place]!]!;
    if (groupEnd[place] === 1) points.push({ recall: found / total, precision: found / (place + 1) });
  }
  const shown = thinned(points);
  return { recall: shown.map((point) => point.recall), precision: shown.map((point) => point.precision) };
}

/** The filled ones of 15 bins of equal width over [0, 1], all cells of the given categories together; null without a cell. */
export function reliability(categories: readonly Pick<Scored, "logits" | "positives">[]): ReliabilityBins | null {
  const sums = { count: new Float64Array(0), probability: new Float64Array(0), positive: new Float64Array(0) };
  for (const { logits, positives } of categories) {
    const bins = binCalibration(logits, positives, { from: "logits" });
    for (const key of ["count", "probability", "positive"] as const) sums[key] = bins[key].map((value, bin) => value + (sums[key][bin] ?? 0));
  }
  const filled = [...sums.count.keys()].filter((bin) => sums.count[bin]! > 0);
  if (filled.length === 0) return null;
  return {
    count: filled.map((bin) => sums.count[bin]!),
    meanProbability: filled.map((bin) => sums.probability[bin]! / sums.count[bin]!),
    fractionPositive: filled.map((bin) => sums.positive[bin]! / sums.count[bin]!),
  };
}

/** Bins of several categories added up. A bin is known by its mean probability, which lies in it. */
export function pooledReliability(categories: readonly (ReliabilityBins | null)[]): ReliabilityBins | null {
  const sums = Array.from({ length: calibrationBins }, () => ({ count: 0, probability: 0, positive: 0 }));
  for (const bins of categories) {
    bins?.count.forEach((count, at) => {
      const probability = bins.meanProbability[at]!;
      const sum = sums[Math.min(calibrationBins - 1, Math.max(0, Math.ceil(probability * calibrationBins) - 1))]!;
      sum.count += count;
      sum.probability += count * probability;
      sum.positive += count * bins.fractionPositive[at]!;
    });
  }
  const filled = sums.filter((sum) => sum.count > 0);
  if (filled.length === 0) return null;
  return { count: filled.map((sum) => sum.count), meanProbability: filled.map((sum) => sum.probability / sum.count), fractionPositive: filled.map((sum) => sum.positive / sum.count) };
}

function thinned<T>(points: readonly T[]): readonly T[] {
  if (points.length <= mostPoints) return points;
  return Array.from({ length: mostPoints }, (_, at) => points[Math.round((at * (points.length - 1)) / (mostPoints - 1))]!);
}
