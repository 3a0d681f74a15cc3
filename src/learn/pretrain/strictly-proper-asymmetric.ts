import { strictlyProperLoss } from "../../math/index.ts";
import { cellObjective, knownPlan } from "./cell-objective.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { knownTrust } from "./strategy-cells.ts";

/**
 * spa (strictly proper asymmetric loss): known cells only, by l+(z) = -log sigmoid(kp (z - bp)) / zp and l-(z) = -log sigmoid(-kn (z - bn)) / zn of a score z, whose
 * probability is that for which z is the best answer; zp 1, kp 1, bp 0, zn 5, kn 3, bn 1. loss_c = sum of t loss / sum of t.
 *
 * A head here must answer through a plain sigmoid, so it is the logit of that probability which is linear in the features, and z follows from it (math/losses/strictly-proper.ts);
 * the paper makes z linear and turns it into a probability at the end. Either way the loss is least at the true probability. mlcpl's version feeds the linked
 * probability back into the logistic terms in place of z, which makes it another loss that is not proper; not followed. The paper's label-pair regulariser is left out.
 * Source: Cheng and Vasconcelos, CVPR 2024.
 */
export const strictlyProperAsymmetric = scoredStrategy({
  name: "spa",
  title: "strictly proper asymmetric loss on known cells only",
  source: "Cheng and Vasconcelos 2024",
  usesUnknown: false,
  defaults: { positiveScale: 1, positiveSlope: 1, positiveShift: 0, negativeScale: 5, negativeSlope: 3, negativeShift: 1 },
  rules: {
    positiveScale: rule.positive,
    positiveSlope: rule.positive,
    positiveShift: rule.finite,
    negativeScale: rule.positive,
    negativeSlope: rule.positive,
    negativeShift: rule.finite,
  },
  make: (cells, settings) =>
    cellObjective({
      cells,
      plan: knownPlan(cells),
      terms: [
        (logit, target, out) => {
          const { loss, slope } = strictlyProperLoss(logit, target, settings);
          out.loss = loss;
          out.slope = slope;
        },
      ],
      divisor: knownTrust(cells),
    }),
});
