import { checkLength, checkRows } from "../math/index.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";
import { WasmMatrix } from "./wasm-matrix.ts";

/** Keep equal to those in assembly/dense.ts. */
const rowsPerItem = 96;
const columnsPerChunk = 256;
const panelHeads = 8;

/** X W^T + b over the given rows, in their order: (rows x heads) float32. */
export function denseScores(memory: KernelMemory, pool: Pool, matrix: WasmMatrix, weights: Float64Array, intercepts: Float64Array, rows?: Uint32Array): Float32Array {
  const heads = intercepts.length;
  checkLength("weights", weights, heads * matrix.columns);
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const count = rows?.length ?? matrix.rows;
  const out = memory.allocate(4 * count * heads);
  const b = memory.allocate(8 * heads);
  memory.float64(b, heads).set(intercepts);
  denseProduct(memory, pool, { matrix, weights, heads, step: { head: matrix.columns, column: 1 }, intercepts: b, rows, out, outStride: heads, count });
  const result = memory.float32(out, count * heads).slice();
  memory.release(b);
  memory.release(out);
  return result;
}

/** A new matrix X T; `map` is columns x outputColumns. */
export function denseTransform(memory: KernelMemory, pool: Pool, matrix: WasmMatrix, map: Float64Array, outputColumns: number): WasmMatrix {
  checkLength("transform", map, matrix.columns * outputColumns);
  const out = new WasmMatrix(memory, matrix.rows, outputColumns);
  denseProduct(memory, pool, { matrix, ...mapOf(map, outputColumns), out: out.pointer, outStride: out.stride, count: matrix.rows });
  return out;
}

/** A map (columns x outputColumns) as what a product of all rows multiplies by. */
export function mapOf(map: Float64Array, outputColumns: number): Pick<Product, "weights" | "heads" | "step" | "intercepts" | "rows"> {
  return { weights: map, heads: outputColumns, step: { head: 1, column: outputColumns }, intercepts: 0, rows: undefined };
}

interface Product {
  readonly matrix: WasmMatrix;
  readonly weights: Float64Array;
  readonly heads: number;
  /** Where weights[head][column] lies: head * step.head + column * step.column. */
  readonly step: { readonly head: number; readonly column: number };
  /** Pointer to (heads) float64, or 0. */
  readonly intercepts: number;
  readonly rows: Uint32Array | undefined;
  readonly out: number;
  readonly outStride: number;
  readonly count: number;
}

export function denseProduct(memory: KernelMemory, pool: Pool, { matrix, weights, heads, step, intercepts, rows, out, outStride, count }: Product): void {
  const w = packedWeights(memory, weights, heads, matrix.columns, step);
  const list = rows === undefined ? 0 : memory.allocate(4 * count);
  if (rows !== undefined) memory.uint32(list, count).set(rows);
  const job = writeJob(memory, [matrix.pointer, 4 * matrix.stride, matrix.columns, list, count, w, heads, intercepts, out, outStride]);
  pool.run(operations.dense, job, Math.ceil(count / rowsPerItem), count * heads * matrix.stride);
  for (const pointer of [job, w, ...(rows === undefined ? [] : [list])]) memory.release(pointer);
}

/** As float32, in the order assembly/dense.ts reads them; heads up to a multiple of eight are zero. */
function packedWeights(memory: KernelMemory, weights: Float64Array, heads: number, columns: number, step: Product["step"]): number {
  const wide = Math.ceil(heads / panelHeads) * panelHeads;
  const pointer = memory.allocate(4 * wide * columns);
  const into = memory.float32(pointer, wide * columns);
  for (let first = 0; first < columns; first += columnsPerChunk) {
    const some = Math.min(columnsPerChunk, columns - first);
    for (let head = 0; head < heads; head++) {
      const lane = head % panelHeads;
      const to = first * wide + (head - lane) * some + lane;
      const from = head * step.head + first * step.column;
      for (let column = 0; column < some; column++) into[to + column * panelHeads] = weights[from + column * step.column];
    }
  }
  return pointer;
}
