type Numbers = Float32Array | Float64Array | readonly number[];
type Bits = Uint8Array | readonly number[];

/** Whether the scores are logits or probabilities is said by the caller, never guessed. */
export interface ScoreKind {
  readonly from: "logits" | "probabilities";
}

/** Bins of equal width over [0, 1], closed on the right (the first also on the left). */
export interface BinnedCalibration {
  readonly count: Float64Array;
  /** Sums over the bin of probability and of label. */
  readonly probability: Float64Array;
  readonly positive: Float64Array;
}

export const calibrationBins = 15;

/** Sorts (n) scores into `bins` bins by probability. */
export function binCalibration(scores: Numbers, labels: Bits, { from, bins = calibrationBins }: ScoreKind & { readonly bins?: number }): BinnedCalibration {
  const count = new Float64Array(bins);
  const probability = new Float64Array(bins);
  const positive = new Float64Array(bins);
  for (let i = 0; i < scores.length; i++) {
    const p = from === "logits" ? 1 / (1 + Math.exp(-scores[i])) : scores[i];
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1));
    count[bin] += 1;
    probability[bin] += p;
    positive[bin] += labels[i];
  }
  return { count, probability, positive };
}

/** Expected calibration error = sum over bins of (n_b/n) * |mean probability - share of positives|; NaN without a cell. */
export function expectedCalibrationError(scores: Numbers, labels: Bits, options: ScoreKind & { readonly bins?: number }): number {
  const { probability, positive } = binCalibration(scores, labels, options);
  let sum = 0;
  for (let bin = 0; bin < probability.length; bin++) sum += Math.abs(probability[bin] - positive[bin]);
  return scores.length === 0 ? Number.NaN : sum / scores.length;
}

/** Brier score = mean of (p - y)^2; NaN without a cell. */
export function brierScore(scores: Numbers, labels: Bits, { from }: ScoreKind): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const p = from === "logits" ? 1 / (1 + Math.exp(-scores[i])) : scores[i];
    sum += (p - labels[i]) ** 2;
  }
  return scores.length === 0 ? Number.NaN : sum / scores.length;
}
