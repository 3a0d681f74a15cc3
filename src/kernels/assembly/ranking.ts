/**
 * Average precision, and what replicates draw of it. The precision alone is found by placing negatives among positives (placing.ts), where that goes; replicates, and scores
 * of which many are the same or not finite, need all cells in order. They are sorted as keys that hold the scores:
 *
 *   key (u64) | 32 bits of the score | 31 bits: place of the cell among its head's | 1 bit: positive |
 *
 * Two radix passes put the keys in order of where their scores lie between the least and the greatest, in a quarter of a million equal steps or four million: of the
 * bits of a score itself the upper ones hardly differ, and what counts the same digit again and again waits for itself. Insertion puts the few of one step in order. Where many share
 * one, or where the least or the greatest is not finite, three passes sort by all 32 bits of the score.
 */
import { STARTS_BYTES, placed, precisionByPlaces } from "./placing";
import { borders, stepOf } from "./steps";

/** Keep equal to the order in which ../ranking.ts writes it. */
@unmanaged
export class RankJob {
  /** (M) float32. */
  scores: usize;
  /** (M) bytes. */
  positive: usize;
  /** (heads + 1). */
  headStart: usize;
  /** (heads) bytes. */
  active: usize;
  /** (threads x longest) u64. */
  keys: usize;
  /** (threads) x (longest u64 and STARTS_BYTES). */
  spare: usize;
  longest: u32;
  /** How many threads have come: who is the n-th sorts in the n-th part of keys and spare. */
  arrived: u32;
  /** (heads) float64. */
  out: usize;
  /** (M) u32: the image of each cell by its place among those that replicates draw; 0 without replicates. */
  image: usize;
  /** (images x lanes) bytes: how often each replicate draws the image. */
  multiplicity: usize;
  /** Replicates, rounded up to a multiple of 16. */
  lanes: u32;
  /** (heads x lanes) float64. */
  replicated: usize;
}

/** Of the digits that sorting by all bits goes by; the most there are of any. */
const ALL_BITS: u32 = 11;
const HISTOGRAM: usize = 4 << ALL_BITS;
/** Of the digits of a step, so that what a pass writes to stays in the first-level cache; for heads of more cells, that few share a step. */
const FEW_BITS: u32 = 9;
const FEW_CELLS: usize = 1 << 17;
/** What insertion may move before the keys are sorted by all bits: about what the passes cost. */
const MOVES_PER_KEY: usize = 4;

/** scratch: two histograms; then the replicates' sums. */
export function averagePrecision(job: RankJob, head: usize, thread: u32, scratch: usize): void {
  if (load<u8>(job.active + head) == 0) return;
  const first: usize = load<u32>(job.headStart + (head << 2));
  const count: usize = <usize>load<u32>(job.headStart + (head << 2), 4) - first;
  const own = (<usize>thread * <usize>job.longest) << 3;
  const keys = job.keys + own;
  const spare = job.spare + own + <usize>thread * STARTS_BYTES;
  const scores = job.scores + (first << 2);
  const positive = job.positive + first;
  const positives = countPositives(positive, count);
  if (positives == 0 || positives == count) return;
  if (job.image == 0) {
    const sum = precisionByPlaces(scores, positive, count, positives, keys, spare);
    if (placed) {
      store<f64>(job.out + (head << 3), sum / <f64>positives);
      return;
    }
  }
  if (!sortedBySteps(scores, positive, keys, spare, count, scratch)) sortByAllBits(scores, positive, keys, spare, count, scratch);
  store<f64>(job.out + (head << 3), walkDown(keys, count) / <f64>positives);
  if (job.image != 0) replicates(job, keys, count, job.image + (first << 2), job.replicated + ((head * <usize>job.lanes) << 3), scratch);
}

function countPositives(positive: usize, count: usize): usize {
  let positives: usize = 0;
  let i: usize = 0;
  for (; i + 16 <= count; i += 16) positives += popcnt(i8x16.bitmask(i8x16.ne(v128.load(positive + i), i8x16.splat(0))));
  for (; i < count; i++) positives += <usize>(load<u8>(positive + i) != 0);
  return positives;
}

/** Adding 0 turns -0 into 0, so that the two tie. */
// @ts-ignore: decorator
@inline
function keyOf(scores: usize, positive: usize, i: usize): u64 {
  return ((<u64>reinterpret<u32>(load<f32>(scores + (i << 2)) + 0)) << 32) | ((<u64>i) << 1) | <u64>(load<u8>(positive + i) != 0);
}

