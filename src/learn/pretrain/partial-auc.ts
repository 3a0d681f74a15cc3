import { rankingObjective, type KnownScores } from "./known-cells-objective.ts";
import { rule, scoredStrategy, type OptionRule } from "./strategy.ts";

const part: OptionRule = ["a number above 0 and at most 1", (value) => value > 0 && value <= 1];

/**
 * pauc (one-way partial AUC, over false positive rates up to beta): known cells only; for each category the mean over positives i, by trust, of the least over s of
 * s + 1/(beta T) sum over negatives j of t_j max(0, L_ij - s), T the sum of their t, L_ij = max(0, margin - p_i + p_j)^2, margin 1, beta .2. That least is the mean of L_ij over the
 * share beta of the negatives that lose most against i, the one at the border taken in part. L_ij grows with p_j, so those are the negatives of highest p for every i. beta = 1 is the
 * whole AUC. Published: mini-batches that learn an s_i for every positive; a full batch has the least exactly. Negatives with the border's p share what is left by their
 * trust, so that the slope, which has no one value there, does not hang on the order of rows. The round before is cross-entropy on known cells.
 * Source: Zhu et al., ICML 2022 (LibAUC's pAUC_CVaR_Loss).
 */
export const partialAuc = scoredStrategy({
  name: "pauc",
  title: "known cells only, a margin loss for the AUROC at low false positive rates",
  source: "Zhu et al. 2022",
  usesUnknown: false,
  defaults: { margin: 1, beta: 0.2 },
  rules: { margin: rule.positive, beta: part },
  make: (cells, { margin, beta }) => rankingObjective(cells, (scores) => partialAucLoss(scores, margin, beta)),
});

/** A cell with its share of the weight of its class. */
interface Weighed {
  readonly at: number;
  readonly weight: number;
}

/** The loss of one category that has both classes; fills slope. Two sorts and two passes. */
export function partialAucLoss({ p, positive, trust, slope }: KnownScores, margin: number, beta: number): number {
  const falling = Array.from(p.keys()).sort((a, b) => p[b] - p[a]);
  const positives = shares(falling.filter((at) => positive[at] === 1), trust);
  const hardest = top(shares(falling.filter((at) => positive[at] === 0), trust), p, beta);
  slope.fill(0);
  let value = 0;
  // Positives from the lowest up meet ever fewer open hinges, p_j > p_i - margin: sums of w, w p and w p^2 over the negatives that are left.
  const sums = [0, 0, 0];
  for (const { at, weight } of hardest) add(sums, weight, p[at]);
  let end = hardest.length;
  for (const { at, weight } of positives.toReversed()) {
    const short = margin - p[at];
    while (end > 0 && p[hardest[end - 1].at] <= -short) {
      end -= 1;
      add(sums, -hardest[end].weight, p[hardest[end].at]);
    }
    if (end === 0) break;
    value += weight * (short * short * sums[0] + 2 * short * sums[1] + sums[2]);
    slope[at] = -2 * weight * (short * sums[0] + sums[1]);
  }
  // Negatives from the highest down, likewise: p_i < p_j + margin.
  const own = [0, 0, 0];
  for (const { at, weight } of positives) add(own, weight, p[at]);
  let begin = 0;
  for (const { at, weight } of hardest) {
    const reach = margin + p[at];
    while (begin < positives.length && p[positives[begin].at] >= reach) {
      add(own, -positives[begin].weight, p[positives[begin].at]);
      begin += 1;
    }
    if (begin === positives.length) break;
    slope[at] = 2 * weight * (reach * own[0] - own[1]);
  }
  return value;
}

function add(sums: number[], weight: number, p: number): void {
  sums[0] += weight;
  sums[1] += weight * p;
  sums[2] += weight * p * p;
}

/** The cells with their shares of the sum of their trust, in the same order. */
function shares(cells: readonly number[], trust: Float64Array): Weighed[] {
  const total = cells.reduce((sum, at) => sum + trust[at], 0);
  return cells.map((at) => ({ at, weight: trust[at] / total }));
}

/** Of cells in falling order the first that make up the share `beta`, their weights then summing to 1; cells of one p that do not all fit in are taken in the same proportion. */
function top(cells: readonly Weighed[], p: Float64Array, beta: number): Weighed[] {
  const taken: Weighed[] = [];
  let left = beta;
  for (let from = 0; from < cells.length && left > 0; ) {
    let to = from;
    let size = 0;
    for (; to < cells.length && p[cells[to].at] === p[cells[from].at]; to++) size += cells[to].weight;
    const scale = Math.min(1, left / size) / beta;
    for (const { at, weight } of cells.slice(from, to)) taken.push({ at, weight: weight * scale });
    left -= size;
    from = to;
  }
  return taken;
}
