/** Arrays of numbers the metrics take. */
export type Numbers = Float32Array | Float64Array | readonly number[];

/** Labels or answers: 1 or 0. */
export type Bits = Uint8Array | readonly number[];

/** Below this the 2,048 counters of a radix pass cost more than comparing (measured: they break even between 200 and 400 scores). */
const worthCounting = 256;

const digitBits = 11;
const digits = 2 ** digitBits;

/**
 * Positions of (n) scores from the highest to the lowest; equal ones (-0 equals 0) by position. The scores must hold no NaN.
 * A radix sort by 11 bits at a time: linear in n, so that the millions of cells of a micro average cost tenths of a second.
 */
export function descendingOrder(scores: Numbers): Uint32Array {
  const n = scores.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  if (n < worthCounting) return order.sort((a, b) => scores[b] - scores[a] || a - b);
  return wordsOf(scores).reduce((sorted, word) => sortByWord(sorted, word), order);
}

/** 32-bit words that, compared as unsigned numbers from the last word to the first, order the scores from the highest to the lowest. */
function wordsOf(scores: Numbers): Uint32Array[] {
  const n = scores.length;
  if (scores instanceof Float32Array) {
    // Adding 0 turns -0 into 0.
    const high = new Uint32Array(scores.map((score) => score + 0).buffer);
    for (let i = 0; i < n; i++) high[i] = high[i] >= signBit ? high[i] : 0x7fff_ffff - high[i];
    return [high];
  }
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < n; i++) {
    view.setFloat64(0, scores[i] + 0);
    const [h, l] = [view.getUint32(0), view.getUint32(4)];
    high[i] = h >= signBit ? h : 0x7fff_ffff - h;
    low[i] = h >= signBit ? l : 0xffff_ffff - l;
  }
  return [low, high];
}

const signBit = 0x8000_0000;

/** Stable: positions with equal words keep their order. */
function sortByWord(order: Uint32Array, word: Uint32Array): Uint32Array {
  const n = order.length;
  let from = order;
  let to: Uint32Array = new Uint32Array(n);
  for (let shift = 0; shift < 32; shift += digitBits) {
    const next = new Uint32Array(digits + 1);
    for (let i = 0; i < n; i++) next[((word[i] >>> shift) & (digits - 1)) + 1] += 1;
    // Scores that came from float32 have equal low digits: nothing to move.
    if (next.includes(n)) continue;
    for (let digit = 0; digit < digits; digit++) next[digit + 1] += next[digit];
    for (let i = 0; i < n; i++) {
      const position = from[i];
      to[next[(word[position] >>> shift) & (digits - 1)]++] = position;
    }
    [from, to] = [to, from];
  }
  return from;
}
