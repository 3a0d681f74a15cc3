import { sigmoid } from "../../math/index.ts";
import { cellObjective, knownPlan } from "./cell-objective.ts";
import { crossEntropy } from "./cell-terms.ts";
import { knownTrust, type StrategyCells } from "./strategy-cells.ts";
import type { StrategyObjective } from "./strategy.ts";

/** The known cells of one category: probability, 1 or 0, trust; `slope` takes d loss / d p. */
export interface KnownScores {
  readonly p: Float64Array;
  readonly positive: Uint8Array;
  readonly trust: Float64Array;
  readonly slope: Float64Array;
}

/**
 * Two rounds on known cells: cross-entropy first, then a loss of all of a category's probabilities together. `loss` returns its value and fills
 * slope; it is asked only where a category has both classes. Losses of ranks are flat far from a good start, hence the first round (LibAUC's
 * authors start from cross-entropy too).
 */
export function rankingObjective(cells: StrategyCells, loss: (scores: KnownScores) => number): StrategyObjective {
  const { images: n, categories: C, value, trust } = cells;
  const first = cellObjective({ cells, plan: knownPlan(cells), terms: [crossEntropy], divisor: knownTrust(cells) });
  const known = Array.from({ length: C }, (_, c) => {
    const list: number[] = [];
    for (let cell = c * n; cell < (c + 1) * n; cell++) if (value[cell] >= 0) list.push(cell);
    return Uint32Array.from(list);
  });
  let present = 0;
  return {
    rounds: 2,
    coupled: false,
    begin: (round, logits) => {
      present = round;
      first.begin(round, logits);
    },
    evaluate: (logits, active, into, slope) => {
      if (present === 0) {
        first.evaluate(logits, active, into, slope);
        return;
      }
      known.forEach((list, c) => {
        if (active[c] === 0) return;
        const positive = Uint8Array.from(list, (cell) => value[cell]);
        slope.fill(0, c * n, (c + 1) * n);
        into[c] = 0;
        if (!positive.includes(1) || !positive.includes(0)) return;
        const scores: KnownScores = {
          p: Float64Array.from(list, (cell) => sigmoid(logits[cell])),
          positive,
          trust: Float64Array.from(list, (cell) => trust[cell]),
          slope: new Float64Array(list.length),
        };
        into[c] = loss(scores);
        list.forEach((cell, i) => {
          slope[cell] = scores.slope[i] * sigmoid(logits[cell]) * sigmoid(-logits[cell]);
        });
      });
    },
    answer: () => null,
  };
}
