import { rowsPerBlock } from "../cell-runs.ts";
import { operations, writeJob } from "../job.ts";
import type { Pool } from "../pool/index.ts";
import type { CellOperation } from "../wasm-cell-problem.ts";
import type { StreamedMatrix, Window } from "./streamed-matrix.ts";

/** What passes ask of a problem; see StreamedCellProblem. */
export interface PassedOver {
  readonly slots: number;
  clear(): void;
  wants(block: number): boolean;
  lookInto(window: Window): void;
  piece(block: number): readonly [number, number, number, number];
  shareOf(window: Window, cost: number): number;
}

/** Heads that are ready to pass over their cells, and the multiply-adds it takes. */
export interface Loaded {
  readonly problem: PassedOver;
  readonly cost: number;
}

const wordsPerPiece = 5;

/** One reading of the rows for all problems. Windows in which no active head has cells are not read. */
export function passOverWindows(pool: Pool, matrix: StreamedMatrix, operation: CellOperation, loaded: readonly Loaded[]): void {
  const { memory } = matrix.streaming;
  if (operation !== operations.logits) for (const { problem } of loaded) problem.clear();
  const blocksPerWindow = matrix.rowsPerWindow / rowsPerBlock;
  const blocks = Math.ceil(matrix.rows / rowsPerBlock);
  const list: number[] = [];
  for (let block = 0; block < blocks; ) {
    const index = Math.floor(block / blocksPerWindow);
    const wanted = loaded.some(({ problem }) => problem.wants(block));
    if (wanted) list.push(index);
    block = wanted ? (index + 1) * blocksPerWindow : block + 1;
  }
  const slots = loaded.reduce((sum, { problem }) => sum + problem.slots, 0);
  const shares = Math.max(1, Math.min(slots, pool.threads));
  const pieces = memory.allocate(4 * wordsPerPiece * blocksPerWindow * loaded.length);
  const job = writeJob(memory, [operation, pieces, 0, shares]);
  try {
    for (const window of matrix.windows(list)) {
      const words = memory.uint32(pieces, wordsPerPiece * blocksPerWindow * loaded.length);
      let count = 0;
      for (const { problem } of loaded) problem.lookInto(window);
      const firstBlock = window.firstRow / rowsPerBlock;
      for (let block = firstBlock; block < firstBlock + Math.ceil(window.rows / rowsPerBlock); block++) {
        let before = 0;
        for (const { problem } of loaded) {
          if (problem.wants(block)) {
            words.set([...problem.piece(block), before], wordsPerPiece * count);
            count += 1;
          }
          before += problem.slots;
        }
      }
      memory.uint32(job, 4)[2] = count;
      pool.run(operations.window, job, shares, loaded.reduce((sum, { problem, cost }) => sum + problem.shareOf(window, cost), 0));
    }
  } finally {
    for (const pointer of [job, pieces]) memory.release(pointer);
  }
}
