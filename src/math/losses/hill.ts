import { sigmoid } from "./logistic.ts";

/**
 * The Hill loss of a negative: (lambda - p) p^2, p = sigmoid(s). For lambda = 1.5 its slope by p falls to nothing at p = 1, so that a "negative"
 * the model is sure is positive no longer pulls. Source: Zhang et al., "Simple and Robust Loss Design for Multi-Label Learning with Missing Labels".
 */
export function hillNegative(logit: number, lambda: number): number {
  const p = sigmoid(logit);
  return (lambda - p) * p * p;
}

/** The derivative of hillNegative by the logit: (2 lambda p - 3 p^2) p (1-p). */
export function hillNegativeSlope(logit: number, lambda: number): number {
  const p = sigmoid(logit);
  return (2 * lambda - 3 * p) * p * p * sigmoid(-logit);
}
