/**
 * Passes over cells whose rows come window by window (../streamed): the same runs, copies and sums as in cells.ts, added in the same order, so that
 * the results are the same bits. What is dealt to threads is shares of the slots instead of partitions, as a window holds rows of one partition or two.
 * All problems that share the window pass over a block of rows before the next, while it is in the cache.
 */
import { CellJob, runPass, SUMS } from "./cells";

/** Bytes of a piece. */
const PIECE: usize = 20;

/** Keep equal to the order in which ../streamed/passes.ts writes it. */
@unmanaged
export class WindowJob {
  /** As in partitionPass. */
  mode: u32;
  /** (count) pieces, by block and then by problem, each five u32: pointer of a CellJob, partition, first run, end of runs, and what is added to its slots to deal them. */
  pieces: usize;
  count: u32;
  /** Slot s of a piece belongs to share (s + what is added) % shares. */
  shares: u32;
}

/** The runs of one share in the window. The caller has zeroed copies and sums before the first window. */
export function windowPass(job: WindowJob, share: u32): void {
  const last = job.pieces + PIECE * <usize>job.count;
  for (let piece = job.pieces; piece < last; piece += PIECE) {
    const cells = changetype<CellJob>(load<usize>(piece));
    const stride: usize = cells.strideBytes;
    const base: usize = load<u32>(piece, 4) * cells.slots;
    const end = cells.runs + 12 * <usize>load<u32>(piece, 12);
    const added = load<u32>(piece, 16);
    for (let run = cells.runs + 12 * <usize>load<u32>(piece, 8); run < end; run += 12) {
      const slot: usize = load<u32>(run, 8);
      if ((<u32>slot + added) % job.shares != share || load<u8>(cells.active + slot) == 0) continue;
      runPass(cells, job.mode, load<u32>(run), load<u32>(run, 4), slot, cells.copies + (base + slot) * stride, cells.sums + (base + slot) * SUMS);
    }
  }
}
