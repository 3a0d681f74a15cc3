import type { Cells } from "../math/index.ts";

/** Rows of a block: with 2,048 features a block is 1 MiB, which stays in a core's second-level cache while all heads pass over it. Keep equal to TILE_ROWS in assembly/tiles.ts. */
export const rowsPerBlock = 128;

/** Bytes of the sums of one head in one partition; keep equal to SUMS in assembly/cells.ts. */
export const sumsBytes = 24;

/** At most this many partitions, so that a dozen threads find work; and at most this much memory for their sums. */
const mostPartitions = 32;
const mostCopyBytes = 128 * 2 ** 20;
/** Fewer cells of a head than this in a partition would make adding the partitions' sums the larger half of the work. */
const cellsWorthACopy = 8;

/** Cells cut into runs (the cells of one head in one block) and these dealt to partitions (neighbouring blocks). */
export interface CellRuns {
  /** (slots): the head of each slot; a slot is a head that has cells. */
  readonly slotHead: Uint32Array;
  /** (3 * runs): first cell, end, slot; by block, then slot. */
  readonly runs: Uint32Array;
  /** (partitions + 1): the first run of each partition. */
  readonly partitionStart: Uint32Array;
}

/** Depends on the cells and the width of a row alone, never on threads. strideBytes: of one head's sums. */
export function cutIntoRuns(cells: Cells, rows: number, strideBytes: number): CellRuns {
  const { headStart, row } = cells;
  const slotHead = Uint32Array.from(headStart.subarray(1), (_, head) => head).filter((head) => headStart[head + 1] > headStart[head]);
  const blocks = Math.ceil(rows / rowsPerBlock);
  const runsBefore = new Uint32Array(blocks + 1);
  eachRun(slotHead, headStart, row, (block) => {
    runsBefore[block + 1] += 1;
  });
  for (let block = 0; block < blocks; block++) runsBefore[block + 1] += runsBefore[block];
  const runs = new Uint32Array(3 * runsBefore[blocks]);
  const cellsOfBlock = new Float64Array(blocks);
  const next = runsBefore.slice();
  eachRun(slotHead, headStart, row, (block, first, end, slot) => {
    const at = 3 * next[block];
    next[block] += 1;
    runs[at] = first;
    runs[at + 1] = end;
    runs[at + 2] = slot;
    cellsOfBlock[block] += end - first;
  });
  return { slotHead, runs, partitionStart: partitionStarts(cellsOfBlock, runsBefore, slotHead.length, strideBytes) };
}

function eachRun(slotHead: Uint32Array, headStart: Uint32Array, row: Uint32Array, visit: (block: number, first: number, end: number, slot: number) => void): void {
  for (let slot = 0; slot < slotHead.length; slot++) {
    const end = headStart[slotHead[slot] + 1];
    let first = headStart[slotHead[slot]];
    while (first < end) {
      const block = Math.floor(row[first] / rowsPerBlock);
      const blockEnd = (block + 1) * rowsPerBlock;
      let last = first + 1;
      while (last < end && row[last] < blockEnd) last += 1;
      visit(block, first, last, slot);
      first = last;
    }
  }
}

/** Borders between blocks, so that partitions have about equal numbers of cells. */
function partitionStarts(cellsOfBlock: Float64Array, runsBefore: Uint32Array, slots: number, strideBytes: number): Uint32Array {
  const blocks = cellsOfBlock.length;
  const total = cellsOfBlock.reduce((sum, count) => sum + count, 0);
  const byMemory = Math.max(2, Math.floor(mostCopyBytes / Math.max(1, slots * strideBytes)));
  const byWork = Math.max(1, Math.floor(total / (cellsWorthACopy * Math.max(1, slots))));
  const partitions = Math.max(1, Math.min(mostPartitions, blocks, byMemory, byWork));
  const starts = new Uint32Array(partitions + 1);
  let passed = 0;
  let partition = 1;
  for (let block = 0; block < blocks && partition < partitions; block++) {
    passed += cellsOfBlock[block];
    while (partition < partitions && passed >= (total * partition) / partitions) {
      starts[partition] = runsBefore[block + 1];
      partition += 1;
    }
  }
  starts.fill(runsBefore[blocks], partition);
  return starts;
}
