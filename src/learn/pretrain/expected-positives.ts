import { cellObjective, knownPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { addCountPenalty, estimatedPositives } from "./expected-count.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * epr (expected positive regularisation): known cells by cross-entropy; unknown cells speak only through the number of positives per image they are expected to make up:
 * sum_c [sum over known of t bce / (sum of t + number unknown)] + ((1/n) sum_ic p_ic - k)^2 / C. k = expectedPositives: VOC 1.5, COCO 2.9, NUS 1.9, CUB 31.4; 0 (default): estimated from
 * the labels (expected-count.ts). The mean is over all images instead of a mini-batch. The paper's images have one positive and nothing else known; known negatives here count.
 * Source: Cole et al., CVPR 2021, with exact logarithms in place of log(x + 1e-5).
 */
export const expectedPositiveRegularisation = scoredStrategy({
  name: "epr",
  title: "known cells, and the expected number of positives per image",
  source: "Cole et al. 2021",
  usesUnknown: true,
  defaults: { expectedPositives: 0 },
  rules: { expectedPositives: rule.notNegative },
  make: (cells, { expectedPositives }) => {
    const known = cellObjective({ cells, plan: knownPlan(cells), terms: [crossEntropy], divisor: totalTrust(cells) });
    const k = expectedPositives > 0 ? expectedPositives : estimatedPositives(cells);
    return {
      ...known,
      coupled: true,
      evaluate: (logits, active, loss, slope) => {
        known.evaluate(logits, active, loss, slope);
        addCountPenalty(cells, logits, k, 1, loss, slope);
      },
    };
  },
});
