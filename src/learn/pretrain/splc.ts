import { sigmoid } from "../../math/index.ts";
import { cellObjective, fillUnknown, forUnknown, knownPlan, setCell } from "./cell-objective.ts";
import { focalMarginTerm, focalTerm } from "./cell-terms.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * splc (self-paced loss correction): unknown cells are taken as negative under the focal loss p^gamma (-log(1-p)); from the second round on those with p > tau at its beginning are
 * taken as positive, -(1-p)^gamma log p. Known positives have a margin: p_m = sigmoid(s - margin). tau .6 (.65 with 75 % of labels left), margin 1, gamma 2.
 * loss_c = sum of t loss / [sum of t + number unknown]. The authors decide anew in every step after the first epoch; here at the beginning of each of 5 rounds (ours). Known
 * negatives stay negative: theirs are unknown. Source: Zhang et al. (2021).
 */
export const splc = scoredStrategy({
  name: "splc",
  title: "unknown counts as negative, or as positive once the model says so (SPLC)",
  source: "Zhang et al. 2021",
  usesUnknown: true,
  defaults: { tau: 0.6, margin: 1, gamma: 2, rounds: 5 },
  rules: { tau: rule.share, margin: rule.notNegative, gamma: rule.notNegative, rounds: rule.rounds },
  make: (cells, { tau, margin, gamma, rounds }) => {
    const focal = focalTerm(gamma);
    const plan = knownPlan(cells, 1);
    fillUnknown(cells, plan, 0, 0);
    return cellObjective({
      cells,
      plan,
      terms: [focal, focalMarginTerm(gamma, margin, focal)],
      divisor: totalTrust(cells),
      rounds,
      begin: (round, logits) => {
        if (round > 0) forUnknown(cells, (cell) => setCell(plan, cell, 0, sigmoid(logits[cell]) > tau ? 1 : 0));
      },
    });
  },
});
