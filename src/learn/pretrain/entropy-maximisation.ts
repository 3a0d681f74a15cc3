import { cellObjective, fillUnknown, knownPlan } from "./cell-objective.ts";
import { crossEntropy, negativeEntropy } from "./cell-terms.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * em (entropy maximisation): known cells by cross-entropy; an unknown cell adds -alpha H(p), which holds it at doubt instead of calling it negative.
 * loss_c = [sum over known of t bce - alpha sum over unknown of H(p)] / [sum of t + number unknown]; alpha by data set: VOC .2, COCO .1 (default), NUS .1, CUB .01.
 * The paper's images have one positive and nothing else known; known negatives here count by cross-entropy.
 * Source: Zhou et al., ECCV 2022, with exact logarithms in place of log(x + 1e-5).
 */
export const entropyMaximisation = scoredStrategy({
  name: "em",
  title: "unknown cells are held at doubt (maximum entropy)",
  source: "Zhou et al. 2022",
  usesUnknown: true,
  defaults: { alpha: 0.1 },
  rules: { alpha: rule.notNegative },
  make: (cells, { alpha }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 1, 0.5, alpha);
    return cellObjective({ cells, plan, terms: [crossEntropy, negativeEntropy], divisor: totalTrust(cells) });
  },
});
