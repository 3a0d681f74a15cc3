import type { FixedStrategy } from "./strategy.ts";

/**
 * ignore (partial BCE): mean over known cells of -[y log p + (1-y) log(1-p)]; unknown cells are left out.
 * Normalised by each category's own number of known cells. Source: FIELD.md 3; Durand et al., CVPR 2019, without their re-weighting.
 */
export const ignore: FixedStrategy = {
  kind: "fixed",
  name: "ignore",
  title: "binary cross-entropy on known cells only",
  source: "Durand et al. 2019",
  loss: { kind: "bce" },
  unknown: null,
};
