import { binaryCrossEntropy, binaryCrossEntropySlope, binaryEntropy, binaryEntropySlope, cellTermsOf, hillNegative, hillNegativeSlope, type CellLoss } from "../../math/index.ts";

/** Loss and slope of one cell. */
export interface Term {
  loss: number;
  slope: number;
}

/** Fills `out` for a logit and a target in [0, 1]. */
export type CellTerm = (logit: number, target: number, out: Term) => void;

/** -y log p - (1-y) log(1-p). */
export const crossEntropy: CellTerm = (logit, target, out) => {
  out.loss = binaryCrossEntropy(logit, target);
  out.slope = binaryCrossEntropySlope(logit, target);
};

/** A loss of the kernels: see CellLoss. */
export function kernelTerm(loss: CellLoss): CellTerm {
  const terms = cellTermsOf(loss);
  const full = { loss: 0, slope: 0, curvature: 0 };
  return (logit, target, out) => {
    terms(logit, target, full);
    out.loss = full.loss;
    out.slope = full.slope;
  };
}

/** -(1-p)^g log p for positives and -p^g log(1-p) for negatives. */
export function focalTerm(gamma: number): CellTerm {
  return kernelTerm({ kind: "asl", gammaPositive: gamma, gammaNegative: gamma, margin: 0, detachFocal: false });
}

/** target * (focal loss of a positive at logit - margin) + (1 - target) * negative(logit, 0). */
export function focalMarginTerm(gamma: number, margin: number, negative: CellTerm): CellTerm {
  const focal = focalTerm(gamma);
  const other: Term = { loss: 0, slope: 0 };
  return (logit, target, out) => {
    focal(logit - margin, 1, out);
    negative(logit, 0, other);
    out.loss = target * out.loss + (1 - target) * other.loss;
    out.slope = target * out.slope + (1 - target) * other.slope;
  };
}

/** (lambda - p) p^2, the loss of a negative. */
export function hillNegativeTerm(lambda: number): CellTerm {
  return (logit, _, out) => {
    out.loss = hillNegative(logit, lambda);
    out.slope = hillNegativeSlope(logit, lambda);
  };
}

/** -H(p), whatever the target: least where p is one half. */
export const negativeEntropy: CellTerm = (logit, _, out) => {
  out.loss = -binaryEntropy(logit);
  out.slope = -binaryEntropySlope(logit);
};
