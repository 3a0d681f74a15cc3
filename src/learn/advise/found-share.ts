/** What the plain figures are made of, as a measure of learning curves (METHOD 6). */
import { mostFound, rankedLabels } from "../../math/index.ts";
import type { CurveMeasure } from "./learning-curve.ts";

/** Rounding of a product of a rate and a count. */
const rounding = 1e-9;

/**
 * The share of the positives that is found at a given share of false alarms: rates (C) in [0, 1], of the negatives. With n negatives at most floor(rate * n) false alarms are allowed; equal scores are found together or not at all. NaN without a
 * positive or a negative, or where a category's rate is not a number.
 */
export function foundShare(rates: ArrayLike<number>): CurveMeasure {
  return (category, cells) => {
    const ranked = rankedLabels(cells);
    return (times) => {
      let [positive, negative] = [0, 0];
      cells.positives.forEach((yes, cell) => {
        if (yes === 1) positive += times(cell);
        else negative += times(cell);
      });
      const rate = rates[category] ?? Number.NaN;
      if (positive === 0 || negative === 0 || !Number.isFinite(rate)) return Number.NaN;
      return mostFound(ranked, Math.floor(rate * negative + rounding), times).found / positive;
    };
  };
}
