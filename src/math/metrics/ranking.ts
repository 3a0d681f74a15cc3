import { expected } from "../../errors.ts";

/** Scores in descending order, equal ones in one tie group, so that a score vector is sorted once and judged many times. */
export interface Ranking {
  /** (n): positions in the score vector, best first. */
  readonly order: Uint32Array;
  /** (n): 1 where the score at this place is the last of its tie group. */
  readonly groupEnd: Uint8Array;
}

type Numbers = Float32Array | Float64Array | readonly number[];
type Bits = Uint8Array | readonly number[];

/** Sorts (n) scores best first; -0 equals 0. Throws on NaN, which has no place in an order. */
export function sortForRanking(scores: Numbers): Ranking {
  const n = scores.length;
  for (let i = 0; i < n; i++) if (Number.isNaN(scores[i])) throw expected("scores", "numbers", `NaN at position ${i}`);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const groupEnd = new Uint8Array(n);
  for (let place = 0; place < n; place++) groupEnd[place] = place === n - 1 || scores[order[place]] !== scores[order[place + 1]] ? 1 : 0;
  return { order, groupEnd };
}

/**
 * Average precision: the sum over distinct scores, best first, of (R_k - R_(k-1)) * P_k; the step sum, not the trapezoid; ties grouped.
 * scores (n), labels (n) 0/1. NaN without a positive or without a negative. Equals scikit-learn's average_precision_score.
 */
export function averagePrecision(scores: Numbers, labels: Bits): number {
  return averagePrecisionWithWeights(sortForRanking(scores), labels, null);
}

/** The same where image i counts weights[i] times (0 leaves it out); null: every image once. */
export function averagePrecisionWithWeights({ order, groupEnd }: Ranking, labels: Bits, weights: ArrayLike<number> | null): number {
  let positives = 0;
  let negatives = 0;
  let tied = 0;
  let sum = 0;
  for (let place = 0; place < order.length; place++) {
    const i = order[place];
    const weight = weights === null ? 1 : weights[i];
    if (labels[i] === 1) tied += weight;
    else negatives += weight;
    if (groupEnd[place] === 1) {
      positives += tied;
      if (tied > 0) sum += (tied * positives) / (positives + negatives);
      tied = 0;
    }
  }
  return positives > 0 && negatives > 0 ? sum / positives : Number.NaN;
}

/**
 * Area under the ROC curve = (pairs ordered rightly + half the ties) / (P * N). scores (n), labels (n) 0/1.
 * NaN without a positive or without a negative. Equals scikit-learn's roc_auc_score.
 */
export function areaUnderRoc(scores: Numbers, labels: Bits): number {
  return areaUnderRocWithWeights(sortForRanking(scores), labels, null);
}

/** The same where image i counts weights[i] times; null: every image once. */
export function areaUnderRocWithWeights({ order, groupEnd }: Ranking, labels: Bits, weights: ArrayLike<number> | null): number {
  let positives = 0;
  let negatives = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  let pairs = 0;
  for (let place = 0; place < order.length; place++) {
    const i = order[place];
    const weight = weights === null ? 1 : weights[i];
    if (labels[i] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (groupEnd[place] === 1) {
      pairs += tiedNegatives * (positives + tiedPositives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
  }
  return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : Number.NaN;
}
