import type { FixedStrategy } from "./strategy.ts";

/**
 * ignore-asl: the asymmetric loss of `asl` (g+ 1, g- 4, margin .05) on known cells alone; unknown cells are left out. The true gradient is used.
 * Source: Ridnik et al., ICCV 2021, for the loss and its constants; Ben-Baruch et al., CVPR 2022, for leaving unknown cells out (their "ignore" mode).
 */
export const ignoreAsl: FixedStrategy = {
  kind: "fixed",
  name: "ignore-asl",
  title: "asymmetric loss on known cells only",
  source: "Ridnik et al. 2021",
  loss: { kind: "asl", gammaPositive: 1, gammaNegative: 4, margin: 0.05, detachFocal: false },
  unknown: null,
};
