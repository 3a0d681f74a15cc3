import { sigmoid } from "../../math/index.ts";
import { cellObjective, forUnknown, knownPlan, LEFT_OUT, setCell } from "./cell-objective.ts";
import { kernelTerm } from "./cell-terms.ts";
import { extremeCells, unknownCells } from "./extreme-cells.ts";
import { rule, scoredStrategy, type ScoredStrategy } from "./strategy.ts";
import type { StrategyCells } from "./strategy-cells.ts";

const published = { gammaPositive: 0, gammaNegative: 1, gammaUnknown: 2, weightPositive: 1, weightNegative: 1, weightUnknown: 1, margin: 0, likely: 5, prior: 0.05, rounds: 5 };

/**
 * p-asl and selective-*: unknown cells are taken as negative, but left out (a) in categories whose estimated prior is above `prior`, (b) among the
 * likely * n unknown cells of highest logit of the whole set. Positive, negative and unknown cells have a focusing power and a weight of their own:
 * positive -a+ (1-p)^g+ log p, negative and unknown -a p_m^g log(1 - p_m), p_m = max(p - margin, 0). loss_c = sum of t loss / sum of weights of the cells that take part.
 *
 * Class priors: mean of p over all images under a temporary model trained on known cells only (the first round), not the rate of positives among the known.
 * p-asl: g 0/1/2, a 1/1/1, likely 5, prior .05, margin 0 (the authors' code; their runs use g unknown 4, g negative 1 or 3, prior .5). selective-bce, -focal and -asl are mlcpl's:
 * g 0/0/0; 1/1/1; 0/1/1. `likely` was made for thousands of categories: with few, (b) leaves out all unknown cells, and the strategy is ignore.
 * The authors choose (b) in each mini-batch, with priors estimated beforehand; here rounds 2 to 5 (ours) choose anew over the whole set.
 * Source: Ben-Baruch et al., "Multi-label Classification with Partial Annotations using Class-aware Selective Loss", CVPR 2022.
 */
function selective(name: string, title: string, defaults: typeof published): ScoredStrategy {
  return scoredStrategy({
    name,
    title,
    source: "Ben-Baruch et al. 2022",
    usesUnknown: true,
    defaults,
    rules: {
      gammaPositive: rule.notNegative,
      gammaNegative: rule.notNegative,
      gammaUnknown: rule.notNegative,
      weightPositive: rule.positive,
      weightNegative: rule.positive,
      weightUnknown: rule.positive,
      margin: rule.share,
      likely: rule.notNegative,
      prior: rule.share,
      rounds: rule.rounds,
    },
    make: (cells, options) => {
      const { gammaPositive, gammaNegative, gammaUnknown, margin } = options;
      const plan = knownPlan(cells);
      for (let cell = 0; cell < plan.role.length; cell++) {
        if (cells.value[cell] >= 0) plan.weight[cell] *= cells.value[cell] === 1 ? options.weightPositive : options.weightNegative;
      }
      const unknown = unknownCells(cells);
      let ignored = new Uint8Array(cells.categories);
      return cellObjective({
        cells,
        plan,
        terms: [gammaNegative, gammaUnknown].map((gamma) => kernelTerm({ kind: "asl", gammaPositive, gammaNegative: gamma, margin, detachFocal: false })),
        divisor: "taken",
        rounds: options.rounds,
        begin: (round, logits) => {
          if (round === 0) return;
          // The priors are those of the temporary model, which is what the first round ends with.
          if (round === 1) ignored = Uint8Array.from(classPriors(cells, logits), (prior) => (prior > options.prior ? 1 : 0));
          forUnknown(cells, (cell) => {
            setCell(plan, cell, ignored[Math.floor(cell / cells.images)] === 1 ? LEFT_OUT : 1, 0, options.weightUnknown);
          });
          for (const cell of extremeCells(cells, unknown, logits, Math.round(options.likely * cells.images))) plan.role[cell] = LEFT_OUT;
        },
      });
    },
  });
}

/** (C): the mean of p over all images. */
export function classPriors({ categories, images }: StrategyCells, logits: Float32Array): Float64Array {
  return Float64Array.from({ length: categories }, (_, c) => {
    let sum = 0;
    for (let cell = c * images; cell < (c + 1) * images; cell++) sum += sigmoid(logits[cell]);
    return sum / images;
  });
}

export const partialAsymmetric = selective("p-asl", "unknown counts as negative where that is likely and the category rare, each kind of cell with a focus of its own", published);
export const selectiveBce = selective("selective-bce", "unknown counts as negative where that is likely and the category rare, cross-entropy", { ...published, gammaNegative: 0, gammaUnknown: 0 });
export const selectiveFocal = selective("selective-focal", "unknown counts as negative where that is likely and the category rare, focal loss", { ...published, gammaPositive: 1, gammaUnknown: 1 });
export const selectiveAsl = selective("selective-asl", "unknown counts as negative where that is likely and the category rare, asymmetric loss", { ...published, gammaUnknown: 1 });
