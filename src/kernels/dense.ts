import { checkLength, checkRows } from "../math/index.ts";
import { rowsPerBlock } from "./cell-runs.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";
import { paddedRows, WasmMatrix } from "./wasm-matrix.ts";

/** X W^T + b over the given rows, in their order: (rows x heads) float32. */
export function denseScores(memory: KernelMemory, pool: Pool, matrix: WasmMatrix, weights: Float64Array, intercepts: Float64Array, rows?: Uint32Array): Float32Array {
  const heads = intercepts.length;
  checkLength("weights", weights, heads * matrix.columns);
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const count = rows?.length ?? matrix.rows;
  const out = memory.allocate(4 * count * heads);
  const b = memory.allocate(8 * heads);
  memory.float64(b, heads).set(intercepts);
  denseProduct(memory, pool, { matrix, weights, heads, intercepts: b, rows, out, outStride: heads, count });
  const result = memory.float32(out, count * heads).slice();
  memory.release(b);
  memory.release(out);
  return Float32Array.from(result);
}

/** A new matrix X T; `map` is columns x outputColumns. */
export function denseTransform(memory: KernelMemory, pool: Pool, matrix: WasmMatrix, map: Float64Array, outputColumns: number): WasmMatrix {
  checkLength("transform", map, matrix.columns * outputColumns);
  const out = new WasmMatrix(memory, matrix.rows, outputColumns);
  const turned = turnedMap(map, matrix.columns, outputColumns);
  denseProduct(memory, pool, { matrix, weights: turned, heads: outputColumns, intercepts: 0, rows: undefined, out: out.pointer, outStride: out.stride, count: matrix.rows });
  return out;
}

/** The map (columns x outputColumns) as rows of weights (outputColumns x columns). */
export function turnedMap(map: Float64Array, columns: number, outputColumns: number): Float64Array {
  const turned = new Float64Array(map.length);
  for (let d = 0; d < columns; d++) for (let e = 0; e < outputColumns; e++) turned[e * columns + d] = map[d * outputColumns + e];
  return turned;
}

interface Product {
  readonly matrix: WasmMatrix;
  readonly weights: Float64Array;
  readonly heads: number;
  /** Pointer to (heads) float64, or 0. */
  readonly intercepts: number;
  readonly rows: Uint32Array | undefined;
  readonly out: number;
  readonly outStride: number;
  readonly count: number;
}

export function denseProduct(memory: KernelMemory, pool: Pool, { matrix, weights, heads, intercepts, rows, out, outStride, count }: Product): void {
  const w = paddedRows(memory, weights, matrix.columns, matrix.stride);
  const list = rows === undefined ? 0 : memory.allocate(4 * count);
  if (rows !== undefined) memory.uint32(list, count).set(rows);
  const job = writeJob(memory, [matrix.pointer, 4 * matrix.stride, list, 0, count, w, heads, intercepts, out, outStride]);
  pool.run(operations.dense, job, Math.ceil(count / rowsPerBlock), count * heads * matrix.stride);
  for (const pointer of [job, w, ...(rows === undefined ? [] : [list])]) memory.release(pointer);
}
