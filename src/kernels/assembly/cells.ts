/**
 * Passes over cells. Rows lie in blocks of 128; a run is the cells of one head in one block, contiguous in the caller's
 * order; a partition is a row of neighbouring blocks with a float32 sum for each head of its own:
 *
 *   runs   | first cell | end | slot |  by partition, then block, then head
 *   copies | partition 0: slot 0 (stride floats), slot 1 ... | partition 1 ...
 *   sums   | partition 0: slot 0 (loss, factor, curvature: f64) ...  | partition 1 ...
 *
 * A slot is a head that has cells. Number and borders of partitions depend on the problem only, never on threads.
 */
import { FACTORS_AT, TILE_HEADS, TILE_ROWS, addTile, dotTile } from "./tiles";
import { asymmetricTerms, binaryPair, curvaturePair, curvatureTerm, lossPair, lossTerm, slopePair, slopeTerm } from "./loss";
import { addFour, addOne, addThree, addTwo, dotFour, dotOne, dotThree, dotTwo } from "./vectors";

/** Keep equal to the order in which ../wasm-cell-problem.ts writes it. */
@unmanaged
export class CellJob {
  gammaPositive: f64;
  gammaNegative: f64;
  margin: f64;
  /** 0 bce, 1 asl, 2 asl with the focal factor detached. */
  loss: u32;
  x: usize;
  strideBytes: u32;
  row: usize;
  target: usize;
  weight: usize;
  offset: usize;
  curvature: usize;
  /** Where the plain logits go. */
  answer: usize;
  runs: usize;
  /** (partitions + 1): the first run of each partition. */
  partitionStart: usize;
  partitions: u32;
  slots: u32;
  /** (slots): the head of each. */
  slotHead: usize;
  /** (slots) bytes: 0 leaves the head out. */
  active: usize;
  /** (slots x stride) float32. */
  weights: usize;
  /** (slots) float64. */
  intercepts: usize;
  copies: usize;
  sums: usize;
  columns: u32;
  /** (heads x columns), (heads), (heads) float64. */
  gradient: usize;
  lossOut: usize;
  interceptGradient: usize;
  interceptCurvature: usize;
  product: usize;
  interceptProduct: usize;
}

/** Bytes of a slot's sums; keep equal to sumsBytes in ../cell-runs.ts. */
export const SUMS: usize = 24;

/** A block's cells of six heads are passed over as a tile where at least this share of its rows times six is known (in 256ths; measured, docs/decisions/0072). */
const DENSE_FROM: u32 = 180;

/** In a thread's scratch behind what tiles.ts keeps there: factors with zeros for unknown cells, then the runs, weights and totals of the six heads. */
const KNOWN_FACTORS: usize = FACTORS_AT + (TILE_ROWS + 1) * TILE_HEADS * 4;
const LISTS: usize = KNOWN_FACTORS + TILE_ROWS * TILE_HEADS * 4;

/** mode: 0 loss and gradient, 1 curvature product, 2 logits. scratch: 32 KiB of the thread. */
export function partitionPass(job: CellJob, mode: u32, partition: u32, scratch: usize): void {
  const stride: usize = job.strideBytes;
  const copy = job.copies + <usize>(partition * job.slots) * stride;
  const sums = job.sums + <usize>(partition * job.slots) * SUMS;
  if (mode != 2) {
    memory.fill(sums, 0, <usize>job.slots * SUMS);
    for (let slot: usize = 0; slot < job.slots; slot++) if (load<u8>(job.active + slot) != 0) memory.fill(copy + slot * stride, 0, stride);
  }
  const end = job.runs + 12 * <usize>load<u32>(job.partitionStart + ((<usize>partition) << 2), 4);
  let run = job.runs + 12 * <usize>load<u32>(job.partitionStart + ((<usize>partition) << 2));
  while (run < end) {
    // Up to six active runs of one block.
    const block = blockOf(job, run);
    let lowest = u32.MAX_VALUE;
    let highest: u32 = 0;
    let cells: u32 = 0;
    let count: usize = 0;
    for (; run < end && count < TILE_HEADS && blockOf(job, run) == block; run += 12) {
      const slot: usize = load<u32>(run, 8);
      if (load<u8>(job.active + slot) == 0) continue;
      const first = load<u32>(run);
      const last = load<u32>(run, 4) - 1;
      lowest = min(lowest, load<u32>(job.row + ((<usize>first) << 2)));
      highest = max(highest, load<u32>(job.row + ((<usize>last) << 2)));
      cells += last + 1 - first;
      const at = scratch + LISTS + (count << 2);
      store<u32>(at, <u32>run);
      store<u32>(at, <u32>(job.weights + slot * stride), 24);
      store<u32>(at, <u32>(copy + slot * stride), 48);
      count += 1;
    }
    if (count == TILE_HEADS && (cells << 8) >= DENSE_FROM * <u32>TILE_HEADS * (highest + 1 - lowest)) {
      tilePass(job, mode, lowest, highest + 1 - lowest, sums, scratch);
      continue;
    }
    for (let k: usize = 0; k < count; k++) {
      const one: usize = load<u32>(scratch + LISTS + (k << 2));
      const slot: usize = load<u32>(one, 8);
      runPass(job, mode, load<u32>(one), load<u32>(one, 4), slot, copy + slot * stride, sums + slot * SUMS);
    }
  }
}

