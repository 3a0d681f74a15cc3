import { cellObjective, fillUnknown, knownPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * label-smoothing (AN-LS): unknown cells are taken as negative, and every cell's loss is (1-e) of its own term and e of the opposite: targets 1-e and e; e = .1.
 * loss_c = sum of t bce(target) / [sum of t + number unknown]. Source: Cole et al., CVPR 2021.
 */
export const labelSmoothing = scoredStrategy({
  name: "label-smoothing",
  title: "unknown counts as negative, all targets softened by .1",
  source: "Cole et al. 2021",
  usesUnknown: true,
  defaults: { epsilon: 0.1 },
  rules: { epsilon: ["a number in [0, .5)", (value: number) => value >= 0 && value < 0.5] },
  make: (cells, { epsilon }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 0, 0);
    for (let cell = 0; cell < plan.target.length; cell++) plan.target[cell] = epsilon + (1 - 2 * epsilon) * plan.target[cell];
    return cellObjective({ cells, plan, terms: [crossEntropy], divisor: totalTrust(cells) });
  },
});
