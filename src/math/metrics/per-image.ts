import type { BinaryProblem } from "./binary-problem.ts";
import type { Confusion } from "./confusion.ts";
import { averagePrecisionWithWeights } from "./ranking.ts";

// The problem here is one image: its known cells, one per category somebody answered. Unknown cells are not there, so they never count
// as irrelevant. scikit-learn's functions of the same names give the mean over images.

/** Whether an image is answered rightly as a whole: 1 where every known cell is on its side of the threshold, else 0. */
export function exactMatch({ falsePositive, falseNegative }: Confusion): number {
  return falsePositive + falseNegative === 0 ? 1 : 0;
}

/**
 * Ranking loss = share of (positive, negative) pairs of categories in which the positive does not score higher: a tie counts as wrong, as
 * in scikit-learn. NaN without a positive or without a negative.
 */
export function rankingLoss({ ranking: { order, groupEnd }, labels, positives, negatives }: BinaryProblem): number {
  let tied = 0;
  let wrong = 0;
  let negativesAbove = 0;
  for (let place = 0; place < order.length; place++) {
    if (labels[order[place]] === 1) tied += 1;
    else negativesAbove += 1;
    if (groupEnd[place] === 0) continue;
    wrong += tied * negativesAbove;
    tied = 0;
  }
  return wrong / (positives * negatives);
}

/**
 * Ranking average precision = mean over the positives of (positives scoring at least as much) / (cells scoring at least as much), itself
 * included: the average precision of the image. NaN without a positive or without a negative. As scikit-learn's
 * label_ranking_average_precision_score.
 */
export function rankingAveragePrecision({ ranking, labels }: BinaryProblem): number {
  return averagePrecisionWithWeights(ranking, labels, null);
}

/** Coverage error = known cells that score at least as much as the lowest positive: how far down the list one reads to meet all. NaN without a positive. */
export function coverageError({ ranking: { order, groupEnd }, labels, positives }: BinaryProblem): number {
  if (positives === 0) return Number.NaN;
  let last = order.length - 1;
  while (labels[order[last]] === 0) last -= 1;
  while (groupEnd[last] === 0) last += 1;
  return last + 1;
}
