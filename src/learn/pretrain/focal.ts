import type { FixedStrategy } from "./strategy.ts";

/**
 * focal: unknown cells are taken as negative under the focal loss: positive -(1-p)^g log p, negative -p^g log(1-p); g = 2. The true gradient is used.
 * Source: Lin et al., ICCV 2017, for the loss and g = 2 (mlcpl's default is 1).
 */
export const focal: FixedStrategy = {
  kind: "fixed",
  name: "focal",
  title: "unknown counts as negative, focal loss",
  source: "Lin et al. 2017",
  loss: { kind: "asl", gammaPositive: 2, gammaNegative: 2, margin: 0, detachFocal: false },
  unknown: { target: 0, weight: 1 },
};
