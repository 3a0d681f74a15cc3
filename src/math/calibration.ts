import { expected } from "../errors.ts";
import { binaryCrossEntropy, sigmoid } from "./losses/logistic.ts";

/** s -> slope * s + shift; slope > 0, so that no order (AP, AUROC) changes. */
export interface Calibration {
  readonly slope: number;
  readonly shift: number;
}

/** A slope below this would flatten every answer to one probability. */
const smallestSlope = 1e-3;

/**
 * Platt scaling: the (slope, shift) that minimise the mean log-loss of sigmoid(slope * s + shift), slope kept above 1e-3.
 *
 * logits (n), labels (n) 0/1. Targets are Platt's (n+ + 1)/(n+ + 2) and 1/(n- + 2), which keep separable scores from an infinite slope.
 * Newton's method on the two parameters with step halving. Needs a positive and a negative: throws otherwise.
 * Source: Platt 1999; Lin, Lin and Weng, Machine Learning 68 (2007) 267-276.
 */
export function plattScaling(logits: Float32Array | Float64Array, labels: Uint8Array): Calibration {
  const n = logits.length;
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (labels.length !== n || positives === 0 || positives === n) {
    throw expected("labels", `${n} labels with a positive and a negative`, { count: labels.length, positives });
  }
  const targetPositive = (positives + 1) / (positives + 2);
  const targetNegative = 1 / (n - positives + 2);
  const target = Float64Array.from(labels, (label) => (label === 1 ? targetPositive : targetNegative));
  const value = (slope: number, shift: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += binaryCrossEntropy(slope * logits[i] + shift, target[i]);
    return sum / n;
  };
  let slope = 1;
  let shift = 0;
  let best = value(slope, shift);
  for (let step = 0; step < 100; step++) {
    // A tiny ridge keeps the 2 x 2 system solvable when all logits are equal.
    let [gs, gb, hss, hsb, hbb] = [0, 0, 1e-12, 0, 1e-12];
    for (let i = 0; i < n; i++) {
      const p = sigmoid(slope * logits[i] + shift);
      const residual = p - target[i];
      const curvature = p * (1 - p);
      gs += residual * logits[i];
      gb += residual;
      hss += curvature * logits[i] * logits[i];
      hsb += curvature * logits[i];
      hbb += curvature;
    }
    const determinant = hss * hbb - hsb * hsb;
    let ds = determinant > 0 ? -(hbb * gs - hsb * gb) / determinant : 0;
    let db = determinant > 0 ? -(hss * gb - hsb * gs) / determinant : -gb / hbb;
    let moved = false;
    for (let halving = 0; halving < 40; halving++, ds /= 2, db /= 2) {
      const nextSlope = Math.max(smallestSlope, slope + ds);
      const next = value(nextSlope, shift + db);
      if (next < best) {
        moved = best - next > 1e-12;
        slope = nextSlope;
        shift += db;
        best = next;
        break;
      }
    }
    if (!moved) break;
  }
  return { slope, shift };
}
