import { expected } from "../../errors.ts";
import { descendingOrder, type Bits, type Numbers } from "./descending-order.ts";

/** Scores in descending order, equal ones in one tie group, so that a score vector is sorted once and judged many times. */
export interface Ranking {
  /** (n): positions in the score vector, best first. */
  readonly order: Uint32Array;
  /** (n): 1 where the score at this place is the last of its tie group. */
  readonly groupEnd: Uint8Array;
}

/** Sorts (n) scores best first, equal ones by position; -0 equals 0. Throws on NaN, which has no place in an order. */
export function sortForRanking(scores: Numbers): Ranking {
  const n = scores.length;
  for (let i = 0; i < n; i++) if (Number.isNaN(scores[i])) throw expected("scores", "numbers", `NaN at position ${i}`);
  const order = descendingOrder(scores);
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

/**
 * Average precision of (n) ranked images where image i counts weights[i] times (0 leaves it out); null: every image once. In [0, 1]; NaN where no
 * positive or no negative counts.
 */
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

/**
 * Area under the ROC curve of (n) ranked images where image i counts weights[i] times (0 leaves it out), a tie as one half; null: every image once. NaN
 * where no positive or no negative counts.
 */
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

/** Multiplicities of R bootstrap replicates: those of image i are multiplicity[i*R .. i*R+R-1]. */
export interface Replicates {
  readonly count: number;
  readonly multiplicity: Uint16Array;
}

/**
 * averagePrecisionWithWeights for every replicate (R), in one walk down the ranking instead of R.
 * image (n): the image of each score, by its place among the replicates' images; labels (n) 0/1.
 */
export function replicatedAveragePrecision({ order, groupEnd }: Ranking, labels: Uint8Array, image: Uint32Array, { count: R, multiplicity }: Replicates): Float64Array {
  const positives = new Float64Array(R);
  const negatives = new Float64Array(R);
  const tied = new Float64Array(R);
  const sum = new Float64Array(R);
  let positiveInGroup = false;
  for (let place = 0; place < order.length; place++) {
    const i = order[place];
    const at = image[i] * R;
    if (labels[i] === 1) {
      positiveInGroup = true;
      for (let r = 0; r < R; r++) tied[r] = tied[r] + multiplicity[at + r];
    } else {
      for (let r = 0; r < R; r++) negatives[r] = negatives[r] + multiplicity[at + r];
    }
    if (groupEnd[place] === 0 || !positiveInGroup) continue;
    positiveInGroup = false;
    for (let r = 0; r < R; r++) {
      const gained = tied[r];
      if (gained === 0) continue;
      positives[r] = positives[r] + gained;
      sum[r] = sum[r] + (gained * positives[r]) / (positives[r] + negatives[r]);
      tied[r] = 0;
    }
  }
  return sum.map((total, r) => (positives[r] > 0 && negatives[r] > 0 ? total / positives[r] : Number.NaN));
}

/** areaUnderRocWithWeights for every replicate (R); arguments as in replicatedAveragePrecision. */
export function replicatedAreaUnderRoc({ order, groupEnd }: Ranking, labels: Uint8Array, image: Uint32Array, { count: R, multiplicity }: Replicates): Float64Array {
  const positives = new Float64Array(R);
  const negatives = new Float64Array(R);
  const tiedPositives = new Float64Array(R);
  const tiedNegatives = new Float64Array(R);
  const pairs = new Float64Array(R);
  for (let place = 0; place < order.length; place++) {
    const i = order[place];
    const at = image[i] * R;
    const tied = labels[i] === 1 ? tiedPositives : tiedNegatives;
    for (let r = 0; r < R; r++) tied[r] = tied[r] + multiplicity[at + r];
    if (groupEnd[place] === 0) continue;
    for (let r = 0; r < R; r++) {
      pairs[r] = pairs[r] + tiedNegatives[r] * (positives[r] + tiedPositives[r] / 2);
      positives[r] = positives[r] + tiedPositives[r];
      negatives[r] = negatives[r] + tiedNegatives[r];
      tiedPositives[r] = 0;
      tiedNegatives[r] = 0;
    }
  }
  return pairs.map((total, r) => (positives[r] > 0 && negatives[r] > 0 ? total / (positives[r] * negatives[r]) : Number.NaN));
}
