import { operations, writeJob } from "../job.ts";
import type { KernelMemory } from "../memory.ts";
import type { Pool } from "../pool/index.ts";

const tileRows = 6;
const tileColumns = 4;
const panelsPerItem = 16;
/** Columns of the left matrix packed at a time: a panel of as many rows of the right one is 8 KiB. */
const chunk = 256;

/** A matrix wherever it lies: its address, and float64s from one row to the next and from one column to the next. */
export interface Operand {
  readonly pointer: number;
  readonly row: number;
  readonly column: number;
}

/** out (m x n) = or += factor * left (m x k) right (k x n). */
export interface WideProduct {
  readonly left: Operand;
  readonly right: Operand;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly out: number;
  /** Float64s from one row of `out` to the next. */
  readonly outRow: number;
  readonly add?: boolean;
  /** Only the lower triangle of a square `out` is asked for; above it, some numbers are overwritten. */
  readonly lower?: boolean;
  readonly factor?: number;
}

/** Products of float64 matrices in the shared memory on all threads; terms are added in an order that depends on the sizes alone. */
export class WideProducts {
  private readonly memory: KernelMemory;
  private readonly pool: Pool;
  private readonly packedLeft: number;
  private readonly packedRight: number;

  /** For matrices of at most `most` rows and columns. */
  constructor(memory: KernelMemory, pool: Pool, most: number) {
    this.memory = memory;
    this.pool = pool;
    const bytes = 8 * chunk * (most + tileRows);
    this.packedLeft = memory.allocate(bytes);
    this.packedRight = memory.allocate(bytes);
  }

  multiply({ left, right, m, n, k, out, outRow, add = false, lower = false, factor = 1 }: WideProduct): void {
    const panels = Math.ceil(m / tileRows);
    const columnPanels = Math.ceil(n / tileColumns);
    for (let first = 0; first < k; first += chunk) {
      const some = Math.min(chunk, k - first);
      const job = writeJob(this.memory, [
        left.pointer + 8 * first * left.column, 8 * left.row, 8 * left.column,
        right.pointer + 8 * first * right.row, 8 * right.row, 8 * right.column,
        m, n, some, this.packedLeft, this.packedRight, out, 8 * outRow, add || first > 0 ? 1 : 0, lower ? 1 : 0, { float64: factor },
      ]);
      this.pool.run(operations.packPanels, job, panels + columnPanels, (m + n) * some);
      this.pool.run(operations.multiply, job, Math.ceil(panels / panelsPerItem), (m * n * some) / (lower ? 2 : 1));
      this.memory.release(job);
    }
  }

  dispose(): void {
    this.memory.release(this.packedLeft);
    this.memory.release(this.packedRight);
  }
}
