import { SELECTION } from "../../labels/index.ts";
import { knownCellsIn, rowsOf } from "../cells.ts";
import { evaluateHead } from "../evaluate/index.ts";
import type { HeldOutScores, TuneInput, TuneResult } from "../types.ts";

/**
 * Scores of known cells under the heads that were installed, by heads that have not been fitted to them: those `auto` decided by or, where a method
 * fits on the fit part alone, the installed heads' own on the selection part. null where no cell is clean: the base has seen them (selectionSeen), or `auto` had nothing to go by.
 */
export function heldOutScores(input: TuneInput, result: TuneResult): HeldOutScores | null {
  if (result.heldOut !== undefined) return result.heldOut;
  if (input.options.selectionSeen === true) return null;
  const subset = rowsOf(input.parts, [SELECTION]);
  const cells = knownCellsIn(input.labels, input.parts, [SELECTION], subset);
  const logit = new Float32Array(cells.row.length);
  evaluateHead({ ...input, part: SELECTION, head: result.head }).forEach((one, c) => logit.set(one.logits, cells.start[c]));
  return { source: "selection", start: cells.start, image: cells.row.map((row) => subset.rows[row]), positive: cells.positive, logit };
}
