import type { CellLoss, CellProblem, Cells, CurvatureProduct, LossGradient } from "../../math/index.ts";
import { rowsPerBlock } from "../cell-runs.ts";
import { operations, writeJob } from "../job.ts";
import type { Pool } from "../pool/index.ts";
import { WasmCellProblem, type CellOperation } from "../wasm-cell-problem.ts";
import type { StreamedMatrix, Window } from "./streamed-matrix.ts";

/** Where a CellJob holds the pointer of row 0: behind three float64 and a word. */
const rowsField = 28;

/** Groups of slots dealt to the threads: enough that a dozen find work, few enough that reading the list of runs costs nothing beside them. */
const mostGroups = 32;

/** Heads that are ready to pass over their cells, and the multiply-adds it takes. */
interface Loaded {
  readonly problem: StreamedCellProblem;
  readonly cost: number;
}

/** A cell problem on rows that come window by window: the same results, bit for bit, as on rows that are all in memory. */
export class StreamedCellProblem extends WasmCellProblem implements CellProblem {
  readonly matrix: StreamedMatrix;
  private readonly windowJob: number;
  private readonly pieces: Uint32Array;
  private readonly groups: number;
  /** (windows + 1): the first run of each window. */
  private readonly windowStart: Uint32Array;

  constructor(pool: Pool, matrix: StreamedMatrix, cells: Cells, loss: CellLoss) {
    const { memory } = matrix.streaming;
    super(memory, pool, { rows: matrix.rows, columns: matrix.columns, stride: matrix.stride, pointer: 0 }, cells, loss);
    this.matrix = matrix;
    this.groups = Math.max(1, Math.min(mostGroups, this.slotHead.length));
    this.windowStart = windowStarts(this.runs, cells.row, matrix);
    const pieces = this.own(12 * this.partitions);
    this.pieces = memory.uint32(pieces, 3 * this.partitions);
    this.windowJob = writeJob(memory, [this.job, 0, pieces, 0, this.groups]);
  }

  override dispose(): void {
    this.memory.release(this.windowJob);
    super.dispose();
  }

  /** Puts the heads where the passes read them. */
  prepare(weights: Float64Array, intercepts: Float64Array, active: Uint8Array | undefined): Loaded {
    return { problem: this, cost: 2 * this.load(weights, intercepts, active) };
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

  protected override pass(operation: CellOperation, cost: number): void {
    passOverWindows(this.matrix, operation, [{ problem: this, cost }]);
  }

  clear(): void {
    for (const { pointer, bytes } of this.added) this.memory.bytes(pointer, bytes).fill(0);
  }

  /** Whether an active head has cells in the window. */
  wants(index: number): boolean {
    for (let run = this.windowStart[index]; run < this.windowStart[index + 1]; run++) if (this.active[this.runs[3 * run + 2]] !== 0) return true;
    return false;
  }

  passOver(window: Window, operation: CellOperation, cost: number): void {
    const [first, end] = [this.windowStart[window.index], this.windowStart[window.index + 1]];
    let count = 0;
    for (let partition = 0; partition < this.partitions; partition++) {
      const from = Math.max(first, this.partitionStart[partition]);
      const to = Math.min(end, this.partitionStart[partition + 1]);
      if (from >= to) continue;
      this.pieces.set([partition, from, to], 3 * count);
      count += 1;
    }
    if (count === 0) return;
    const { memory } = this;
    // Addresses wrap around at 4 GiB: where row 0 would lie if rows further on are to be found in the window.
    const rowZero = (window.pointer - window.firstRow * 4 * this.matrix.stride) % 2 ** 32;
    memory.uint32(this.job + rowsField, 1)[0] = rowZero < 0 ? rowZero + 2 ** 32 : rowZero;
    const job = memory.uint32(this.windowJob, 5);
    job[1] = operation;
    job[3] = count;
    this.pool.run(operations.window, this.windowJob, this.groups, cost * ((end - first) / Math.max(1, this.runs.length / 3)));
  }
}

/** One reading of the rows for all problems: each window is passed over by every problem with cells in it before the next one. */
export function passOverWindows(matrix: StreamedMatrix, operation: CellOperation, loaded: readonly Loaded[]): void {
  if (operation !== operations.logits) for (const { problem } of loaded) problem.clear();
  const list: number[] = [];
  for (let index = 0; index < matrix.windowCount; index++) if (loaded.some(({ problem }) => problem.wants(index))) list.push(index);
  for (const window of matrix.windows(list)) for (const { problem, cost } of loaded) problem.passOver(window, operation, cost);
}

/** Runs lie by block, and windows begin at blocks. */
function windowStarts(runs: Uint32Array, row: Uint32Array, { windowCount, rowsPerWindow }: StreamedMatrix): Uint32Array {
  const starts = new Uint32Array(windowCount + 1);
  const blocksPerWindow = rowsPerWindow / rowsPerBlock;
  for (let run = 0; run < runs.length / 3; run++) starts[Math.floor(Math.floor(row[runs[3 * run]] / rowsPerBlock) / blocksPerWindow) + 1] += 1;
  for (let index = 0; index < windowCount; index++) starts[index + 1] += starts[index];
  return starts;
}
