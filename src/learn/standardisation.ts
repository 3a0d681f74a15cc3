import { featuresOf } from "./features.ts";
import { finished, type Steps } from "./steps.ts";
import type { Features } from "./types.ts";

/** (D) each. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

const rowsPerStep = 65_536;

/**
 * Mean and scale (D) of the features, as `category` sees them, over the fit rows (positions in `rows`).
 *
 * scale_j = max(sd_j, .25 * median sd over units with sd > 1e-6); units below 1e-6 are dead and keep scale 1. Fine-tuned networks have
 * nearly dead units whose standardised values would reach hundreds on new images (METHOD 4.2.1).
 */
export function standardisation(features: Features, rows: Uint32Array, fit: Uint32Array, category: number): Standardisation {
  return finished(standardising(features, rows, fit, category));
}

/** As standardisation, step by step. */
export function* standardising(features: Features, rows: Uint32Array, fit: Uint32Array, category: number): Steps<Standardisation> {
  const D = features.columns;
  const mean = new Float64Array(D);
  for (const [at, i] of fit.entries()) {
    const z = featuresOf(features, rows[i], category);
    for (let j = 0; j < D; j++) mean[j] += z[j];
    if ((at + 1) % rowsPerStep === 0) yield (0.5 * at) / fit.length;
  }
  for (let j = 0; j < D; j++) mean[j] /= fit.length;
  const scale = new Float64Array(D);
  for (const [at, i] of fit.entries()) {
    const z = featuresOf(features, rows[i], category);
    for (let j = 0; j < D; j++) scale[j] += (z[j] - mean[j]) ** 2;
    if ((at + 1) % rowsPerStep === 0) yield 0.5 + (0.5 * at) / fit.length;
  }
  for (let j = 0; j < D; j++) scale[j] = Math.sqrt(scale[j] / fit.length);
  const alive = scale.filter((deviation) => deviation > 1e-6).sort();
  const median = alive.length === 0 ? 1 : (alive[(alive.length - 1) >> 1] + alive[alive.length >> 1]) / 2;
  for (let j = 0; j < D; j++) scale[j] = scale[j] > 1e-6 ? Math.max(scale[j], 0.25 * median) : 1;
  return { mean, scale };
}
