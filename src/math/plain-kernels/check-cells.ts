import { expected } from "../../errors.ts";
import type { CellLoss, Cells } from "../kernels.ts";

/** Throws unless the cells' arrays agree with each other and every row exists. */
export function checkCells(cells: Cells, rows: number): void {
  const { headStart, row, target, weight, offset } = cells;
  const count = row.length;
  if (headStart.length < 1 || headStart[0] !== 0 || headStart[headStart.length - 1] !== count) {
    throw expected("cells.headStart", `starts of heads from 0 to the ${count} cells`, Array.from(headStart.subarray(0, 8)));
  }
  for (const [name, array] of Object.entries({ target, weight, offset })) {
    if (array.length !== count) throw expected(`cells.${name}`, `one number for each of the ${count} cells`, array.length);
  }
  for (let k = 0; k + 1 < headStart.length; k++) {
    if (headStart[k] > headStart[k + 1]) throw expected("cells.headStart", "ascending starts", [headStart[k], headStart[k + 1]]);
    for (let cell = headStart[k]; cell < headStart[k + 1]; cell++) {
      if (row[cell] >= rows) throw expected(`cells.row[${cell}]`, `a row below ${rows}`, row[cell]);
      if (cell > headStart[k] && row[cell] < row[cell - 1]) {
        throw expected(`cells.row[${cell}]`, `rows ascending within head ${k}`, [row[cell - 1], row[cell]]);
      }
    }
  }
}

/** Throws usage.invalid-value unless the loss's numbers are in their domains: gammas of at least 0, a margin in [0, 1). */
export function checkLoss(loss: CellLoss): void {
  if (loss.kind === "bce") return;
  if (!(loss.gammaPositive >= 0)) throw expected("loss.gammaPositive", "a number of at least 0", loss.gammaPositive);
  if (!(loss.gammaNegative >= 0)) throw expected("loss.gammaNegative", "a number of at least 0", loss.gammaNegative);
  if (!(loss.margin >= 0 && loss.margin < 1)) throw expected("loss.margin", "a number in [0, 1)", loss.margin);
}

/** Throws usage.invalid-value, naming the array, unless it holds `length` numbers. */
export function checkLength(name: string, array: { readonly length: number }, length: number): void {
  if (array.length !== length) throw expected(name, `${length} numbers`, array.length);
}

/** Throws unless every listed row exists. */
export function checkRows(rows: Uint32Array, count: number): void {
  for (let i = 0; i < rows.length; i++) if (rows[i] >= count) throw expected(`rows[${i}]`, `a row below ${count}`, rows[i]);
}

/** What a curvature product throws for a head whose loss was not asked for before. */
export function noCurvatures(head: number, besides = ""): Error {
  return new Error(`Head ${head} has no curvatures: ask for its loss and gradient first${besides}.`);
}
