import type { RankedCells, ReplicatedAveragePrecisions } from "../kernels.ts";
import { averagePrecisionWithWeights, replicatedAveragePrecision, sortForRanking, type Replicates } from "../metrics/ranking.ts";
import { checkLength } from "./check-cells.ts";

/**
 * Average precision of each head: the sum over groups of equal scores, from the highest, of (recall gained by the group)
 * x (precision at its end). scores and positive (0/1) are (M) in the order of headStart; NaN for a head without a
 * positive or a negative, and for heads left out by `active`.
 */
export function averagePrecisions(scores: Float32Array, positive: Uint8Array, headStart: Uint32Array, active?: Uint8Array): Float64Array {
  checkLength("positive", positive, scores.length);
  const heads = headStart.length - 1;
  const out = new Float64Array(heads).fill(Number.NaN);
  const keys = sortKeys(scores, positive);
  for (let k = 0; k < heads; k++) {
    if (active === undefined || active[k] !== 0) out[k] = averagePrecisionOfKeys(keys.subarray(headStart[k], headStart[k + 1]).sort());
  }
  return out;
}

/** Whole numbers that order like the scores, with the label as the lowest bit: one native sort moves both. */
function sortKeys(scores: Float32Array, positive: Uint8Array): Float64Array {
  const keys = new Float64Array(scores.length);
  const number = new Float32Array(1);
  const bits = new Uint32Array(number.buffer);
  for (let i = 0; i < scores.length; i++) {
    // Adding 0 turns -0 into 0, so that the two tie.
    number[0] = scores[i] + 0;
    const word = bits[0];
    const ordered = word >= 0x8000_0000 ? 0xffff_ffff - word : word + 0x8000_0000;
    keys[i] = ordered * 2 + (positive[i] === 0 ? 0 : 1);
  }
  return keys;
}

function averagePrecisionOfKeys(ascending: Float64Array): number {
  let total = 0;
  for (const key of ascending) total += key % 2;
  if (total === 0 || total === ascending.length) return Number.NaN;
  let found = 0;
  let sum = 0;
  let i = ascending.length - 1;
  while (i >= 0) {
    const score = Math.floor(ascending[i] / 2);
    let gained = 0;
    for (; i >= 0 && Math.floor(ascending[i] / 2) === score; i--) gained += ascending[i] % 2;
    found += gained;
    sum += (gained * found) / (ascending.length - 1 - i);
  }
  return sum / total;
}

/** Kernels.replicatedAveragePrecisions, head by head. */
export function plainReplicatedAveragePrecisions({ scores, positive, headStart, image }: RankedCells, draws: Replicates, active?: Uint8Array): ReplicatedAveragePrecisions {
  checkLength("positive", positive, scores.length);
  checkLength("image", image, scores.length);
  const K = headStart.length - 1;
  const point = new Float64Array(K).fill(Number.NaN);
  const replicates = new Float64Array(K * draws.count).fill(Number.NaN);
  for (let k = 0; k < K; k++) {
    if (active !== undefined && active[k] === 0) continue;
    const [from, to] = [headStart[k], headStart[k + 1]];
    const ranking = sortForRanking(scores.subarray(from, to));
    const labels = positive.subarray(from, to);
    point[k] = averagePrecisionWithWeights(ranking, labels, null);
    if (!Number.isNaN(point[k])) replicates.set(replicatedAveragePrecision(ranking, labels, image.subarray(from, to), draws), k * draws.count);
  }
  return { point, replicates };
}
