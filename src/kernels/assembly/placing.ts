/**
 * Average precision without sorting the negatives: the positives are sorted, and every score is counted at the place among them where it lies.
 *
 *   keys  | positives, in the order of the cells: f32 ... |
 *   spare | positives, ascending: f32 ... | Infinity | counts: u32 x (positives + 1) | starts: u32 x (steps + 1) |
 *
 * The step of a score tells nearly where: starts[step] is the address behind the sorted positives of lower steps, and of those in the same one there are few.
 */
import { borders, stepOf } from "./steps";

const MOST_BITS: u32 = 17;
/** What the starts may take beyond the keys of a head; keep equal to startsBytes in ../ranking.ts. */
export const STARTS_BYTES: usize = (4 << MOST_BITS) + 64;
const STEPS_PER_POSITIVE: usize = 4;
/** How often a positive may be moved, or a score compared beyond the first two times, on average, before it is less work to sort all. */
const MOVES_PER_SCORE: isize = 4;

/** Whether the last call came to an end. */
export let placed: bool = false;

/**
 * Sum over groups of equal scores, from the highest, of (positives in the group) x (precision at its end), bit for bit what walkDown in ranking.ts finds. `placed` is
 * false, and the result nothing, where more than half are positive, scores are not all finite, or too many positives share a step. count: of all; positives: of these, from 1 to count - 1.
 */
export function precisionByPlaces(scores: usize, positive: usize, count: usize, positives: usize, keys: usize, spare: usize): f64 {
  placed = false;
  // Measured: sorting all takes no longer then.
  if (positives << 1 > count) return 0;
  let bits: u32 = 8;
  while (bits < MOST_BITS && (<usize>1) << bits < STEPS_PER_POSITIVE * positives) bits++;
  if (positives >> bits >= <usize>MOVES_PER_SCORE) return 0;
  const ends = borders(scores, count);
  const low = f32x4.extract_lane(ends, 0);
  // Two steps fewer than there are: the product may be rounded up.
  const scale = (<f32>((1 << bits) - 2)) / (f32x4.extract_lane(ends, 1) - low);
  if (!(scale > 0 && scale < Infinity && low > -Infinity)) return 0;
  const counts = spare + ((positives + 1) << 2);
  const starts = counts + ((positives + 1) << 2);
  const mask: u32 = (1 << bits) - 1;
  take(scores, positive, count, keys);
  sortBySteps(keys, spare, positives, starts, low, scale, mask);
  if (!inserted(spare, positives)) return 0;
  store<f32>(spare + (positives << 2), Infinity);
  memory.fill(counts, 0, (positives + 1) << 2);
  if (!countScores(scores, count, counts - spare, starts, low, scale, mask)) return 0;
  placed = true;
  return walk(spare, counts, positives);
}

/** Copies the scores of positives, by the bits of sixteen labels at a time. */
function take(scores: usize, positive: usize, count: usize, to: usize): void {
  let i: usize = 0;
  for (; i + 16 <= count; i += 16) {
    for (let bits = i8x16.bitmask(i8x16.ne(v128.load(positive + i), i8x16.splat(0))); bits != 0; bits &= bits - 1, to += 4) {
      store<f32>(to, load<f32>(scores + ((i + <usize>ctz(bits)) << 2)));
    }
  }
  for (; i < count; i++) {
    if (load<u8>(positive + i) == 0) continue;
    store<f32>(to, load<f32>(scores + (i << 2)));
    to += 4;
  }
}

