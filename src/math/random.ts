import { expected } from "../errors.ts";

/** A stream of pseudo-random numbers that depends on its seed alone: the same on every machine and in every run. */
export interface RandomSource {
  /** Uniform in [0, 1), 53 random bits. */
  next(): number;
  /** Uniform in 0 .. bound-1, without modulo bias; bound is a whole number in 1 .. 2^32. */
  integer(bound: number): number;
  /** Standard normal (mean 0, variance 1), by Marsaglia's polar method. */
  normal(): number;
  /** Permutes the list in place (Fisher-Yates) and returns it. */
  shuffle<List extends MutableList>(list: List): List;
}

/** A list that can be reordered in place. */
export type MutableList = unknown[] | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/**
 * A seeded generator: xoshiro128** (Blackman and Vigna 2018), period 2^128 - 1, its four words hashed from the seed's text.
 *
 * A number and its decimal text give the same stream. Derive independent streams by naming them: `${seed}/folds/${category}`.
 * Errors: usage.invalid-value for a seed that is NaN or infinite.
 */
export function randomSource(seed: number | string): RandomSource {
  if (typeof seed === "number" && !Number.isFinite(seed)) throw expected("seed", "a finite number or a text", seed);
  const text = String(seed);
  let a = hashOf(text, 1);
  let b = hashOf(text, 2);
  let c = hashOf(text, 3);
  // The one forbidden state is all zeros; an odd last word rules it out.
  let d = hashOf(text, 4) | 1;
  let spare = Number.NaN;

  function word(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function next(): number {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  function integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw expected("bound", "a whole number in 1 .. 2^32", bound);
    const fair = 2 ** 32 - (2 ** 32 % bound);
    let drawn = word();
    while (drawn >= fair) drawn = word();
    return drawn % bound;
  }

  function normal(): number {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const x = 2 * next() - 1;
      const y = 2 * next() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    }
  }

  function shuffle<List extends MutableList>(list: List): List {
    for (let last = list.length - 1; last > 0; last -= 1) {
      const other = integer(last + 1);
      const kept = list[last];
      list[last] = list[other];
      list[other] = kept;
    }
    return list;
  }

  return { next, integer, normal, shuffle };
}

/**
 * A 32-bit hash of a text (0 .. 2^32-1): FNV-1a over its UTF-16 code units, then Murmur3's finaliser so that every bit of the
 * text moves every bit of the hash. Different salts give unrelated hashes. Not for secrets.
 */
export function hashOf(text: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ mixBits(salt);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return mixBits(hash);
}

/** Murmur3's 32-bit finaliser: a bijection of 0 .. 2^32-1 that scatters neighbouring numbers; 0 stays 0. */
export function mixBits(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
