import { sigmoid } from "../../math/index.ts";
import type { StrategyCells } from "./strategy-cells.ts";

/**
 * The expected number of positives of an image, where the caller gives none: the sum over categories of the share of positives among the known cells, or, where a category has no known
 * negative, of its known positives among all images (a lower bound: nothing better is known).
 */
export function estimatedPositives({ value, images: n, categories: C }: StrategyCells): number {
  let sum = 0;
  for (let c = 0; c < C; c++) {
    let positive = 0;
    let negative = 0;
    for (let cell = c * n; cell < (c + 1) * n; cell++) {
      if (value[cell] === 1) positive++;
      else if (value[cell] === 0) negative++;
    }
    if (positive > 0) sum += positive / (negative > 0 ? positive + negative : n);
  }
  return sum;
}

/**
 * Adds factor * ((1/n) sum_ic p_ic - k)^2 / C to the losses, in C equal parts, and its slopes. C times the published regulariser (sum/n - k)^2 / C^2,
 * as all losses here are C times a mean over images x categories.
 */
export function addCountPenalty({ images: n, categories: C }: StrategyCells, logits: Float32Array | Float64Array, k: number, factor: number, loss: Float64Array, slope: Float64Array): void {
  let sum = 0;
  for (let cell = 0; cell < logits.length; cell++) sum += sigmoid(logits[cell]);
  const off = sum / n - k;
  for (let c = 0; c < C; c++) loss[c] += (factor * off * off) / (C * C);
  const each = (2 * factor * off) / (C * n);
  for (let cell = 0; cell < logits.length; cell++) slope[cell] += each * sigmoid(logits[cell]) * sigmoid(-logits[cell]);
}
