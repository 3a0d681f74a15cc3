/**
 * Passes over cells whose rows come window by window (../streamed): the same runs, copies and sums as in cells.ts, added in the same order, so that
 * the results are the same bits. What is dealt to threads is groups of slots instead of partitions, as a window holds rows of one partition or two.
 */
import { CellJob, runPass } from "./cells";

/** Bytes of a slot's sums; keep equal to cells.ts. */
const SUMS: usize = 24;

/** Keep equal to the order in which ../streamed/streamed-cell-problem.ts writes it. */
@unmanaged
export class WindowJob {
  cells: usize;
  /** As in partitionPass. */
  mode: u32;
  /** (count x 3) u32: a partition, its first run in the window, and the end of its runs there. */
  pieces: usize;
  count: u32;
  /** Slot s belongs to group s % groups. */
  groups: u32;
}

/** The runs of one group of slots in the window. The caller has zeroed copies and sums before the first window. */
export function windowPass(job: WindowJob, group: u32): void {
  const cells = changetype<CellJob>(job.cells);
  const stride: usize = cells.strideBytes;
  for (let p: usize = 0; p < job.count; p++) {
    const piece = job.pieces + 12 * p;
    const base: usize = load<u32>(piece) * cells.slots;
    const end = cells.runs + 12 * <usize>load<u32>(piece, 8);
    for (let run = cells.runs + 12 * <usize>load<u32>(piece, 4); run < end; run += 12) {
      const slot: usize = load<u32>(run, 8);
      if (<u32>slot % job.groups != group || load<u8>(cells.active + slot) == 0) continue;
      runPass(cells, job.mode, load<u32>(run), load<u32>(run, 4), slot, cells.copies + (base + slot) * stride, cells.sums + (base + slot) * SUMS);
    }
  }
}