// @ts-ignore: decorator
@inline
function blockOf(job: CellJob, run: usize): u32 {
  return load<u32>(job.row + ((<usize>load<u32>(run)) << 2)) / <u32>TILE_ROWS;
}

/** The runs of six heads in one block, all pairs of heads and rows: unknown ones with factor 0. */
function tilePass(job: CellJob, mode: u32, lowest: u32, rows: usize, sums: usize, scratch: usize): void {
  const stride: usize = job.strideBytes;
  const x = job.x + <usize>lowest * stride;
  const lists = scratch + LISTS;
  const factors = scratch + KNOWN_FACTORS;
  dotTile(x, rows, stride, lists + 24, scratch);
  memory.fill(factors, 0, rows * TILE_HEADS * 4);
  for (let k: usize = 0; k < TILE_HEADS; k++) {
    const run: usize = load<u32>(lists + (k << 2));
    const slot: usize = load<u32>(run, 8);
    const end = load<u32>(run, 4);
    const intercept = load<f64>(job.intercepts + (slot << 3));
    for (let cell = load<u32>(run); cell < end; cell += 4) {
      const last = end - 1;
      const p0 = placeIn(job, cell, lowest, k);
      const p1 = placeIn(job, min(cell + 1, last), lowest, k);
      const p2 = placeIn(job, min(cell + 2, last), lowest, k);
      const p3 = placeIn(job, min(cell + 3, last), lowest, k);
      const dots = scratch + FACTORS_AT;
      const count = end - cell;
      const four = f32x4(load<f32>(dots + p0), load<f32>(dots + p1), load<f32>(dots + p2), load<f32>(dots + p3));
      const f = factorsOf(job, mode, cell, count, four, intercept, sums + slot * SUMS);
      // Added, not put: a head may have several cells of one row.
      addFactor(factors + p0, f32x4.extract_lane(f, 0));
      if (count > 1) addFactor(factors + p1, f32x4.extract_lane(f, 1));
      if (count > 2) addFactor(factors + p2, f32x4.extract_lane(f, 2));
      if (count > 3) addFactor(factors + p3, f32x4.extract_lane(f, 3));
    }
  }
  if (mode != 2) addTile(x, rows, stride, lists + 48, factors);
}

// @ts-ignore: decorator
@inline
function addFactor(at: usize, factor: f32): void {
  store<f32>(at, load<f32>(at) + factor);
}

/** Where a cell of the k-th head stands among dots and factors. */
// @ts-ignore: decorator
@inline
function placeIn(job: CellJob, cell: u32, lowest: u32, k: usize): usize {
  return <usize>(load<u32>(job.row + ((<usize>cell) << 2)) - lowest) * (TILE_HEADS * 4) + (k << 2);
}

/** The cells of one head in one block, four at a time, and what is left over. */
export function runPass(job: CellJob, mode: u32, first: u32, end: u32, slot: usize, total: usize, sums: usize): void {
  const stride: usize = job.strideBytes;
  const w = job.weights + slot * stride;
  const intercept = load<f64>(job.intercepts + (slot << 3));
  let cell = first;
  for (; cell + 4 <= end; cell += 4) {
    const x0 = rowOf(job, cell);
    const x1 = rowOf(job, cell + 1);
    const x2 = rowOf(job, cell + 2);
    const x3 = rowOf(job, cell + 3);
    const f = factorsOf(job, mode, cell, 4, dotFour(w, x0, x1, x2, x3, stride), intercept, sums);
    if (mode != 2) addFour(total, x0, x1, x2, x3, f, stride);
  }
  const left = end - cell;
  if (left == 0) return;
  const x0 = rowOf(job, cell);
  const x1 = rowOf(job, min(cell + 1, end - 1));
  const x2 = rowOf(job, end - 1);
  const dots = left == 1 ? dotOne(w, x0, stride) : left == 2 ? dotTwo(w, x0, x1, stride) : dotThree(w, x0, x1, x2, stride);
  const f = factorsOf(job, mode, cell, left, dots, intercept, sums);
  if (mode == 2) return;
  if (left == 1) addOne(total, x0, f, stride);
  else if (left == 2) addTwo(total, x0, x1, f, stride);
  else addThree(total, x0, x1, x2, f, stride);
}

