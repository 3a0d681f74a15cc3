import { operations, writeJob } from "../job.ts";
import type { KernelMemory } from "../memory.ts";
import type { Pool } from "../pool/index.ts";
import type { WideProducts } from "./products.ts";
import { allocateRows, type Square } from "./square.ts";

/** Rows reduced before the rest of the matrix is brought up to date. */
const rowsAtOnce = 32;
/** Keep equal to STRIP in assembly/symmetric.ts. */
const stripRows = 64;

/** A = Q T Q^T: T tridiagonal, Q = H_(n-1) ... H_1 with H_i = I - factors[i] v_i v_i^T. */
export interface Tridiagonal {
  /** (n) */
  readonly diagonal: Float64Array;
  /** (n): beside[i] couples i - 1 and i. */
  readonly beside: Float64Array;
  /** (n): 0 where nothing is reflected. */
  readonly factors: Float64Array;
}

/**
 * Householder's reduction from the last row up, blocked as LAPACK's dsytrd: of a symmetric n x n matrix the lower triangle is used up, and row i keeps
 * v_i in its first i numbers. A row is finished from A - sum of (v w^T + w v^T) over the reflections that the matrix has not met yet, so that the whole of
 * it is read once a row, and written once in 32. `matrix` has a multiple of 4 rows, those beyond n zero.
 */
export function tridiagonalise(memory: KernelMemory, pool: Pool, products: WideProducts, matrix: Square, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const factors = new Float64Array(n);
  // v, w, v again: rows 0 to 63 and rows 32 to 95 are the two sides of the update.
  const pairs = allocateRows(memory, 3 * rowsAtOnce, n);
  const vector = allocateRows(memory, 1, n);
  const sums = allocateRows(memory, Math.ceil(n / stripRows), n);
  for (let top = n - 1; top >= 1; top -= rowsAtOnce) {
    const bottom = Math.max(1, top - rowsAtOnce + 1);
    for (let i = top; i >= bottom; i--) {
      const done = top - i;
      const row = matrix.row(i, i + 1);
      meetPairs(row, pairs, done, i);
      diagonal[i] = row[i];
      const v = row.subarray(0, i);
      const { tau, coupled } = reflection(v);
      beside[i] = coupled;
      factors[i] = tau;
      const w = pairs.row(rowsAtOnce + done, i);
      if (tau === 0) {
        v.fill(0);
        w.fill(0);
      } else {
        vector.row(0).fill(0, i).set(v);
        symmetricProduct({ memory, pool, matrix, size: i, vector, sums }, w);
        finish(v, w, tau, pairs, done);
      }
      pairs.row(done, i).set(v);
      pairs.row(2 * rowsAtOnce + done, i).set(v);
    }
    const count = top - bottom + 1;
    if (bottom > 1 && count === rowsAtOnce) {
      const left = { pointer: pairs.pointer, row: 1, column: pairs.stride };
      const right = { pointer: pairs.at(rowsAtOnce, 0), row: pairs.stride, column: 1 };
      products.multiply({ left, right, m: bottom, n: bottom, k: 2 * rowsAtOnce, out: matrix.pointer, outRow: matrix.stride, add: true, lower: true, factor: -1 });
    } else meetPairs(matrix.row(0, 1), pairs, count, 0);
  }
  if (n > 0) diagonal[0] = matrix.row(0)[0];
  for (const { pointer } of [pairs, vector, sums]) memory.release(pointer);
  return { diagonal, beside, factors };
}

/** Takes the pending v w^T + w v^T from row i. */
function meetPairs(row: Float64Array, pairs: Square, count: number, i: number): void {
  for (let k = 0; k < count; k++) {
    const v = pairs.row(k, i + 1);
    const w = pairs.row(rowsAtOnce + k, i + 1);
    const x = v[i];
    const y = w[i];
    for (let c = 0; c <= i; c++) row[c] = row[c] - x * w[c] - y * v[c];
  }
}

/** Makes of the numbers beside a diagonal the v of the reflection that leaves only the last of them, scaled to at most 2. tau 0: they are so already. */
function reflection(v: Float64Array): { tau: number; coupled: number } {
  const n = v.length;
  let scale = 0;
  for (let j = 0; j < n - 1; j++) scale = Math.max(scale, Math.abs(v[j]));
  if (scale === 0) return { tau: 0, coupled: v[n - 1] };
  scale = Math.max(scale, Math.abs(v[n - 1]));
  let square = 0;
  for (let j = 0; j < n; j++) {
    v[j] = v[j] / scale;
    square += v[j] * v[j];
  }
  const last = v[n - 1];
  const length = last > 0 ? -Math.sqrt(square) : Math.sqrt(square);
  v[n - 1] = last - length;
  return { tau: 1 / (square - last * length), coupled: scale * length };
}

interface SymmetricProduct {
  readonly memory: KernelMemory;
  readonly pool: Pool;
  readonly matrix: Square;
  readonly size: number;
  /** One row: the vector, then zeros. */
  readonly vector: Square;
  readonly sums: Square;
}

/** out (size) = leading block of the matrix times the vector. */
function symmetricProduct({ memory, pool, matrix, size, vector, sums }: SymmetricProduct, out: Float64Array): void {
  const strips = Math.ceil(size / stripRows);
  const job = writeJob(memory, [matrix.pointer, 8 * matrix.stride, size, vector.pointer, sums.pointer]);
  pool.run(operations.symmetric, job, strips, size * size);
  memory.release(job);
  out.fill(0);
  for (let strip = 0; strip < strips; strip++) {
    const end = Math.min(size, (strip + 1) * stripRows);
    const part = sums.row(strip, end);
    for (let c = 0; c < end; c++) out[c] = out[c] + part[c];
  }
}

/** From p = A v of the matrix as it is in memory to the w of this reflection: A becomes A - v w^T - w v^T. */
function finish(v: Float64Array, p: Float64Array, tau: number, pairs: Square, count: number): void {
  const n = v.length;
  for (let k = 0; k < count; k++) {
    const earlierV = pairs.row(k, n);
    const earlierW = pairs.row(rowsAtOnce + k, n);
    let alongV = 0;
    let alongW = 0;
    for (let c = 0; c < n; c++) {
      alongV += earlierV[c] * v[c];
      alongW += earlierW[c] * v[c];
    }
    for (let c = 0; c < n; c++) p[c] = p[c] - alongW * earlierV[c] - alongV * earlierW[c];
  }
  let along = 0;
  for (let c = 0; c < n; c++) {
    p[c] = p[c] * tau;
    along += p[c] * v[c];
  }
  const half = (tau * along) / 2;
  for (let c = 0; c < n; c++) p[c] = p[c] - half * v[c];
}
