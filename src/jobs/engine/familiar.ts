/** Whether a new picture is like those that were labelled: how far it lies from the nearest of them, in the features the heads read. */
import type { ReferenceRows } from "../../workspace/index.ts";

/** Fewer labelled pictures than this say nothing of what is usual. */
export const fewestReference = 20;
/** More are thinned to this many, evenly: nearness is then told from a sample, fast enough for every picture that is asked about. */
const mostReference = 1000;
/** The limit is learnt from the distances of this many of them, evenly taken: it takes a second, not five, and a percentile is no surer with more. */
const mostAsked = 250;
/** A picture is unfamiliar when it lies farther from its nearest than all but this share of the labelled pictures do from theirs. */
const usualShare = 0.99;
/** A feature that hardly varies among the labelled pictures must not make everything far: its deviation counts as this share of the median one. */
const leastDeviation = 0.25;

/** Standardised labelled pictures (K x D) and the distance that is still usual. */
export interface Familiarity {
  readonly columns: number;
  /** (K*D), standardised. */
  readonly rows: Float32Array;
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  readonly limit: number;
}

/**
 * What is usual among labelled pictures (N x D). Each feature is centred and scaled by its deviation; the distance to the nearest other picture of another group is taken for up to 250 of the kept ones, and the 99th percentile of
 * those is the limit. null under 20 pictures, or where all belong to one group. `groups` (N).
 */
export function learnFamiliarity(data: Float32Array, columns: number, groups: readonly number[]): Familiarity | null {
  const N = groups.length;
  if (N < fewestReference || new Set(groups).size < 2) return null;
  const { mean, deviation } = moments(data, N, columns);
  const kept = N <= mostReference ? Array.from({ length: N }, (_, at) => at) : Array.from({ length: mostReference }, (_, at) => Math.floor((at * N) / mostReference));
  const rows = new Float32Array(kept.length * columns);
  kept.forEach((from, at) => standardise(data.subarray(from * columns, (from + 1) * columns), mean, deviation, rows.subarray(at * columns, (at + 1) * columns)));
  const asked = Array.from({ length: Math.min(kept.length, mostAsked) }, (_, at) => Math.floor((at * kept.length) / Math.min(kept.length, mostAsked)));
  const distances = asked.map((at) => nearest(rows, columns, rows.subarray(at * columns, (at + 1) * columns), (other) => groups[kept[other]!] !== groups[kept[at]!]));
  const ascending = Float64Array.from(distances.filter((distance) => Number.isFinite(distance))).sort();
  if (ascending.length === 0) return null;
  return { columns, rows, mean, deviation, limit: ascending[Math.min(ascending.length - 1, Math.ceil(usualShare * ascending.length) - 1)]! };
}

/** Whether a picture's features (D) are as near to a labelled picture's as is usual among these. */
export function isFamiliar({ rows, columns, mean, deviation, limit }: Familiarity, features: Float32Array): boolean {
  const own = new Float32Array(columns);
  standardise(features, mean, deviation, own);
  return nearest(rows, columns, own, () => true, limit) <= limit;
}

/** How it is kept beside a version: the standardised rows, then mean, deviation and limit (repeated) as three more. */
export function toReference({ columns, rows, mean, deviation, limit }: Familiarity): ReferenceRows {
  const K = rows.length / columns;
  const data = new Float32Array(rows.length + 3 * columns);
  data.set(rows);
  data.set(mean, rows.length);
  data.set(deviation, rows.length + columns);
  data.fill(limit, rows.length + 2 * columns);
  return { ids: [...Array.from({ length: K }, (_, at) => String(at)), "mean", "deviation", "limit"], columns, data };
}

/** What `toReference` kept; null for null. */
export function fromReference(reference: ReferenceRows | null): Familiarity | null {
  if (reference === null || reference.ids.length < 4) return null;
  const { columns, data } = reference;
  const end = data.length - 3 * columns;
  return { columns, rows: data.subarray(0, end), mean: data.subarray(end, end + columns), deviation: data.subarray(end + columns, end + 2 * columns), limit: data[end + 2 * columns]! };
}

function moments(data: Float32Array, N: number, D: number): { mean: Float32Array; deviation: Float32Array } {
  const sums = new Float64Array(D);
  const squares = new Float64Array(D);
  for (let i = 0; i < N; i++) for (let j = 0; j < D; j++) sums[j] = sums[j]! + data[i * D + j]!;
  const mean = Float32Array.from(sums, (sum) => sum / N);
  for (let i = 0; i < N; i++) for (let j = 0; j < D; j++) squares[j] = squares[j]! + (data[i * D + j]! - mean[j]!) ** 2;
  const raw = Float64Array.from(squares, (sum) => Math.sqrt(sum / N));
  const alive = raw.filter((value) => value > 1e-6).sort();
  const least = alive.length === 0 ? 1 : leastDeviation * alive[Math.floor(alive.length / 2)]!;
  return { mean, deviation: Float32Array.from(raw, (value) => Math.max(value, least)) };
}

function standardise(from: Float32Array, mean: Float32Array, deviation: Float32Array, into: Float32Array): void {
  for (let j = 0; j < into.length; j++) into[j] = (from[j]! - mean[j]!) / deviation[j]!;
}

/** Euclidean distance to the nearest row for which `counts` says yes; a row is left as soon as it is known to be farther. Stops at the first within `enough`. */
function nearest(rows: Float32Array, D: number, own: Float32Array, counts: (row: number) => boolean, enough = 0): number {
  let best = Infinity;
  for (let row = 0; row * D < rows.length; row++) {
    if (!counts(row)) continue;
    let sum = 0;
    for (let j = 0; j < D && sum < best; j += 16) {
      const end = Math.min(D, j + 16);
      for (let k = j; k < end; k++) sum += (rows[row * D + k]! - own[k]!) ** 2;
    }
    if (sum < best) best = sum;
    if (best <= enough * enough && enough > 0) break;
  }
  return Math.sqrt(best);
}
