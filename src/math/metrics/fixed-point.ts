import { expected } from "../../errors.ts";
import type { BinaryProblem } from "./binary-problem.ts";
import { curveCounts } from "./curves.ts";

/**
 * The best value of one rate among the thresholds that hold another rate to a bound.
 *
 * Thresholds are the distinct scores, in the unit of the scores; every score of at least the threshold is called positive. "Calling
 * nothing positive" is no threshold: where only that would keep the bound, `reached` is false, the value 0 and the threshold NaN. The
 * value is then not undefined: a category that cannot keep the bound counts as 0 in a mean, or the worst categories would be left out.
 */
export interface FixedPoint {
  readonly value: number;
  readonly threshold: number;
  readonly reached: boolean;
}

type Rates = Readonly<Record<"precision" | "recall" | "specificity", number>>;

/** The highest precision with recall >= atLeast; of equal ones that of the highest recall, then threshold. NaN without both classes. */
export function precisionAtRecall(problem: BinaryProblem, atLeast: number): FixedPoint {
  return bestPoint(problem, atLeast, "recall", "precision", true);
}

/** The highest recall with precision >= atLeast; of equal ones that of the highest precision, then threshold. NaN without both classes. */
export function recallAtPrecision(problem: BinaryProblem, atLeast: number): FixedPoint {
  return bestPoint(problem, atLeast, "precision", "recall", true);
}

/** The highest recall (sensitivity) with specificity >= atLeast; of equal ones that of the highest threshold. NaN without both classes. */
export function sensitivityAtSpecificity(problem: BinaryProblem, atLeast: number): FixedPoint {
  return bestPoint(problem, atLeast, "specificity", "recall", false);
}

/** The highest specificity with recall (sensitivity) >= atLeast; of equal ones that of the highest threshold. NaN without both classes. */
export function specificityAtSensitivity(problem: BinaryProblem, atLeast: number): FixedPoint {
  return bestPoint(problem, atLeast, "recall", "specificity", false);
}

/** Walks from the highest threshold down. `boundBreaksTies`: of equal values the one with more of the bounded rate, else the first met. */
function bestPoint(problem: BinaryProblem, atLeast: number, bounded: keyof Rates, wanted: keyof Rates, boundBreaksTies: boolean): FixedPoint {
  if (!(atLeast >= 0 && atLeast <= 1)) throw expected("atLeast", "a rate in [0, 1]", atLeast);
  const { positives, negatives } = problem;
  if (positives === 0 || negatives === 0) return { value: Number.NaN, threshold: Number.NaN, reached: false };
  const { thresholds, truePositives, falsePositives } = curveCounts(problem);
  let best = { value: 0, threshold: Number.NaN, reached: false };
  let bestBound = -1;
  for (let k = 0; k < thresholds.length; k++) {
    const rates: Rates = {
      precision: truePositives[k] / (truePositives[k] + falsePositives[k]),
      recall: truePositives[k] / positives,
      specificity: (negatives - falsePositives[k]) / negatives,
    };
    if (!(rates[bounded] >= atLeast)) continue;
    const [value, bound] = [rates[wanted], rates[bounded]];
    if (!best.reached || value > best.value || (boundBreaksTies && value === best.value && bound > bestBound)) {
      best = { value, threshold: thresholds[k], reached: true };
      bestBound = bound;
    }
  }
  return best;
}
