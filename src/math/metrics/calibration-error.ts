import { probabilitiesOf, type ScoreKind } from "./binary-problem.ts";
import type { Bits, Numbers } from "./descending-order.ts";

/** Bins of equal width over [0, 1], closed on the right (the first also on the left). */
export interface BinnedCalibration {
  readonly count: Float64Array;
  /** Sums over the bin of probability and of label. */
  readonly probability: Float64Array;
  readonly positive: Float64Array;
}

/** Whether scores are logits or probabilities, and into how many bins they go (`calibrationBins` when absent). */
export type BinOptions = ScoreKind & { readonly bins?: number };

/** Bins of equal width of the calibration errors where nothing else is asked for. */
export const calibrationBins = 15;

/** Sorts (n) scores, with their labels (n), into `bins` bins of equal width by probability (default 15). */
export function binCalibration(scores: Numbers, labels: Bits, { from, bins = calibrationBins }: BinOptions): BinnedCalibration {
  return binProbabilities(probabilitiesOf(scores, { from }), labels, bins);
}

/** Sorts (n) probabilities in [0, 1], with their labels (n), into `bins` bins of equal width. */
export function binProbabilities(probabilities: Float64Array, labels: Bits, bins: number): BinnedCalibration {
  const count = new Float64Array(bins);
  const probability = new Float64Array(bins);
  const positive = new Float64Array(bins);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = calibrationBin(probabilities[i], bins);
    count[bin] += 1;
    probability[bin] += probabilities[i];
    positive[bin] += labels[i];
  }
  return { count, probability, positive };
}

/** The bin b of 0 .. bins-1 with b/bins < p <= (b+1)/bins; 0 for p = 0. */
export function calibrationBin(probability: number, bins: number): number {
  const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
  // Rounding may put the product on the wrong side of an edge: the comparison decides.
  if (bin > 0 && probability <= bin / bins) return bin - 1;
  if (bin < bins - 1 && probability > (bin + 1) / bins) return bin + 1;
  return bin;
}

/** Expected calibration error = sum over bins of (n_b/n) * |mean probability - share of positives|; NaN without a cell. */
export function expectedCalibrationError(scores: Numbers, labels: Bits, options: BinOptions): number {
  return expectedGap(binCalibration(scores, labels, options));
}

// The gap of bin b is |mean probability - share of positives|; empty bins have none. Each is NaN where all bins are empty.

/** sum over bins of (n_b/n) * gap_b: the expected (l1) calibration error. */
export function expectedGap({ count, probability, positive }: BinnedCalibration): number {
  let sum = 0;
  for (let bin = 0; bin < count.length; bin++) sum += Math.abs(probability[bin] - positive[bin]);
  return sum / total(count);
}

/** sqrt(sum over bins of (n_b/n) * gap_b^2): the root mean square (l2) calibration error. */
export function rootMeanSquareGap(binned: BinnedCalibration): number {
  const { count } = binned;
  let sum = 0;
  for (let bin = 0; bin < count.length; bin++) if (count[bin] > 0) sum += count[bin] * gap(binned, bin) ** 2;
  return Math.sqrt(sum / total(count));
}

/** max over bins of gap_b: the maximum calibration error. */
export function maximumGap(binned: BinnedCalibration): number {
  let most = Number.NaN;
  for (let bin = 0; bin < binned.count.length; bin++) if (binned.count[bin] > 0 && !(gap(binned, bin) <= most)) most = gap(binned, bin);
  return most;
}

/** The plain mean of gap_b over the bins that hold a cell: the average calibration error. */
export function averageGap(binned: BinnedCalibration): number {
  let [sum, filled] = [0, 0];
  for (let bin = 0; bin < binned.count.length; bin++) {
    if (binned.count[bin] === 0) continue;
    sum += gap(binned, bin);
    filled += 1;
  }
  return sum / filled;
}

/** Brier score of (n) scores: the mean of (p - y)^2, p the probability, in [0, 1]; NaN without a cell. Source: Brier, Monthly Weather Review 78 (1950). */
export function brierScore(scores: Numbers, labels: Bits, { from }: ScoreKind): number {
  return meanSquare(probabilitiesOf(scores, { from }), labels);
}

/** Brier score of (n) probabilities: the mean of (p - y)^2, in [0, 1]; NaN without a cell. */
export function meanSquare(probabilities: Float64Array, labels: Bits): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) sum += (probabilities[i] - labels[i]) ** 2;
  return sum / probabilities.length;
}

function gap({ count, probability, positive }: BinnedCalibration, bin: number): number {
  return Math.abs(probability[bin] - positive[bin]) / count[bin];
}

function total(count: Float64Array): number {
  return count.reduce((sum, cells) => sum + cells, 0);
}
