/**
 * The inner loops in WASM. Dull on purpose: pointers and lengths in, numbers out; no allocation, no policy, no messages.
 *
 * Memory is imported and shared. Every thread has its own instance of this module and calls `work` with the same job; the
 * threads draw items from one counter. No item reads what another of the same job writes, so who does what cannot matter.
 * Module-level variables are WASM globals, which each instance has for itself.
 */
import { CellJob, partitionPass } from "./cells";
import { DenseJob, denseBlock } from "./dense";
import { GramJob, gramPanel, packBlock } from "./gram";
import { ProductJob, multiplyBlock, packPanel } from "./products";
import { RankJob, averagePrecision } from "./ranking";
import { reduceHead } from "./reduce";
import { SumsJob, sumPiece } from "./sums";
import { SymmetricJob, symmetricStrip } from "./symmetric";
import { WindowJob, windowPass } from "./windows";

/** Keep equal to `operations` in ../job.ts. */
const LOSS_GRADIENT: u32 = 0;
const CURVATURE: u32 = 1;
const LOGITS: u32 = 2;
const REDUCE_GRADIENT: u32 = 3;
const REDUCE_CURVATURE: u32 = 4;
const DENSE: u32 = 5;
const PACK: u32 = 6;
const GRAM: u32 = 7;
const RANK: u32 = 8;
const WINDOW: u32 = 9;
const PACK_PANELS: u32 = 10;
const MULTIPLY: u32 = 11;
const SYMMETRIC: u32 = 12;
const SUMS: u32 = 13;

/** The first byte that no constant of this module occupies. */
export function heapBase(): usize {
  return __heap_base;
}

/** Draws items below `count` from the counter until none is left. `scratch`: 32 KiB that belong to the calling thread. */
export function work(operation: u32, job: usize, counter: usize, count: u32, scratch: usize): void {
  const thread = operation == RANK ? atomic.add<u32>(job + offsetof<RankJob>("arrived"), 1) : 0;
  while (true) {
    const item = atomic.add<u32>(counter, 1);
    if (item >= count) return;
    if (operation <= LOGITS) partitionPass(changetype<CellJob>(job), operation, item, scratch);
    else if (operation == REDUCE_GRADIENT) reduceHead(changetype<CellJob>(job), false, item);
    else if (operation == REDUCE_CURVATURE) reduceHead(changetype<CellJob>(job), true, item);
    else if (operation == DENSE) denseBlock(changetype<DenseJob>(job), item, scratch);
    else if (operation == PACK) packBlock(changetype<GramJob>(job), item);
    else if (operation == GRAM) gramPanel(changetype<GramJob>(job), item);
    else if (operation == RANK) averagePrecision(changetype<RankJob>(job), item, thread, scratch);
    else if (operation == WINDOW) windowPass(changetype<WindowJob>(job), item);
    else if (operation == PACK_PANELS) packPanel(changetype<ProductJob>(job), item);
    else if (operation == MULTIPLY) multiplyBlock(changetype<ProductJob>(job), item, scratch);
    else if (operation == SYMMETRIC) symmetricStrip(changetype<SymmetricJob>(job), item);
    else if (operation == SUMS) sumPiece(changetype<SumsJob>(job), item);
  }
}
