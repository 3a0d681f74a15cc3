import { rankingObjective, type KnownScores } from "./known-cells-objective.ts";
import { rule, scoredStrategy } from "./strategy.ts";

/**
 * aucm (AUC margin loss): known cells only; for each category V+ + V- + max(0, m - (M+ - M-))^2, M and V the trust-weighted mean and variance of p among its positives and
 * negatives, m = 1. This is the published min-max loss mean+ (p-a)^2 + mean- (p-b)^2 + 2 alpha (m + mean- p - mean+ p) - alpha^2 at its saddle, a = M+, b = M-,
 * alpha = max(0, m + M- - M+), which a full batch knows exactly and mini-batches have to track. Positives and negatives are averaged apart, as in LibAUC's second version;
 * the first counts the whole batch, which is wrong with unknown cells. The round before is cross-entropy on known cells.
 * Source: Yuan et al., ICCV 2021.
 */
export const aucMargin = scoredStrategy({
  name: "aucm",
  title: "known cells only, a margin loss for the AUROC",
  source: "Yuan et al. 2021",
  usesUnknown: false,
  defaults: { margin: 1 },
  rules: { margin: rule.positive },
  make: (cells, { margin }) => rankingObjective(cells, (scores) => aucMarginLoss(scores, margin)),
});

function aucMarginLoss({ p, positive, trust, slope }: KnownScores, margin: number): number {
  const total = [0, 0];
  const mean = [0, 0];
  for (let i = 0; i < p.length; i++) {
    total[positive[i]] += trust[i];
    mean[positive[i]] += trust[i] * p[i];
  }
  for (const side of [0, 1]) mean[side] /= total[side];
  const alpha = Math.max(0, margin + mean[0] - mean[1]);
  let loss = alpha * alpha;
  for (let i = 0; i < p.length; i++) {
    const side = positive[i];
    const off = p[i] - mean[side];
    loss += (trust[i] / total[side]) * off * off;
    slope[i] = ((2 * trust[i]) / total[side]) * (off + (side === 1 ? -alpha : alpha));
  }
  return loss;
}
