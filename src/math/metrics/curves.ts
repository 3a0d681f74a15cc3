import { expected } from "../../errors.ts";
import type { BinaryProblem } from "./binary-problem.ts";

/** Counts where every score of at least the threshold is called positive: one point per distinct score, best first (K). */
export interface CurveCounts {
  /** In the unit of the scores. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/**
 * True and false positives of every threshold that can be told apart, from the highest score down. Equal scores make one point: no threshold can part
 * them.
 */
export function curveCounts({ ranking: { order, groupEnd }, scores, labels }: BinaryProblem): CurveCounts {
  let points = 0;
  for (let place = 0; place < groupEnd.length; place++) points += groupEnd[place];
  const counts = { thresholds: new Float64Array(points), truePositives: new Float64Array(points), falsePositives: new Float64Array(points) };
  let found = 0;
  let point = 0;
  for (let place = 0; place < order.length; place++) {
    found += labels[order[place]];
    if (groupEnd[place] === 0) continue;
    counts.thresholds[point] = scores[order[place]];
    counts.truePositives[point] = found;
    counts.falsePositives[point++] = place + 1 - found;
  }
  return counts;
}

/**
 * Precision and recall where every score of at least the threshold is called positive, as scikit-learn's precision_recall_curve:
 * K distinct scores, ascending, then the point (precision 1, recall 0) which has no threshold, so precision and recall are (K+1).
 * Recall is NaN without a positive, where scikit-learn writes 1.
 */
export function precisionRecallCurve(problem: BinaryProblem): { readonly thresholds: Float64Array; readonly precision: Float64Array; readonly recall: Float64Array } {
  const { thresholds, truePositives, falsePositives } = curveCounts(problem);
  const K = thresholds.length;
  const precision = new Float64Array(K + 1).fill(1);
  const recall = new Float64Array(K + 1);
  for (let k = 0; k < K; k++) {
    precision[K - 1 - k] = truePositives[k] / (truePositives[k] + falsePositives[k]);
    recall[K - 1 - k] = truePositives[k] / problem.positives;
  }
  return { thresholds: thresholds.toReversed(), precision, recall };
}

/**
 * False and true positive rates, as scikit-learn's roc_curve with every point kept: (0, 0) at threshold Infinity, then the K distinct
 * scores, descending; (K+1) each. A rate is NaN without a cell of its class.
 */
export function rocCurve(problem: BinaryProblem): { readonly thresholds: Float64Array; readonly falsePositiveRate: Float64Array; readonly truePositiveRate: Float64Array } {
  const { thresholds, truePositives, falsePositives } = curveCounts(problem);
  return {
    thresholds: after(Infinity, thresholds),
    falsePositiveRate: after(0, falsePositives).map((count) => count / problem.negatives),
    truePositiveRate: after(0, truePositives).map((count) => count / problem.positives),
  };
}

/**
 * Average precision over T thresholds 0, 1/(T-1), .., 1 on the probabilities instead of every distinct score: sum over thresholds, from
 * the highest, of (R_k - R_(k-1)) P_k, a probability of at least the threshold called positive; the precision of calling nothing is 0.
 * T: a whole number from 2. Coarser than averagePrecision, and not blind to increasing maps; for comparison with tools that bin.
 * NaN without a positive or without a negative.
 */
export function averagePrecisionAtThresholds({ probabilities, labels, positives, negatives }: BinaryProblem, count: number): number {
  if (!(Number.isInteger(count) && count >= 2)) throw expected("count", "a whole number of thresholds from 2", count);
  if (positives === 0 || negatives === 0) return Number.NaN;
  const at = { positive: new Float64Array(count), negative: new Float64Array(count) };
  for (let i = 0; i < labels.length; i++) {
    // Rounding may put p * (T-1) on the wrong side of a threshold that p equals: the comparison decides.
    let last = Math.floor(probabilities[i] * (count - 1));
    if (last < count - 1 && (last + 1) / (count - 1) <= probabilities[i]) last += 1;
    else if (last / (count - 1) > probabilities[i]) last -= 1;
    (labels[i] === 1 ? at.positive : at.negative)[last] += 1;
  }
  let [found, called, sum] = [0, 0, 0];
  for (let k = count - 1; k >= 0; k--) {
    found += at.positive[k];
    called += at.positive[k] + at.negative[k];
    if (at.positive[k] > 0) sum += (at.positive[k] * found) / called;
  }
  return sum / positives;
}

/** Without spreading: a curve may have millions of points. */
function after(first: number, rest: Float64Array): Float64Array {
  const all = new Float64Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}
