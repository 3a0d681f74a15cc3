import { cellObjective, fillUnknown, knownPlan } from "./cell-objective.ts";
import { focalMarginTerm, hillNegativeTerm } from "./cell-terms.ts";
import { rule, scoredStrategy } from "./strategy.ts";
import { totalTrust } from "./strategy-cells.ts";

/**
 * hill: unknown cells are taken as negative under a loss that lets go of negatives the model is sure are positive: negative (lambda - p) p^2, positive
 * -(1 - p_m)^gamma log p_m with p_m = sigmoid(s - margin); lambda 1.5, margin 1, gamma 2. loss_c = sum of t loss / [sum of t + number unknown].
 * Source: Zhang et al., "Simple and Robust Loss Design for Multi-Label Learning with Missing Labels" (2021).
 */
export const hill = scoredStrategy({
  name: "hill",
  title: "unknown counts as negative under a loss that lets likely positives go (Hill)",
  source: "Zhang et al. 2021",
  usesUnknown: true,
  defaults: { lambda: 1.5, margin: 1, gamma: 2 },
  rules: { lambda: rule.positive, margin: rule.notNegative, gamma: rule.notNegative },
  make: (cells, { lambda, margin, gamma }) => {
    const plan = knownPlan(cells);
    fillUnknown(cells, plan, 0, 0);
    return cellObjective({ cells, plan, terms: [focalMarginTerm(gamma, margin, hillNegativeTerm(lambda))], divisor: totalTrust(cells) });
  },
});
