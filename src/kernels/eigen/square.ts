import type { KernelMemory } from "../memory.ts";

/** Rows of float64 in the shared memory, each on a 16-byte boundary; none lies a power of two from the next (see strideOf for why). */
export interface Square {
  readonly pointer: number;
  /** Float64s from one row to the next: a multiple of 4, at least as many as there are columns. */
  readonly stride: number;
  /** Row i, or its first `length` numbers. */
  row(i: number, length?: number): Float64Array;
  /** The address of row i, column j. */
  at(i: number, j: number): number;
}

function wideStride(columns: number): number {
  const stride = Math.ceil(columns / 4) * 4;
  return stride % 64 === 0 ? stride + 8 : stride;
}

/** Zeroed; at least `rows` rows of `columns` numbers. Release its pointer. */
export function allocateRows(memory: KernelMemory, rows: number, columns: number): Square {
  const stride = wideStride(columns);
  const pointer = memory.allocate(8 * rows * stride);
  return {
    pointer,
    stride,
    row: (i, length = stride) => memory.float64(pointer + 8 * i * stride, length),
    at: (i, j) => pointer + 8 * (i * stride + j),
  };
}
