import { rankingObjective, type KnownScores } from "./known-cells-objective.ts";
import { scoredStrategy } from "./strategy.ts";

/**
 * ap-loss (a smooth surrogate of average precision, SOAP): known cells only; for each category 1 - sum over positives i of (t_i / sum of t) A_i / B_i,
 * A_i = sum over positives j of t_j (1 - p_i + p_j)^2, B_i the same over all known cells: squared hinges of margin 1 in place of the counts of cells ranked at least as high. The hinge is always open, as
 * p_i - p_j < 1, so sums of p and p^2 are enough. Published: mini-batches with moving averages of A_i and B_i; a full batch has them exactly. The round before is cross-entropy on known cells.
 * Source: Qi et al., NeurIPS 2021 (LibAUC's APLoss and, averaged over categories, its mAPLoss).
 */
export const averagePrecisionLoss = scoredStrategy({
  name: "ap-loss",
  title: "known cells only, a smooth surrogate of average precision",
  source: "Qi et al. 2021",
  usesUnknown: false,
  defaults: {},
  rules: {},
  make: (cells) => rankingObjective(cells, surrogate),
});

function surrogate({ p, positive, trust, slope }: KnownScores): number {
  // Sums of t, t p and t p^2 over positives and over all.
  const own = [0, 0, 0];
  const all = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const terms = [trust[i], trust[i] * p[i], trust[i] * p[i] * p[i]];
    terms.forEach((term, power) => {
      all[power] += term;
      if (positive[i] === 1) own[power] += term;
    });
  }
  let value = 0;
  // Sums over positives of w/B, w u/B, w A/B^2, w u A/B^2, with u = 1 - p_i.
  let [byB, uByB, aByB, uaByB] = [0, 0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    if (positive[i] === 0) continue;
    const w = trust[i] / own[0];
    const u = 1 - p[i];
    const a = u * u * own[0] + 2 * u * own[1] + own[2];
    const b = u * u * all[0] + 2 * u * all[1] + all[2];
    const slopeA = 2 * (u * own[0] + own[1]);
    const slopeB = 2 * (u * all[0] + all[1]);
    value += (w * a) / b;
    slope[i] += (w * (slopeA * b - a * slopeB)) / (b * b);
    byB += w / b;
    uByB += (w * u) / b;
    aByB += (w * a) / (b * b);
    uaByB += (w * u * a) / (b * b);
  }
  for (let j = 0; j < p.length; j++) {
    const y = positive[j];
    slope[j] -= 2 * trust[j] * (y * uByB - uaByB + p[j] * (y * byB - aByB));
  }
  return 1 - value;
}
