/** From which score on the answer is yes: what a version was made with, or what people chose for it since. */

/**
 * The logit at or above which the probability is at least p (0 .. 1): ln(p / (1 - p)); -Infinity at 0, Infinity at 1. A little less than that, by what a probability near 1 is rounded by: a score whose own probability p is
 * must not fall below it.
 */
export function thresholdAt(p: number): number {
  const logit = Math.log(p / (1 - p));
  return Number.isFinite(logit) ? logit - 1e-9 * Math.max(1, Math.abs(logit)) - (2 * Number.EPSILON) / (1 - p) : logit;
}
