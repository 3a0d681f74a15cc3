import type { Kernels } from "../../math/index.ts";
import { imageScores, type FeatureMatrix } from "../features.ts";
import type { Head } from "../types.ts";

/** Scores held at a time (of images, of some categories each). */
const scoresAtOnce = 1 << 22;

/** How a head spreads each category's logits over the reference images. */
export interface LogitSpread {
  /** (C) */
  readonly mean: Float64Array;
  /** (C): standard deviation; 1 where all logits are alike. */
  readonly deviation: Float64Array;
}

/**
 * Mean and standard deviation (divided by n) of a head's logits over all images of a matrix, category by category. It looks at features alone:
 * heads that are brought to one scale by it, (s - mean) / deviation, learn nothing of any label by that.
 */
export function logitSpread(kernels: Kernels, images: FeatureMatrix, count: number, head: Head): LogitSpread {
  const { columns: D } = head;
  const C = head.categories.length;
  const places = Uint32Array.from({ length: count }, (_, i) => i);
  const [mean, deviation] = [new Float64Array(C), new Float64Array(C).fill(1)];
  const step = Math.max(1, Math.floor(scoresAtOnce / Math.max(1, count)));
  for (let first = 0; first < C; first += step) {
    const last = Math.min(C, first + step);
    const scores = imageScores(kernels, images, Float64Array.from(head.weight.subarray(first * D, last * D)), Float64Array.from(head.bias.subarray(first, last)), places, first);
    const width = last - first;
    for (let c = 0; c < width; c++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += scores[i * width + c];
      const centre = sum / count;
      let squares = 0;
      for (let i = 0; i < count; i++) squares += (scores[i * width + c] - centre) ** 2;
      mean[first + c] = centre;
      if (squares > 0) deviation[first + c] = Math.sqrt(squares / count);
    }
  }
  return { mean, deviation };
}
