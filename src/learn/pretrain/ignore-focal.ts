import type { FixedStrategy } from "./strategy.ts";

/**
 * ignore-focal: the focal loss of `focal` (g 2 on both sides) on known cells alone; unknown cells are left out. The true gradient is used.
 * Source: Lin et al., ICCV 2017, for the loss and g = 2 (mlcpl's default is 1).
 */
export const ignoreFocal: FixedStrategy = {
  kind: "fixed",
  name: "ignore-focal",
  title: "focal loss on known cells only",
  source: "Lin et al. 2017",
  loss: { kind: "asl", gammaPositive: 2, gammaNegative: 2, margin: 0, detachFocal: false },
  unknown: null,
};
