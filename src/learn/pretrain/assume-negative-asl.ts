import type { FixedStrategy } from "./strategy.ts";

/**
 * assume-negative-asl: unknown cells are taken as negative under the asymmetric loss:
 * positive -(1-p)^g+ log p, negative -(p_m)^g- log(1-p_m), p_m = max(p - margin, 0); g+ 0, g- 4, margin .05 (the paper's base).
 * The true gradient is used, focal factor included, so that there is one function to minimise.
 * Source: Ridnik et al., ICCV 2021; FIELD.md 1.3 for the constants.
 */
export const assumeNegativeAsl: FixedStrategy = {
  kind: "fixed",
  name: "assume-negative-asl",
  title: "unknown counts as negative, asymmetric loss",
  source: "Ridnik et al. 2021",
  loss: { kind: "asl", gammaPositive: 0, gammaNegative: 4, margin: 0.05, detachFocal: false },
  unknown: { target: 0, weight: 1 },
};
