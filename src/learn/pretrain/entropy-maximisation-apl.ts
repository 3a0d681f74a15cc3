import { sigmoid } from "../../math/index.ts";
import { cellObjective, fillUnknown, knownPlan, setCell } from "./cell-objective.ts";
import { crossEntropy, negativeEntropy } from "./cell-terms.ts";
import { extremeCells, unknownCells } from "./extreme-cells.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * em-apl (entropy maximisation with asymmetric pseudo-labelling): as em; after `warmUp` of `rounds` rounds, each round turns floor(share * U_c / (rounds - warmUp)) more of
 * every category's unknown cells, those of lowest logit, into soft negatives for good: beta * bce with the target p they had then. Only negatives are invented: the asymmetry.
 * alpha .1, beta .9, warmUp 5, share .9 (COCO; VOC .2 .02 5, NUS .1 .2 4, CUB .01 .4 3), 10 rounds. U_c is the number unknown at the start.
 * A published epoch is a round solved to its end. Source: Zhou et al., ECCV 2022.
 */
export const entropyMaximisationApl = scoredStrategy({
  name: "em-apl",
  title: "unknown cells are held at doubt, then the least likely become soft negatives",
  source: "Zhou et al. 2022",
  usesUnknown: true,
  defaults: { alpha: 0.1, beta: 0.9, warmUp: 5, share: 0.9, rounds: 10 },
  rules: { alpha: rule.notNegative, beta: rule.notNegative, warmUp: rule.rounds, share: rule.share, rounds: rule.rounds },
  make: (cells, { alpha, beta, warmUp, share, rounds }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 1, 0.5, alpha);
    const left = Array.from({ length: cells.categories }, (_, c) => unknownCells(cells, c));
    const step = left.map((list) => Math.floor((share * list.length) / Math.max(1, rounds - warmUp)));
    const turn = (logits: Float32Array): void => {
      left.forEach((list, c) => {
        for (const cell of extremeCells(cells, list, logits, step[c], true)) setCell(plan, cell, 0, sigmoid(logits[cell]), beta);
        left[c] = list.filter((cell) => plan.role[cell] === 1);
      });
    };
    return cellObjective({
      cells,
      plan,
      terms: [crossEntropy, negativeEntropy],
      divisor: totalTrust(cells),
      rounds,
      begin: (round, logits) => {
        if (round >= warmUp) turn(logits);
      },
      // A soft negative is a negative to the strategy, whatever its target.
      answer: (cell) => (plan.role[cell] === 0 ? 0 : null),
    });
  },
});