/** false where that is not worth going on; the keys are in no order then. */
function sortedBySteps(scores: usize, positive: usize, keys: usize, spare: usize, count: usize, histograms: usize): bool {
  const bits = count < FEW_CELLS ? FEW_BITS : ALL_BITS;
  const ends = borders(scores, count);
  const low = f32x4.extract_lane(ends, 0);
  // Two steps fewer than there are: the product may be rounded up.
  const scale = (<f32>((1 << (2 * bits)) - 2)) / (f32x4.extract_lane(ends, 1) - low);
  // Neither for scores that are all the same, or not all finite, or closer together than their distance can be divided.
  if (!(scale > 0 && scale < Infinity && low > -Infinity)) return false;
  const upper = histograms + HISTOGRAM;
  const mask: u32 = (1 << bits) - 1;
  memory.fill(histograms, 0, 2 * HISTOGRAM);
  for (let i: usize = 0; i < count; i++) {
    const step = stepOf(load<f32>(scores + (i << 2)), low, scale);
    countOne(histograms, step & mask);
    countOne(upper, (step >> bits) & mask);
  }
  startsOf(histograms, mask);
  startsOf(upper, mask);
  for (let i: usize = 0; i < count; i++) put(keyOf(scores, positive, i), spare, histograms, stepOf(load<f32>(scores + (i << 2)), low, scale) & mask);
  for (let at = spare; at < spare + (count << 3); at += 8) put(load<u64>(at), keys, upper, (stepOf(load<f32>(at, 4), low, scale) >> bits) & mask);
  return inserted(keys, count);
}

// @ts-ignore: decorator
@inline
function put(key: u64, to: usize, starts: usize, digit: u32): void {
  const start = starts + ((<usize>digit) << 2);
  const place = load<u32>(start);
  store<u32>(start, place + 1);
  store<u64>(to + ((<usize>place) << 3), key);
}

