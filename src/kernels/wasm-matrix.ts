import { CatwiseError, expected } from "../errors.ts";
import { checkShape, type Matrix } from "../math/index.ts";
import type { KernelMemory } from "./memory.ts";

/** Rows handed to `fill` at once. */
const rowsPerFill = 1024;

/** Writes rows `firstRow` and on into a zeroed block of rowCount x columns numbers. */
export type Fill = (block: Float32Array, firstRow: number, rowCount: number) => void;

/**
 * Rows in the shared memory, each padded with zeros to a multiple of 8 floats, so that no kernel has a tail:
 *
 *   | x_0 ... x_(D-1) 0 .. 0 | next row ...     stride = D rounded up to 8, and 16 more where rows would lie 1 KiB or a multiple of it apart
 */
export class WasmMatrix implements Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Floats from one row to the next. */
  readonly stride: number;
  readonly pointer: number;
  readonly memory: KernelMemory;
  private released = false;

  constructor(memory: KernelMemory, rows: number, columns: number, pointer?: number) {
    checkShape(rows, columns);
    this.memory = memory;
    this.rows = rows;
    this.columns = columns;
    this.stride = strideOf(columns);
    this.pointer = pointer ?? memory.allocate(4 * rows * this.stride);
  }

  static filled(memory: KernelMemory, rows: number, columns: number, fill: Fill): WasmMatrix {
    const matrix = new WasmMatrix(memory, rows, columns);
    fillRows(memory, matrix.pointer, columns, 0, rows, fill);
    return matrix;
  }

  /** Rows that lie at `pointer`, whoever owns them; not to be disposed of. */
  static at(memory: KernelMemory, pointer: number, rows: number, columns: number): WasmMatrix {
    return new WasmMatrix(memory, rows, columns, pointer);
  }

  /** The matrix as these kernels know it; a matrix made by other kernels, or disposed of, is refused. */
  static of(memory: KernelMemory, matrix: Matrix): WasmMatrix {
    if (!(matrix instanceof WasmMatrix) || matrix.memory !== memory) throw expected("matrix", "a matrix made by these kernels", matrix.constructor.name);
    if (matrix.released) throw new CatwiseError("internal.unexpected", "A matrix was used after dispose().");
    return matrix;
  }

  dispose(): void {
    if (!this.released) this.memory.release(this.pointer);
    this.released = true;
  }
}

/** Has `count` rows from `first` on written to `pointer`, each padded to the stride: padding that was zero stays so. */
export function fillRows(memory: KernelMemory, pointer: number, columns: number, first: number, count: number, fill: Fill): void {
  const stride = strideOf(columns);
  for (let done = 0; done < count; done += rowsPerFill) {
    const some = Math.min(rowsPerFill, count - done);
    const block = new Float32Array(some * columns);
    fill(block, first + done, some);
    const into = memory.float32(pointer + 4 * done * stride, some * stride);
    if (stride === columns) into.set(block);
    else for (let i = 0; i < some; i++) into.set(block.subarray(i * columns, (i + 1) * columns), i * stride);
  }
}

/**
 * Rows that lie a power of two apart fall into the same few lines of a core's first-level cache, so that four rows and the weights push each
 * other out: with 2,048 features one pass over the cells took 1.5 times as long. One cache line more spreads them.
 */
export function strideOf(columns: number): number {
  const stride = Math.ceil(columns / 8) * 8;
  return stride % 256 === 0 ? stride + 16 : stride;
}
