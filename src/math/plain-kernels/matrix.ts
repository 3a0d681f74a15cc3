import { CatwiseError, expected } from "../../errors.ts";
import type { Matrix } from "../kernels.ts";

/** Rows handed to `fill` at a time: 8 MiB of 2,048 features, so that a reader streams instead of holding everything twice. */
const rowsPerFill = 1024;

/** A matrix in ordinary memory. */
export class PlainMatrix implements Matrix {
  readonly rows: number;
  readonly columns: number;
  data: Float32Array;

  constructor(rows: number, columns: number) {
    checkShape(rows, columns);
    this.rows = rows;
    this.columns = columns;
    this.data = new Float32Array(rows * columns);
  }

  static filled(rows: number, columns: number, fill: (block: Float32Array, firstRow: number, rowCount: number) => void): PlainMatrix {
    const matrix = new PlainMatrix(rows, columns);
    fillByBlocks(matrix.data, rows, columns, fill);
    return matrix;
  }

  /** The matrix as these kernels know it; a matrix made by other kernels, or disposed of, is refused. */
  static from(matrix: Matrix): PlainMatrix {
    if (!(matrix instanceof PlainMatrix)) throw expected("matrix", "a matrix made by the same kernels", matrix.constructor.name);
    if (matrix.data.length !== matrix.rows * matrix.columns) throw new CatwiseError("internal.unexpected", "A matrix was used after dispose().");
    return matrix;
  }

  dispose(): void {
    this.data = new Float32Array(0);
  }
}

/** Throws usage.invalid-value unless rows is a whole number of at least 0 and columns one of at least 1. */
export function checkShape(rows: number, columns: number): void {
  if (!Number.isInteger(rows) || rows < 0) throw expected("rows", "a whole number of at least 0", rows);
  if (!Number.isInteger(columns) || columns < 1) throw expected("columns", "a whole number of at least 1", columns);
}

/** Calls `fill` for successive groups of rows of a zeroed row-major array. */
export function fillByBlocks(
  data: Float32Array,
  rows: number,
  columns: number,
  fill: (block: Float32Array, firstRow: number, rowCount: number) => void,
): void {
  for (let first = 0; first < rows; first += rowsPerFill) {
    const count = Math.min(rowsPerFill, rows - first);
    fill(data.subarray(first * columns, (first + count) * columns), first, count);
  }
}
