import { cellObjective, fillUnknown, knownPlan, LEFT_OUT, setCell } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { extremeCells, unknownCells } from "./extreme-cells.ts";
import { rule, scoredStrategy, type ScoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

type Remedy = "reject" | "correct for the round" | "correct for good";

/**
 * ll-r, ll-ct, ll-cp (large loss matters): unknown cells are taken as negative by cross-entropy; a large loss among them is a likely false negative, since a model learns
 * what is right before what is wrong. With N all cells (images x categories), in round t = 1, 2, ... the ceil(N (t-1) delta) unknown cells of largest loss are left out (ll-r) or
 * taken as positive (ll-ct), decided anew each round; ll-cp takes ceil(N delta) more as positive each round from the second on, for good.
 * loss_c = sum of t bce / [sum of t + number unknown], rejected cells counting in the mean as they do in the authors' code. 10 rounds; delta .002: the paper uses
 * .001 to .005 an epoch by data set. An epoch of mini-batches is a round over the whole set, solved to its end; the largest are those of the whole set, not of a batch.
 * Source: Kim et al., "Large Loss Matters in Weakly Supervised Multi-Label Classification", CVPR 2022.
 */
function largeLoss(name: string, title: string, remedy: Remedy): ScoredStrategy {
  return scoredStrategy({
    name,
    title,
    source: "Kim et al. 2022",
    usesUnknown: true,
    defaults: { delta: 0.002, rounds: 10 },
    rules: { delta: rule.share, rounds: rule.rounds },
    make: (cells, { delta, rounds }) => {
      const plan = knownPlan(cells);
      fillUnknown(cells, plan, 0, 0);
      const unknown = unknownCells(cells);
      const count = (steps: number): number => Math.ceil(cells.images * cells.categories * steps * delta);
      return cellObjective({
        cells,
        plan,
        terms: [crossEntropy],
        divisor: totalTrust(cells),
        rounds,
        begin: (round, logits) => {
          if (round === 0) return;
          const forGood = remedy === "correct for good";
          if (!forGood) fillUnknown(cells, plan, 0, 0);
          // The loss of a negative grows with its logit, so the largest losses are the largest logits.
          const candidates = forGood ? unknown.filter((cell) => plan.target[cell] === 0) : unknown;
          const largest = extremeCells(cells, candidates, logits, count(forGood ? 1 : round));
          for (const cell of largest) setCell(plan, cell, remedy === "reject" ? LEFT_OUT : 0, remedy === "reject" ? 0 : 1);
        },
      });
    },
  });
}

export const largeLossRejection = largeLoss("ll-r", "unknown counts as negative, except where the loss is largest", "reject");
export const largeLossCorrectionTemporary = largeLoss("ll-ct", "unknown counts as negative, or as positive where the loss is largest, decided each round", "correct for the round");
export const largeLossCorrectionPermanent = largeLoss("ll-cp", "unknown counts as negative, and step by step as positive where the loss is largest", "correct for good");
