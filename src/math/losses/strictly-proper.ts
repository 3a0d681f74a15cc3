import { sigmoid, softplus } from "./logistic.ts";

/** l+(z) = -log sigmoid(kp (z - bp)) / zp and l-(z) = -log sigmoid(-kn (z - bn)) / zn of a score z; all but the shifts above 0. */
export interface StrictlyProperSettings {
  readonly positiveScale: number;
  readonly positiveSlope: number;
  readonly positiveShift: number;
  readonly negativeScale: number;
  readonly negativeSlope: number;
  readonly negativeShift: number;
}

/**
 * The logit of the probability a score z stands for: at z the expected loss of a cell that is positive with probability p is least where
 * p l+'(z) + (1-p) l-'(z) = 0, so log(p / (1-p)) = log[kn zp sigmoid(kn (z - bn))] - log[kp zn sigmoid(-kp (z - bp))]. Strictly increasing in z.
 */
export function logitOfScore(score: number, settings: StrictlyProperSettings): number {
  const { positiveScale: zp, positiveSlope: kp, positiveShift: bp, negativeScale: zn, negativeSlope: kn, negativeShift: bn } = settings;
  return Math.log((kn * zp) / (kp * zn)) - softplus(-kn * (score - bn)) + softplus(kp * (score - bp));
}

/** The score z with logitOfScore(z) = logit, by Newton's method kept inside a bracket; to 1e-13 relative or absolute. */
export function scoreOfLogit(logit: number, settings: StrictlyProperSettings): number {
  let low = -1;
  let high = 1;
  while (logitOfScore(low, settings) > logit) low *= 2;
  while (logitOfScore(high, settings) < logit) high *= 2;
  let z = 0;
  for (let step = 0; step < 200; step++) {
    const off = logitOfScore(z, settings) - logit;
    if (off > 0) high = Math.min(high, z);
    else low = Math.max(low, z);
    let next = z - off / slopeOfScore(z, settings);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - z) <= 1e-13 * Math.max(1, Math.abs(next))) return next;
    z = next;
  }
  return z;
}

/**
 * The strictly proper asymmetric loss as a function of the logit of the predicted probability, target y in [0, 1]: y l+(z) + (1-y) l-(z) at the
 * score z the logit stands for. Its expectation is least at the true probability, so sigmoid(logit) is calibrated.
 * Source: Cheng and Vasconcelos, "Towards Calibrated Multi-label Deep Neural Networks", CVPR 2024.
 */
export function strictlyProperLoss(logit: number, target: number, settings: StrictlyProperSettings): { loss: number; slope: number } {
  const { positiveScale: zp, positiveSlope: kp, positiveShift: bp, negativeScale: zn, negativeSlope: kn, negativeShift: bn } = settings;
  const z = scoreOfLogit(logit, settings);
  const loss = (target * softplus(-kp * (z - bp))) / zp + ((1 - target) * softplus(kn * (z - bn))) / zn;
  const byScore = (-target * kp * sigmoid(-kp * (z - bp))) / zp + ((1 - target) * kn * sigmoid(kn * (z - bn))) / zn;
  return { loss, slope: byScore / slopeOfScore(z, settings) };
}

function slopeOfScore(z: number, { positiveSlope: kp, positiveShift: bp, negativeSlope: kn, negativeShift: bn }: StrictlyProperSettings): number {
  return kn * sigmoid(-kn * (z - bn)) + kp * sigmoid(kp * (z - bp));
}
