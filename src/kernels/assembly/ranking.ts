/**
 * Average precision by sorting keys that order like the scores:
 *
 *   key (u64) | 32 bits of the score | 31 bits: place of the cell among its head's | 1 bit: positive |
 *
 * Two radix passes order the keys by the upper 22 bits of the score; insertion puts the few that share these in order. Where many do, a third pass and
 * the two again sort by all 32.
 */

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
  /** (threads x longest) u64 each. */
  keys: usize;
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

const DIGITS: usize = 2048;
const HISTOGRAM: usize = DIGITS << 2;
/** What insertion may move before the keys are sorted by all bits: about what the passes cost. */
const MOVES_PER_KEY: usize = 4;

/** scratch: two histograms; then the replicates' sums. */
export function averagePrecision(job: RankJob, head: usize, thread: u32, scratch: usize): void {
  if (load<u8>(job.active + head) == 0) return;
  const first: usize = load<u32>(job.headStart + (head << 2));
  const count: usize = <usize>load<u32>(job.headStart + (head << 2), 4) - first;
  const own = (<usize>thread * <usize>job.longest) << 3;
  const keys = job.keys + own;
  const spare = job.spare + own;
  const positives = makeKeys(job.scores + (first << 2), job.positive + first, keys, count, scratch);
  if (positives == 0 || positives == count) return;
  scatter(keys, spare, count, scratch, 42);
  scatter(spare, keys, count, scratch + HISTOGRAM, 53);
  if (!inserted(keys, count)) sortByAllBits(keys, spare, count, scratch);
  store<f64>(job.out + (head << 3), walkDown(keys, count) / <f64>positives);
  if (job.image != 0) replicates(job, keys, count, job.image + (first << 2), job.replicated + ((head * <usize>job.lanes) << 3), scratch);
}

function makeKeys(scores: usize, positive: usize, keys: usize, count: usize, histograms: usize): usize {
  memory.fill(histograms, 0, 2 * HISTOGRAM);
  let positives: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    // Adding 0 turns -0 into 0, so that the two tie.
    const word = reinterpret<u32>(load<f32>(scores + (i << 2)) + 0);
    const ordered = word ^ (<u32>((<i32>word) >> 31) | 0x80000000);
    const label = <usize>(load<u8>(positive + i) != 0);
    positives += label;
    store<u64>(keys + (i << 3), ((<u64>ordered) << 32) | ((<u64>i) << 1) | <u64>label);
    countOne(histograms, (ordered >> 10) & 2047);
    countOne(histograms + HISTOGRAM, ordered >> 21);
  }
  startsOf(histograms);
  startsOf(histograms + HISTOGRAM);
  return positives;
}

// @ts-ignore: decorator
@inline
function countOne(histogram: usize, digit: u32): void {
  const at = histogram + ((<usize>digit) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts to starts. */
function startsOf(histogram: usize): void {
  let sum: u32 = 0;
  for (let at = histogram; at < histogram + HISTOGRAM; at += 4) {
    const here = load<u32>(at);
    store<u32>(at, sum);
    sum += here;
  }
}

function scatter(from: usize, to: usize, count: usize, starts: usize, shift: u64): void {
  const end = from + (count << 3);
  for (; from < end; from += 8) {
    const key = load<u64>(from);
    const start = starts + ((<usize>((key >> shift) & 2047)) << 2);
    const place = load<u32>(start);
    store<u32>(start, place + 1);
    store<u64>(to + ((<usize>place) << 3), key);
  }
}

/** Insertion sort of keys that are nearly in order; false where it is not worth going on. */
function inserted(keys: usize, count: usize): bool {
  const end = keys + (count << 3);
  let budget: isize = count * MOVES_PER_KEY;
  let before = load<u64>(keys);
  for (let at = keys + 8; at < end; at += 8) {
    const key = load<u64>(at);
    if (key >= before) {
      before = key;
      continue;
    }
    let to = at;
    do {
      store<u64>(to, load<u64>(to - 8));
      to -= 8;
    } while (to > keys && load<u64>(to - 8) > key);
    store<u64>(to, key);
    budget -= (at - to) >> 3;
    if (budget < 0) return false;
  }
  return true;
}

/** Three passes from the lowest bits of the score on; cells of equal scores keep whatever order they have, which nothing depends on. */
function sortByAllBits(keys: usize, spare: usize, count: usize, histogram: usize): void {
  let from = keys;
  let to = spare;
  for (let shift: u64 = 32; shift < 64; shift += 11) {
    memory.fill(histogram, 0, HISTOGRAM);
    for (let i: usize = 0; i < count; i++) countOne(histogram, <u32>((load<u64>(from + (i << 3)) >> shift) & 2047));
    startsOf(histogram);
    scatter(from, to, count, histogram, shift);
    const last = from;
    from = to;
    to = last;
  }
  memory.copy(keys, spare, count << 3);
}

/** Sum over groups of equal scores, from the highest, of (positives in the group) x (precision at its end). */
function walkDown(ascending: usize, count: usize): f64 {
  let found: f64 = 0;
  let sum: f64 = 0;
  let i: isize = count - 1;
  while (i >= 0) {
    const score = load<u64>(ascending + ((<usize>i) << 3)) >> 32;
    let gained: u32 = 0;
    for (; i >= 0; i--) {
      const key = load<u64>(ascending + ((<usize>i) << 3));
      if (key >> 32 != score) break;
      gained += <u32>key & 1;
    }
    if (gained == 0) continue;
    found += <f64>gained;
    sum += (<f64>gained * found) / <f64>(<isize>count - 1 - i);
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