// @ts-ignore: decorator
@inline
function countOne(histogram: usize, digit: u32): void {
  const at = histogram + ((<usize>digit) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts to starts. */
function startsOf(histogram: usize, last: u32): void {
  let sum: u32 = 0;
  for (let at = histogram; at <= histogram + ((<usize>last) << 2); at += 4) {
    const here = load<u32>(at);
    store<u32>(at, sum);
    sum += here;
  }
}

/** Insertion sort of keys that are nearly in order; false where it is not worth going on. */
function inserted(keys: usize, count: usize): bool {
  const end = keys + (count << 3);
  let budget: isize = count * MOVES_PER_KEY;
  let before = load<f32>(keys, 4);
  for (let at = keys + 8; at < end; at += 8) {
    const score = load<f32>(at, 4);
    if (score >= before) {
      before = score;
      continue;
    }
    const key = load<u64>(at);
    let to = at;
    do {
      store<u64>(to, load<u64>(to - 8));
      to -= 8;
    } while (to > keys && load<f32>(to - 4) > score);
    store<u64>(to, key);
    budget -= (at - to) >> 3;
    if (budget < 0) return false;
  }
  return true;
}

/** Three passes from the lowest bits on, of words that order like the scores; cells of equal scores keep whatever order they have, which nothing depends on. */
function sortByAllBits(scores: usize, positive: usize, keys: usize, spare: usize, count: usize, histogram: usize): void {
  const mask: u32 = (1 << ALL_BITS) - 1;
  let from = spare;
  let to = keys;
  for (let i: usize = 0; i < count; i++) {
    const key = keyOf(scores, positive, i);
    const word = <u32>(key >> 32);
    store<u64>(from + (i << 3), ((<u64>(word ^ (<u32>((<i32>word) >> 31) | 0x80000000))) << 32) | (key & 0xffffffff));
  }
  for (let shift: u32 = 0; shift < 32; shift += ALL_BITS) {
    memory.fill(histogram, 0, HISTOGRAM);
    for (let i: usize = 0; i < count; i++) countOne(histogram, (load<u32>(from + (i << 3), 4) >> shift) & mask);
    startsOf(histogram, mask);
    for (let at = from; at < from + (count << 3); at += 8) put(load<u64>(at), to, histogram, (load<u32>(at, 4) >> shift) & mask);
    const last = from;
    from = to;
    to = last;
  }
}

/** Sum over groups of equal scores, from the highest, of (positives in the group) x (precision at its end). Only the order of the keys and which scores are the same counts. */
function walkDown(ascending: usize, count: usize): f64 {
  let found: f64 = 0;
  let sum: f64 = 0;
  let gained: u32 = 0;
  for (let i: isize = count - 1; i >= 0; i--) {
    const at = ascending + ((<usize>i) << 3);
    gained += load<u32>(at) & 1;
    if (gained == 0 || (i > 0 && load<u32>(at - 8, 4) == load<u32>(at, 4))) continue;
    found += <f64>gained;
    sum += (<f64>gained * found) / <f64>(<isize>count - i);
    gained = 0;
  }
  return sum;
}

/**
 * The same walk for all replicates at once. What each drew of the negatives since the last group with a positive is counted in 16 bits, which 257 cells of
 * multiplicity 255 just fill:
 *
 *   scratch | negatives since: u16 x lanes | positives of the group: u32 x lanes | negatives before: f64 x lanes | positives before: f64 x lanes |
 */
function replicates(job: RankJob, ascending: usize, count: usize, image: usize, out: usize, scratch: usize): void {
  const lanes: usize = job.lanes;
  const since = scratch;
  const tied = since + (lanes << 1);
  const negatives = tied + (lanes << 2);
  const positives = negatives + (lanes << 3);
  memory.fill(scratch, 0, lanes * 22);
  memory.fill(out, 0, lanes << 3);
  let counted: u32 = 0;
  let i: isize = count - 1;
  while (i >= 0) {
    const score = load<u64>(ascending + ((<usize>i) << 3)) >> 32;
    let gained = false;
    for (; i >= 0; i--) {
      const key = load<u64>(ascending + ((<usize>i) << 3));
      if (key >> 32 != score) break;
      const cell = <u32>key;
      const drawn = job.multiplicity + <usize>load<u32>(image + ((<usize>(cell >> 1)) << 2)) * lanes;
      if ((cell & 1) != 0) {
        addPositive(tied, drawn, lanes);
        gained = true;
        continue;
      }
      if (counted == 257) {
        flush(since, negatives, lanes);
        counted = 0;
      }
      addNegative(since, drawn, lanes);
      counted += 1;
    }
    if (!gained) continue;
    flush(since, negatives, lanes);
    counted = 0;
    endGroup(tied, negatives, positives, out, lanes);
  }
  flush(since, negatives, lanes);
  for (let at: usize = 0; at < lanes << 3; at += 8) {
    const found = load<f64>(positives + at);
    store<f64>(out + at, found > 0 && load<f64>(negatives + at) > 0 ? load<f64>(out + at) / found : NaN);
  }
}

function addNegative(since: usize, drawn: usize, lanes: usize): void {
  for (let r: usize = 0; r < lanes; r += 16) {
    const sixteen = v128.load(drawn + r);
    const at = since + (r << 1);
    v128.store(at, i16x8.add(v128.load(at), i16x8.extend_low_i8x16_u(sixteen)));
    v128.store(at, i16x8.add(v128.load(at, 16), i16x8.extend_high_i8x16_u(sixteen)), 16);
  }
}

function addPositive(tied: usize, drawn: usize, lanes: usize): void {
  for (let r: usize = 0; r < lanes; r += 16) {
    const sixteen = v128.load(drawn + r);
    const low = i16x8.extend_low_i8x16_u(sixteen);
    const high = i16x8.extend_high_i8x16_u(sixteen);
    const at = tied + (r << 2);
    v128.store(at, i32x4.add(v128.load(at), i32x4.extend_low_i16x8_u(low)));
    v128.store(at, i32x4.add(v128.load(at, 16), i32x4.extend_high_i16x8_u(low)), 16);
    v128.store(at, i32x4.add(v128.load(at, 32), i32x4.extend_low_i16x8_u(high)), 32);
    v128.store(at, i32x4.add(v128.load(at, 48), i32x4.extend_high_i16x8_u(high)), 48);
  }
}

/** Negatives counted since go to those before. */
function flush(since: usize, negatives: usize, lanes: usize): void {
  for (let r: usize = 0; r < lanes; r += 4) {
    const four = i32x4.extend_low_i16x8_u(v128.load64_zero(since + (r << 1)));
    const at = negatives + (r << 3);
    v128.store(at, f64x2.add(v128.load(at), f64x2.convert_low_i32x4_u(four)));
    v128.store(at, f64x2.add(v128.load(at, 16), f64x2.convert_low_i32x4_u(v128.shuffle<i32>(four, four, 2, 3, 2, 3))), 16);
  }
  memory.fill(since, 0, lanes << 1);
}

/** sum += gained * positives / (positives + negatives), where anything was gained; what was gained goes to the positives before. */
function endGroup(tied: usize, negatives: usize, positives: usize, sum: usize, lanes: usize): void {
  const nothing = f64x2.splat(0);
  for (let r: usize = 0; r < lanes; r += 2) {
    const gained = f64x2.convert_low_i32x4_u(v128.load64_zero(tied + (r << 2)));
    const at = r << 3;
    const found = f64x2.add(v128.load(positives + at), gained);
    v128.store(positives + at, found);
    const precision = f64x2.div(f64x2.mul(gained, found), f64x2.add(found, v128.load(negatives + at)));
    v128.store(sum + at, f64x2.add(v128.load(sum + at), v128.bitselect(precision, nothing, f64x2.gt(gained, nothing))));
  }
  memory.fill(tied, 0, lanes << 2);
}
