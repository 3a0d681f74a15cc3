import { cellObjective, knownPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { knownPerImage, weightImages } from "./known-share.ts";
import { scoredStrategy } from "./strategy.ts";

/**
 * known-count: known cells only, an image's cells weighted by 1/(1 + k) + 1, k the number of its known cells: loss_c = sum of t w bce / sum of t w.
 * Source: the "normalize" switch of mlcpl and CSL's ignore_normalize_classes, which call it Durand's weighting; it is another function than durand's.
 */
export const knownCount = scoredStrategy({
  name: "known-count",
  title: "binary cross-entropy on known cells, weighted by 1/(1+k)+1 for an image with k of them",
  source: "Ben-Baruch et al. 2022 (code)",
  usesUnknown: false,
  defaults: {},
  rules: {},
  make: (cells) => {
    const plan = knownPlan(cells);
    weightImages(cells, plan, knownPerImage(cells).map((known) => 1 / (1 + known) + 1));
    return cellObjective({ cells, plan, terms: [crossEntropy], divisor: "taken" });
  },
});
