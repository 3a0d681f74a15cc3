import { checkLength, checkRows } from "./check-cells.ts";
import { dotRow } from "./dot-row.ts";
import { PlainMatrix } from "./matrix.ts";

/** X W^T + b over the given rows, in their order: (rows x heads) float32. */
export function scores(matrix: PlainMatrix, weights: Float64Array, intercepts: Float64Array, rows?: Uint32Array): Float32Array {
  const { columns, data } = matrix;
  const heads = intercepts.length;
  checkLength("weights", weights, heads * columns);
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const count = rows?.length ?? matrix.rows;
  const out = new Float32Array(count * heads);
  for (let k = 0; k < heads; k++) {
    const w = weights.subarray(k * columns, (k + 1) * columns);
    for (let i = 0; i < count; i++) out[i * heads + k] = dotRow(data, (rows?.[i] ?? i) * columns, w) + intercepts[k];
  }
  return out;
}

/** A new matrix X T; `map` is columns x outputColumns. */
export function transform(matrix: PlainMatrix, map: Float64Array, outputColumns: number): PlainMatrix {
  const { rows, columns, data } = matrix;
  const out = new PlainMatrix(rows, outputColumns);
  checkLength("transform", map, columns * outputColumns);
  const sum = new Float64Array(outputColumns);
  for (let i = 0; i < rows; i++) {
    sum.fill(0);
    for (let d = 0; d < columns; d++) {
      const x = data[i * columns + d];
      if (x === 0) continue;
      const at = d * outputColumns;
      for (let j = 0; j < outputColumns; j++) sum[j] = sum[j] + x * map[at + j];
    }
    out.data.set(sum, i * outputColumns);
  }
  return out;
}

/** Rows whose columns are held together, turned, while all pairs of columns are multiplied. */
const rowsPerBlock = 128;

/** X^T X over the given rows (all when absent), symmetric, columns x columns. */
export function gram(matrix: PlainMatrix, rows?: Uint32Array): Float64Array {
  const { columns, data } = matrix;
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const count = rows?.length ?? matrix.rows;
  const out = new Float64Array(columns * columns);
  const turned = new Float64Array(columns * rowsPerBlock);
  for (let first = 0; first < count; first += rowsPerBlock) {
    const size = Math.min(rowsPerBlock, count - first);
    if (size < rowsPerBlock) turned.fill(0);
    for (let i = 0; i < size; i++) {
      const at = (rows?.[first + i] ?? first + i) * columns;
      for (let j = 0; j < columns; j++) turned[j * rowsPerBlock + i] = data[at + j];
    }
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b <= a; b++) out[a * columns + b] = out[a * columns + b] + dotBlock(turned, a, b);
    }
  }
  for (let a = 0; a < columns; a++) for (let b = 0; b < a; b++) out[b * columns + a] = out[a * columns + b];
  return out;
}

function dotBlock(turned: Float64Array, a: number, b: number): number {
  const p = a * rowsPerBlock;
  const q = b * rowsPerBlock;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < rowsPerBlock; i += 2) {
    even += turned[p + i] * turned[q + i];
    odd += turned[p + i + 1] * turned[q + i + 1];
  }
  return even + odd;
}
