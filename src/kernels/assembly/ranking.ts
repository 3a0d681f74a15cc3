/**
 * Average precision by radix sort: three passes of 11, 11 and 10 bits over keys that order like the scores.
 *
 *   key (u64) | 0 ... 0 | 32 bits of the score | 1 bit: positive |
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
  /** (M) u64 each. */
  keys: usize;
  spare: usize;
  /** (heads) float64. */
  out: usize;
}

/** scratch: three histograms of 2,048 u32. */
export function averagePrecision(job: RankJob, head: usize, scratch: usize): void {
  if (load<u8>(job.active + head) == 0) return;
  const first: usize = load<u32>(job.headStart + (head << 2));
  const count: usize = <usize>load<u32>(job.headStart + (head << 2), 4) - first;
  const keys = job.keys + (first << 3);
  const spare = job.spare + (first << 3);
  const positives = makeKeys(job.scores + (first << 2), job.positive + first, keys, count, scratch);
  if (positives == 0 || positives == count) return;
  scatter(keys, spare, count, scratch, 1);
  scatter(spare, keys, count, scratch + 8192, 12);
  scatter(keys, spare, count, scratch + 16384, 23);
  store<f64>(job.out + (head << 3), walkDown(spare, count) / <f64>positives);
}

function makeKeys(scores: usize, positive: usize, keys: usize, count: usize, histograms: usize): usize {
  memory.fill(histograms, 0, 3 * 8192);
  let positives: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    // Adding 0 turns -0 into 0, so that the two tie.
    const word = reinterpret<u32>(load<f32>(scores + (i << 2)) + 0);
    const ordered = word >= 0x80000000 ? ~word : word | 0x80000000;
    const label: u32 = load<u8>(positive + i) != 0 ? 1 : 0;
    positives += label;
    store<u64>(keys + (i << 3), ((<u64>ordered) << 1) | <u64>label);
    count1(histograms, ordered & 2047);
    count1(histograms + 8192, (ordered >> 11) & 2047);
    count1(histograms + 16384, ordered >> 22);
  }
  for (let digit: usize = 0; digit < 3; digit++) startsOf(histograms + (digit << 13));
  return positives;
}

// @ts-ignore: decorator
@inline
function count1(histogram: usize, digit: u32): void {
  const at = histogram + ((<usize>digit) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts to starts. */
function startsOf(histogram: usize): void {
  let sum: u32 = 0;
  for (let at = histogram; at < histogram + 8192; at += 4) {
    const here = load<u32>(at);
    store<u32>(at, sum);
    sum += here;
  }
}

function scatter(from: usize, to: usize, count: usize, starts: usize, shift: u64): void {
  for (let i: usize = 0; i < count; i++) {
    const key = load<u64>(from + (i << 3));
    const start = starts + ((<usize>((key >> shift) & 2047)) << 2);
    const place = load<u32>(start);
    store<u32>(start, place + 1);
    store<u64>(to + ((<usize>place) << 3), key);
  }
}

/** Sum over groups of equal scores, from the highest, of (positives in the group) x (precision at its end). */
function walkDown(ascending: usize, count: usize): f64 {
  let found: f64 = 0;
  let sum: f64 = 0;
  let i: isize = count - 1;
  while (i >= 0) {
    const score = load<u64>(ascending + ((<usize>i) << 3)) >> 1;
    let gained: f64 = 0;
    for (; i >= 0; i--) {
      const key = load<u64>(ascending + ((<usize>i) << 3));
      if (key >> 1 != score) break;
      gained += <f64>(key & 1);
    }
    found += gained;
    sum += (gained * found) / <f64>(<isize>count - 1 - i);
  }
  return sum;
}
