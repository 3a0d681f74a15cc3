import type { CellLoss, CellProblem, Cells, CurvatureProduct, LossGradient } from "../../math/index.ts";
import { rowsPerBlock } from "../cell-runs.ts";
import type { Pool } from "../pool/index.ts";
import { WasmCellProblem, type CellOperation } from "../wasm-cell-problem.ts";
import { passOverWindows, type Loaded } from "./passes.ts";
import type { StreamedMatrix, Window } from "./streamed-matrix.ts";

/** Where a CellJob holds the pointer of row 0: behind three float64 and a word. */
const rowsField = 28;

/** A cell problem on rows that come window by window: the same results, bit for bit, as on rows that are all in memory. */
export class StreamedCellProblem extends WasmCellProblem implements CellProblem {
  readonly matrix: StreamedMatrix;
  /** (blocks + 1): the first run of each block of rows. */
  private readonly blockStart: Uint32Array;

  constructor(pool: Pool, matrix: StreamedMatrix, cells: Cells, loss: CellLoss) {
    const { memory } = matrix.streaming;
    super(memory, pool, { rows: matrix.rows, columns: matrix.columns, stride: matrix.stride, pointer: 0 }, cells, loss, { sparing: true });
    this.matrix = matrix;
    this.blockStart = blockStarts(this.runs, cells.row, matrix.rows);
  }

  get threads(): Pool {
    return this.pool;
  }

  get slots(): number {
    return this.slotHead.length;
  }

  /** Puts the heads where the passes read them. */
  prepare(operation: CellOperation, weights: Float64Array, intercepts: Float64Array, active: Uint8Array | undefined): Loaded {
    return { problem: this, cost: 2 * this.load(operation, weights, intercepts, active) };
  }

  takeGradient(): LossGradient {
    return this.reducedGradient();
  }

  takeProduct(): CurvatureProduct {
    return this.reducedCurvature();
  }

  override takeLogits(out: Float32Array): void {
    super.takeLogits(out);
  }

  /** Zeroes what a pass adds to. */
  clear(): void {
    for (const { pointer, bytes } of this.added) this.memory.bytes(pointer, bytes).fill(0);
  }

  /** Whether an active head has cells in a block. */
  wants(block: number): boolean {
    for (let run = this.blockStart[block]; run < this.blockStart[block + 1]; run++) if (this.active[this.runs[3 * run + 2]] !== 0) return true;
    return false;
  }

  /** Has the passes find the rows in the window. Addresses wrap around at 4 GiB: row 0 is put where it would lie if rows further on are to be found there. */
  lookInto(window: Window): void {
    const rowZero = (window.pointer - window.firstRow * 4 * this.matrix.stride) % 2 ** 32;
    this.memory.uint32(this.job + rowsField, 1)[0] = rowZero < 0 ? rowZero + 2 ** 32 : rowZero;
  }

  /** What a pass needs to know of a block: pointer of the job, partition, first run, end of runs. */
  piece(block: number): readonly [number, number, number, number] {
    const [first, end] = [this.blockStart[block], this.blockStart[block + 1]];
    let [low, high] = [0, this.partitions - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.partitionStart[middle] <= first) low = middle;
      else high = middle - 1;
    }
    return [this.job, low, first, end];
  }

  /** The multiply-adds of a pass that fall to a window, about. */
  shareOf({ firstRow, rows }: Window, cost: number): number {
    const first = firstRow / rowsPerBlock;
    const runs = this.blockStart[Math.ceil((firstRow + rows) / rowsPerBlock)] - this.blockStart[first];
    return (cost * 3 * runs) / Math.max(1, this.runs.length);
  }

  protected override pass(operation: CellOperation, cost: number): void {
    passOverWindows(this.pool, this.matrix, operation, [{ problem: this, cost }]);
  }
}

/** Runs lie by block. */
function blockStarts(runs: Uint32Array, row: Uint32Array, rows: number): Uint32Array {
  const blocks = Math.ceil(rows / rowsPerBlock);
  const starts = new Uint32Array(blocks + 1);
  for (let run = 0; run < runs.length / 3; run++) starts[Math.floor(row[runs[3 * run]] / rowsPerBlock) + 1] += 1;
  for (let block = 0; block < blocks; block++) starts[block + 1] += starts[block];
  return starts;
}
