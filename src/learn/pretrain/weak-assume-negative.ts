import { cellObjective, fillUnknown, knownPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * wan (weak assume-negative): unknown cells are taken as negative with weight gamma, by default 1/(C-1): one positive of an image then weighs as much as all its other cells.
 * loss_c = [sum over known of t bce + gamma sum over unknown of -log(1-p)] / [sum of t + number unknown]. Known negatives keep their trust:
 * the paper's images have one positive and nothing else known. gamma 0 here means 1/(C-1); with one category it is 1.
 * Source: Cole et al., CVPR 2021.
 */
export const weakAssumeNegative = scoredStrategy({
  name: "wan",
  title: "unknown counts as negative, weakly: weight 1/(C-1)",
  source: "Cole et al. 2021",
  usesUnknown: true,
  defaults: { gamma: 0 },
  rules: { gamma: rule.share },
  make: (cells, { gamma }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 0, 0, gamma > 0 ? gamma : 1 / Math.max(1, cells.categories - 1));
    return cellObjective({ cells, plan, terms: [crossEntropy], divisor: totalTrust(cells) });
  },
});
