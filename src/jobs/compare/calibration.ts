/** What a probability is worth, at the one that is told: how often a head is right where it says about 80 %. */
import { sigmoid, type ScoredLabels } from "../../math/index.ts";

/** Known cells of the report part where a head says about `says` of 100, and how many of them show the category. */
export interface Calibration {
  readonly says: number;
  readonly before: { readonly right: number; readonly of: number } | null;
  readonly after: { readonly right: number; readonly of: number } | null;
}

const says = 0.8;
/** Half the width of "about", as narrow as holds enough cells. */
const widths = [0.05, 0.1];
/** Fewer cells than this are no basis for "of 100". */
const fewest = 20;

/** Cells whose probability lies within .05 of .8 or, where they are fewer than 20, within .1; null for a head that is not there, or says so of fewer than 20. The upper end is left out. */
export function calibrationAt(before: ScoredLabels | null, after: ScoredLabels | null): Calibration {
  return { says: 100 * says, before: before === null ? null : countAt(before), after: after === null ? null : countAt(after) };
}

function countAt({ scores, positives }: ScoredLabels): Calibration["after"] {
  for (const width of widths) {
    let [right, of] = [0, 0];
    scores.forEach((score, cell) => {
      const probability = sigmoid(score);
      if (probability < says - width || probability >= says + width) return;
      of += 1;
      right += positives[cell]!;
    });
    if (of >= fewest) return { right, of };
  }
  return null;
}