/** Puts scores in the order of their steps; starts[step] is the address behind those of lower ones, for as many steps as `mask` has, and one more. */
function sortBySteps(from: usize, to: usize, count: usize, starts: usize, low: f32, scale: f32, mask: u32): void {
  const end = from + (count << 2);
  const steps = (<usize>mask + 1) << 2;
  // Counted one place further on, so that putting turns the start of each step into that of the next.
  memory.fill(starts, 0, steps + 4);
  for (let at = from; at < end; at += 4) {
    const place = starts + ((<usize>(stepOf(load<f32>(at), low, scale) & mask)) << 2);
    store<u32>(place, load<u32>(place, 4) + 1, 4);
  }
  let sum: u32 = <u32>to;
  store<u32>(starts, sum);
  for (let at = starts; at < starts + steps; at += 4) {
    const here = load<u32>(at, 4);
    store<u32>(at, sum, 4);
    sum += here << 2;
  }
  for (let at = from; at < end; at += 4) {
    const score = load<f32>(at);
    const place = starts + ((<usize>(stepOf(score, low, scale) & mask)) << 2);
    const free = load<u32>(place, 4);
    store<u32>(place, free + 4, 4);
    store<f32>(<usize>free, score);
  }
}

/** Insertion sort of scores that are nearly in order; false where it is not worth going on. */
function inserted(scores: usize, count: usize): bool {
  let budget: isize = count * MOVES_PER_SCORE;
  for (let at = scores + 4; at < scores + (count << 2); at += 4) {
    const score = load<f32>(at);
    let to = at;
    while (to > scores && load<f32>(to - 4) > score) {
      store<f32>(to, load<f32>(to - 4));
      to -= 4;
    }
    store<f32>(to, score);
    budget -= (at - to) >> 2;
    if (budget < 0) return false;
  }
  return true;
}

let budget: isize = 0;

/**
 * counts[i] += the scores that are at least as high as i of the positives, and not as i + 1; false where it is not worth going on. `aside`: how far the counts lie from the
 * sorted positives.
 */
function countScores(scores: usize, count: usize, aside: usize, starts: usize, low: f32, scale: f32, mask: u32): bool {
  budget = count * MOVES_PER_SCORE;
  const end = scores + (count << 2);
  let at = scores;
  for (; at + 16 <= end; at += 16) {
    const steps = v128.and(f32x4.add(f32x4.mul(f32x4.sub(v128.load(at), f32x4.splat(low)), f32x4.splat(scale)), f32x4.splat(8388608)), i32x4.splat(mask));
    countOne(load<f32>(at), i32x4.extract_lane(steps, 0), aside, starts);
    countOne(load<f32>(at, 4), i32x4.extract_lane(steps, 1), aside, starts);
    countOne(load<f32>(at, 8), i32x4.extract_lane(steps, 2), aside, starts);
    countOne(load<f32>(at, 12), i32x4.extract_lane(steps, 3), aside, starts);
    if (budget < 0) return false;
  }
  for (; at < end; at += 4) countOne(load<f32>(at), stepOf(load<f32>(at), low, scale) & mask, aside, starts);
  return true;
}

/** Positives of lower steps are lower than the score, and those of higher ones higher. */
// @ts-ignore: decorator
@inline
function countOne(score: f32, step: u32, aside: usize, starts: usize): void {
  let place: usize = load<u32>(starts + ((<usize>step) << 2));
  place += <usize>(load<f32>(place) <= score) << 2;
  place += <usize>(load<f32>(place) <= score) << 2;
  while (load<f32>(place) <= score) {
    place += 4;
    budget -= 1;
  }
  store<u32>(place + aside, load<u32>(place + aside) + 1);
}

function walk(sorted: usize, counts: usize, positives: usize): f64 {
  let found: f64 = 0;
  let sum: f64 = 0;
  let above: u32 = 0;
  let gained: u32 = 0;
  for (let i: isize = positives - 1; i >= 0; i--) {
    const at = <usize>i << 2;
    above += load<u32>(counts + at, 4);
    gained += 1;
    if (i > 0 && load<f32>(sorted + at - 4) == load<f32>(sorted + at)) continue;
    found += <f64>gained;
    sum += (<f64>gained * found) / <f64>above;
    gained = 0;
  }
  return sum;
}
