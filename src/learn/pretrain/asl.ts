import type { FixedStrategy } from "./strategy.ts";

/**
 * asl: as assume-negative-asl with the constants its authors publish: g+ 1, g- 4, margin .05 (CFT's base uses g+ 0).
 * The true gradient is used. Source: Ridnik et al., ICCV 2021.
 */
export const asl: FixedStrategy = {
  kind: "fixed",
  name: "asl",
  title: "unknown counts as negative, asymmetric loss with its authors' constants",
  source: "Ridnik et al. 2021",
  loss: { kind: "asl", gammaPositive: 1, gammaNegative: 4, margin: 0.05, detachFocal: false },
  unknown: { target: 0, weight: 1 },
};
