import { areaUnderRoc, averagePrecision, brierScore, expectedCalibrationError } from "../../math/index.ts";
import { countClasses, type KnownCells } from "../cells.ts";

/** One category of one head on the known cells of one part. NaN where a figure is undefined, with the reason. */
export interface CategoryEvaluation {
  readonly name: string;
  readonly positive: number;
  readonly negative: number;
  readonly ap: number;
  readonly auroc: number;
  readonly ece: number;
  readonly brier: number;
  readonly reason: string | null;
  /** (n): logits and labels (1 positive, 0 negative) of the known cells, for curves. */
  readonly logits: Float32Array;
  readonly positives: Uint8Array;
  /** (n): what the cells are ranked by: the logits, or, where they come from several heads, the logits on one scale. */
  readonly ranking: Float32Array | Float64Array;
}

/** What a head, or several, say of known cells (M), in the cells' order. */
export interface CellScores {
  readonly logits: Float32Array;
  /** What the cells are ranked by; the logits when absent. */
  readonly ranking?: Float32Array | Float64Array;
}

/** AP and AUROC of the ranking, ECE (15 bins) and Brier score of the logits' probabilities, on one category's cells. */
export function evaluateCategory(name: string, c: number, cells: KnownCells, scores: CellScores): CategoryEvaluation {
  const range = [cells.start[c], cells.start[c + 1]] as const;
  const logits = scores.logits.slice(...range);
  const ranking = scores.ranking === undefined ? logits : scores.ranking.slice(...range);
  const positives = cells.positive.slice(...range);
  const counts = countClasses(cells, c);
  const reason =
    counts.positive + counts.negative === 0
      ? "no known label in this part"
      : counts.positive === 0
        ? "no known positive in this part"
        : counts.negative === 0
          ? "no known negative in this part"
          : null;
  return {
    name,
    ...counts,
    ap: averagePrecision(ranking, positives),
    auroc: areaUnderRoc(ranking, positives),
    ece: expectedCalibrationError(logits, positives, { from: "logits" }),
    brier: brierScore(logits, positives, { from: "logits" }),
    reason,
    logits,
    positives,
    ranking,
  };
}
