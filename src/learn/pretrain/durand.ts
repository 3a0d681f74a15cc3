import { cellObjective, knownPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { knownPerImage, weightImages } from "./known-share.ts";

/**
 * durand: known cells only, an image's cells weighted by g(rho) = alpha rho^gamma + beta, rho the share of its cells that are known, so that an image with few
 * labels is not drowned: loss_c = (1/n) sum over known i of t g(rho_i) bce. alpha -4.45, beta 5.45, gamma 1: g(.1) = 5, g(1) = 1.
 * Source: Durand et al., CVPR 2019, whose loss of an image is g(rho)/C * sum of its known cells; C times the mean over images is the sum over c above.
 */
export const durand = scoredStrategy({
  name: "durand",
  title: "binary cross-entropy on known cells, images with few of them weighted up",
  source: "Durand et al. 2019",
  usesUnknown: false,
  defaults: { alpha: -4.45, beta: 5.45, gamma: 1 },
  rules: { alpha: rule.finite, beta: rule.finite, gamma: rule.positive },
  make: (cells, { alpha, beta, gamma }) => {
    const plan = knownPlan(cells);
    weightImages(cells, plan, knownPerImage(cells).map((known) => Math.max(0, alpha * (known / cells.categories) ** gamma + beta)));
    return cellObjective({ cells, plan, terms: [crossEntropy], divisor: new Float64Array(cells.categories).fill(cells.images) });
  },
});