/** What the rows of up to four cells, `count` of which are there, are multiplied by; 0 for the others. Stores what the pass keeps of each. */
function factorsOf(job: CellJob, mode: u32, cell: u32, count: u32, dots: v128, intercept: f64, sums: usize): v128 {
  if (mode == 0 && job.loss == 0) return binaryFactors(job, cell, count, dots, intercept, sums);
  const f0 = factorOf(job, mode, cell, <f64>f32x4.extract_lane(dots, 0) + intercept, sums);
  const f1 = count > 1 ? factorOf(job, mode, cell + 1, <f64>f32x4.extract_lane(dots, 1) + intercept, sums) : 0;
  const f2 = count > 2 ? factorOf(job, mode, cell + 2, <f64>f32x4.extract_lane(dots, 2) + intercept, sums) : 0;
  const f3 = count > 3 ? factorOf(job, mode, cell + 3, <f64>f32x4.extract_lane(dots, 3) + intercept, sums) : 0;
  return f32x4(f0, f1, f2, f3);
}

// @ts-ignore: decorator
@inline
function rowOf(job: CellJob, cell: u32): usize {
  return job.x + <usize>load<u32>(job.row + ((<usize>cell) << 2)) * <usize>job.strideBytes;
}

/**
 * factorOf for four cells under binary cross-entropy, `count` of which are there; the factors of the others are 0. Two pairs:
 *
 *   dots   | cell | cell + 1 | cell + 2 | cell + 3 |     low pair: the first two, high pair: the others
 */
function binaryFactors(job: CellJob, cell: u32, count: u32, dots: v128, intercept: f64, sums: usize): v128 {
  const low = pairFactors(job, cell, min(count, 2), f64x2.promote_low_f32x4(dots), intercept, sums);
  if (count <= 2) return low;
  const high = pairFactors(job, cell + 2, min(count - 2, 2), f64x2.promote_low_f32x4(v128.shuffle<f32>(dots, dots, 2, 3, 2, 3)), intercept, sums);
  return v128.shuffle<f32>(low, high, 0, 1, 4, 5);
}

/** Of one or two cells; a pair that is not full repeats its first. Lanes 2 and 3 of the result are 0. */
function pairFactors(job: CellJob, cell: u32, count: u32, dots: v128, intercept: f64, sums: usize): v128 {
  const both = count == 2;
  const at = (<usize>cell) << 2;
  const logit = f64x2.add(f64x2.add(dots, f64x2.splat(intercept)), pairAt(job.offset + at, both));
  binaryPair(logit, pairAt(job.target + at, both));
  const weight = pairAt(job.weight + at, both);
  const factor = f64x2.mul(weight, slopePair);
  const loss = f64x2.mul(weight, lossPair);
  const curvature = f64x2.mul(weight, curvaturePair);
  const factors = f32x4.demote_f64x2_zero(factor);
  putPair(job.curvature + at, curvature, both);
  let lossSum = load<f64>(sums) + f64x2.extract_lane(loss, 0);
  let factorSum = load<f64>(sums, 8) + f64x2.extract_lane(factor, 0);
  let curvatureSum = load<f64>(sums, 16) + f64x2.extract_lane(curvature, 0);
  if (both) {
    lossSum += f64x2.extract_lane(loss, 1);
    factorSum += f64x2.extract_lane(factor, 1);
    curvatureSum += f64x2.extract_lane(curvature, 1);
  }
  store<f64>(sums, lossSum);
  store<f64>(sums, factorSum, 8);
  store<f64>(sums, curvatureSum, 16);
  return both ? factors : f32x4.replace_lane(factors, 1, 0);
}

// @ts-ignore: decorator
@inline
function pairAt(at: usize, both: bool): v128 {
  return f64x2.promote_low_f32x4(both ? v128.load64_zero(at) : v128.load32_splat(at));
}

// @ts-ignore: decorator
@inline
function putPair(at: usize, pair: v128, both: bool): void {
  const four = f32x4.demote_f64x2_zero(pair);
  if (both) v128.store64_lane(at, four, 0);
  else v128.store32_lane(at, four, 0);
}

/** Stores what the pass keeps of a cell, adds to the head's sums, and returns what its row is multiplied by. */
function factorOf(job: CellJob, mode: u32, cell: u32, dot: f64, sums: usize): f32 {
  const at = (<usize>cell) << 2;
  if (mode == 1) {
    const factor = <f64>load<f32>(job.curvature + at) * dot;
    store<f64>(sums, load<f64>(sums, 8) + factor, 8);
    return <f32>factor;
  }
  const logit = dot + <f64>load<f32>(job.offset + at);
  if (mode == 2) {
    store<f32>(job.answer + at, <f32>logit);
    return 0;
  }
  const target = <f64>load<f32>(job.target + at);
  asymmetricTerms(logit, target, job.gammaPositive, job.gammaNegative, job.margin, job.loss == 2);
  const weight = <f64>load<f32>(job.weight + at);
  const factor = weight * slopeTerm;
  const curvature = weight * curvatureTerm;
  store<f32>(job.curvature + at, <f32>curvature);
  store<f64>(sums, load<f64>(sums) + weight * lossTerm);
  store<f64>(sums, load<f64>(sums, 8) + factor, 8);
  store<f64>(sums, load<f64>(sums, 16) + curvature, 16);
  return <f32>factor;
}
