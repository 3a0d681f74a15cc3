import { expected } from "../errors.ts";
import { buildPartialLabels } from "./build.ts";
import { CellRecords } from "./cell-records.ts";
import type { CellValue, PartialLabels } from "./partial-labels.ts";
import { NEGATIVE, POSITIVE, UNCERTAIN } from "./partial-labels.ts";

/** The numbers that stand for what is neither positive (1) nor negative (0) in a table of numbers. NaN is a number here. */
export interface DenseCodes {
  /** Default NaN, as mlcpl has it; the PartialLabelingCSL repository writes -1. */
  readonly unknown?: number;
  /** Default NaN too, so that uncertain becomes unknown; CheXpert writes -1. Must differ from `unknown` for the way back to tell them apart. */
  readonly uncertain?: number;
}

/** (N*C) row-major: 1 positive, 0 negative, and the codes of the others. Trust (weight) is not carried. */
export function denseLabels(labels: PartialLabels, { unknown = Number.NaN, uncertain = Number.NaN }: DenseCodes = {}): Float32Array {
  const C = labels.categories.length;
  const dense = new Float32Array(labels.imageIds.length * C).fill(unknown);
  for (let image = 0; image < labels.imageIds.length; image++) {
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell++) {
      const value = labels.value[cell];
      dense[image * C + labels.category[cell]] = value === UNCERTAIN ? uncertain : value === POSITIVE ? 1 : 0;
    }
  }
  return dense;
}

/**
 * The label matrix of a table (N*C, row-major) of 1, 0 and the codes; where both codes are the same number the cell is unknown.
 * Errors: usage.invalid-value for a table of another size and for any other number, with its row and column counted from 1; labels.* as buildPartialLabels.
 */
export function labelsFromDense(table: ArrayLike<number>, imageIds: readonly string[], categories: readonly string[], { unknown = Number.NaN, uncertain = Number.NaN }: DenseCodes = {}): PartialLabels {
  const C = categories.length;
  if (table.length !== imageIds.length * C) throw expected("table", `${imageIds.length} x ${C} = ${imageIds.length * C} numbers`, table.length);
  const cells = new CellRecords();
  for (let at = 0; at < table.length; at++) {
    if (at % C === 0) cells.begin(at / C, 0);
    const value = valueOf(table[at], unknown, uncertain);
    if (value === undefined) throw expected(`table row ${Math.floor(at / C) + 1}, column ${(at % C) + 1}`, `1, 0, ${unknown} for unknown or ${uncertain} for uncertain`, table[at]);
    if (value !== null) cells.push(at % C, value, 1);
  }
  return buildPartialLabels({ imageIds, categories, cells });
}

/** Unknown cells turned into negative or positive ones of full trust, which makes a complete matrix (13 bytes a cell): what "unlisted means no" says. */
export function fillUnknownCells(labels: PartialLabels, policy: "to-negative" | "to-positive"): PartialLabels {
  const C = labels.categories.length;
  const size = labels.imageIds.length * C;
  const category = Uint32Array.from({ length: size }, (_, at) => at % C);
  const value = new Int8Array(size).fill(policy === "to-negative" ? NEGATIVE : POSITIVE);
  const weight = new Float32Array(size).fill(1);
  for (let image = 0; image < labels.imageIds.length; image++) {
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell++) {
      value[image * C + labels.category[cell]] = labels.value[cell];
      weight[image * C + labels.category[cell]] = labels.weight[cell];
    }
  }
  return { ...labels, rowStart: Uint32Array.from({ length: labels.imageIds.length + 1 }, (_, image) => image * C), category, value, weight };
}

/** The cell's value; null for unknown, undefined for a number that is no code. */
function valueOf(number: number, unknown: number, uncertain: number): CellValue | null | undefined {
  if (number === 1) return POSITIVE;
  if (number === 0) return NEGATIVE;
  if (Object.is(number, unknown)) return null;
  return Object.is(number, uncertain) ? UNCERTAIN : undefined;
}
