import type { StrategyCells } from "./strategy-cells.ts";
import type { StrategyObjective } from "./strategy.ts";

/** Code of `PseudoLabels.answer`: an unknown cell that was taken as negative. */
export const TAKEN_NEGATIVE = 0;
/** Code of `PseudoLabels.answer`: an unknown cell that was taken as positive. */
export const TAKEN_POSITIVE = 1;
export const NOT_TAKEN = 2;
export const KNOWN = 3;

/** What a strategy took the unknown cells of its images for: one thing for every unknown cell, or cell by cell. */
export type PseudoLabels =
  | {
      /** Images (rows of the labels) it was trained on. */
      readonly rows: Uint32Array;
      /** 0: every unknown cell is a negative; null: none is anything. */
      readonly every: 0 | null;
    }
  | {
      readonly rows: Uint32Array;
      /** (C*rows), category-major: TAKEN_NEGATIVE, TAKEN_POSITIVE, NOT_TAKEN, or KNOWN for known cells. */
      readonly answer: Uint8Array;
    };

/** The answers of a scored strategy's last round. */
export function readPseudoLabels(objective: StrategyObjective, { value }: StrategyCells, rows: Uint32Array): PseudoLabels {
  return { rows, answer: Uint8Array.from(value, (label, cell) => (label >= 0 ? KNOWN : (objective.answer(cell) ?? NOT_TAKEN))) };
}

/** The code of category c for the i-th of `rows`; `known` says whether that cell is known. */
export function answerAt(pseudoLabels: PseudoLabels, c: number, i: number, known: boolean): number {
  if (!("every" in pseudoLabels)) return pseudoLabels.answer[c * pseudoLabels.rows.length + i];
  if (known) return KNOWN;
  return pseudoLabels.every === 0 ? TAKEN_NEGATIVE : NOT_TAKEN;
}
