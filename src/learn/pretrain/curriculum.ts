import { cellObjective, forUnknown, knownPlan, LEFT_OUT, setCell } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { rule, scoredStrategy, type ScoredStrategy, type StrategyOptions } from "./strategy.ts";
import type { StrategyCells } from "./strategy-cells.ts";

interface Thresholds {
  readonly low: number;
  readonly high: number;
}

/**
 * curriculum-*: trained on known cells only, then in each round the unknown cells that are selected get the label the model gives them, 1 where its logit is
 * above 0 and 0 elsewhere, and the model is trained on known and selected cells: loss_c = sum of t bce / sum of t. Decided anew each round; 5 rounds (ours; the paper's number of
 * updates is chosen per data set). Selected are, by rule:
 *   score                 logit < low or logit > high; -.5 and .5
 *   positive-score        logit > high; .5
 *   top-per-category      logit strictly above that of the round(share n)-th highest of the category, known cells included; .1 (ours)
 *   top                   the same over all images and categories; .1 (ours)
 * All over the whole set: mlcpl takes the top per mini-batch, which picks other cells with every shuffle. Source: Durand et al., CVPR 2019; the four rules by mlcpl.
 */
function curriculum<Options extends { readonly rounds: number } & StrategyOptions>(
  name: string,
  title: string,
  { defaults, rules, thresholds }: Choice<Options>,
): ScoredStrategy {
  return scoredStrategy({
    name: `curriculum-${name}`,
    title,
    source: "Durand et al. 2019",
    usesUnknown: true,
    defaults,
    rules,
    make: (cells, options) => {
      const plan = knownPlan(cells);
      return cellObjective({
        cells,
        plan,
        terms: [crossEntropy],
        divisor: "taken",
        rounds: options.rounds,
        begin: (round, logits) => {
          if (round === 0) return;
          const limits = thresholds(cells, logits, options);
          forUnknown(cells, (cell) => {
            const { low, high } = limits[Math.floor(cell / cells.images)];
            const selected = logits[cell] < low || logits[cell] > high;
            setCell(plan, cell, selected ? 0 : LEFT_OUT, logits[cell] > 0 ? 1 : 0);
          });
        },
      });
    },
  });
}

interface Choice<Options extends StrategyOptions> {
  readonly defaults: Options;
  readonly rules: { readonly [name in keyof Options]: readonly [string, (value: number) => boolean] };
  /** (C): what is selected in each category. */
  readonly thresholds: (cells: StrategyCells, logits: Float32Array, options: Options) => readonly Thresholds[];
}

/** The logit of the count-th highest; nothing is above infinity. */
function nthHighest(logits: Float32Array, count: number): number {
  if (count < 1) return Number.POSITIVE_INFINITY;
  return Float32Array.from(logits).sort()[Math.max(0, logits.length - count)];
}

const everywhere = (cells: StrategyCells, limits: Thresholds): readonly Thresholds[] => new Array<Thresholds>(cells.categories).fill(limits);

export const curriculumScore = curriculum("score", "known cells, then also unknown cells the model is sure of", {
  defaults: { low: -0.5, high: 0.5, rounds: 5 },
  rules: { low: rule.finite, high: rule.finite, rounds: rule.rounds },
  thresholds: (cells, _, { low, high }) => everywhere(cells, { low, high }),
});

export const curriculumPositiveScore = curriculum("positive-score", "known cells, then also unknown cells the model is sure are positive", {
  defaults: { high: 0.5, rounds: 5 },
  rules: { high: rule.finite, rounds: rule.rounds },
  thresholds: (cells, _, { high }) => everywhere(cells, { low: Number.NEGATIVE_INFINITY, high }),
});

export const curriculumTopPerCategory = curriculum("top-per-category", "known cells, then also the highest-scored unknown cells of each category", {
  defaults: { share: 0.1, rounds: 5 },
  rules: { share: rule.share, rounds: rule.rounds },
  thresholds: ({ images: n, categories: C }, logits, { share }) =>
    Array.from({ length: C }, (_, c) => ({ low: Number.NEGATIVE_INFINITY, high: nthHighest(logits.subarray(c * n, (c + 1) * n), Math.round(share * n)) })),
});

export const curriculumTop = curriculum("top", "known cells, then also the highest-scored unknown cells of all", {
  defaults: { share: 0.1, rounds: 5 },
  rules: { share: rule.share, rounds: rule.rounds },
  thresholds: (cells, logits, { share }) => everywhere(cells, { low: Number.NEGATIVE_INFINITY, high: nthHighest(logits, Math.round(share * logits.length)) }),
});
