/** Products of whole rows, for a matrix of which only some rows are in memory at a time: the same numbers, bit for bit, as in memory. */
import { checkLength, checkRows } from "../../math/index.ts";
import { denseProduct, denseScores, mapOf } from "../dense.ts";
import { gramOfBatches, rowsPerBatch, type GramBatch } from "../gram.ts";
import type { Pool } from "../pool/index.ts";
import type { WasmMatrix } from "../wasm-matrix.ts";
import type { StreamedMatrix } from "./streamed-matrix.ts";

/** X W^T + b over the given rows, in their order: (rows x heads) float32. */
export function streamedScores(pool: Pool, matrix: StreamedMatrix, weights: Float64Array, intercepts: Float64Array, rows?: Uint32Array): Float32Array {
  const heads = intercepts.length;
  checkLength("weights", weights, heads * matrix.columns);
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const { memory } = matrix.streaming;
  const out = new Float32Array((rows?.length ?? matrix.rows) * heads);
  let at = 0;
  const put = (some: Float32Array): void => {
    out.set(some, at);
    at += some.length;
  };
  if (rows === undefined) for (const window of matrix.allWindows()) put(denseScores(memory, pool, matrix.held(window), weights, intercepts));
  else for (const { window, local } of matrix.runsOf(rows)) put(denseScores(memory, pool, matrix.held(window), weights, intercepts, local));
  return out;
}

/** Fills `out`, which has the rows of the matrix, with X T; `map` is columns x (columns of out). Yields the share that is done after each window. */
export function* streamedTransform(pool: Pool, matrix: StreamedMatrix, map: Float64Array, out: WasmMatrix | StreamedMatrix): Generator<number, void, void> {
  checkLength("transform", map, matrix.columns * out.columns);
  const { memory } = matrix.streaming;
  const multiply = (held: WasmMatrix, pointer: number): void =>
    denseProduct(memory, pool, { matrix: held, ...mapOf(map, out.columns), out: pointer, outStride: out.stride, count: held.rows });
  const source = matrix.allWindows();
  if ("pointer" in out) {
    for (const window of source) {
      multiply(matrix.held(window), out.pointer + 4 * window.firstRow * out.stride);
      yield (window.firstRow + window.rows) / matrix.rows;
    }
    return;
  }
  try {
    yield* out.writing(({ pointer }) => {
      const next = source.next();
      if (next.done !== true) multiply(matrix.held(next.value), pointer);
    });
  } finally {
    source.return();
  }
}

/** X^T X over the given rows (all when absent): (D*D) float64, symmetric. Rows are gathered into the batches they would make in memory. */
export function streamedGram(pool: Pool, matrix: StreamedMatrix, rows?: Uint32Array): Float64Array {
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const { memory } = matrix.streaming;
  const batch = memory.allocate(4 * Math.min(rowsPerBatch, rows?.length ?? matrix.rows) * matrix.stride);
  try {
    return gramOfBatches(memory, pool, matrix, gathered(matrix, batch, rows ?? Uint32Array.from({ length: matrix.rows }, (_, row) => row)));
  } finally {
    memory.release(batch);
  }
}

function* gathered(matrix: StreamedMatrix, batch: number, rows: Uint32Array): Generator<GramBatch, void, void> {
  const rowBytes = 4 * matrix.stride;
  let size = 0;
  for (const { window, local } of matrix.runsOf(rows)) {
    for (const row of local) {
      const from = window.pointer + row * rowBytes;
      new Uint8Array(matrix.streaming.memory.memory.buffer).copyWithin(batch + size * rowBytes, from, from + rowBytes);
      size += 1;
      if (size < rowsPerBatch) continue;
      yield { pointer: batch, list: 0, first: 0, size };
      size = 0;
    }
  }
  if (size > 0) yield { pointer: batch, list: 0, first: 0, size };
}
