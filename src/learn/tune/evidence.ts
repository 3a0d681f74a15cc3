import { bootstrapReplicates, type Kernels, type Replicates } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";
import type { TuneOptions } from "../types.ts";
import { scoreReplicates } from "./selection-metric.ts";

export const replicateCount = 100;

/** The selection metric of several score vectors (S), times its sense (more is better), per category, on the data and on paired bootstrap replicates. */
export interface Evidence {
  /** [s][c]; NaN where the category has no known positive or no known negative. */
  readonly point: readonly (readonly number[])[];
  /** [s][r][c]; NaN also where a replicate drew none of one class. */
  readonly replicates: readonly (readonly (readonly number[])[])[];
}

/**
 * Scores every vector of logits (M, in the order of the cells) under one metric, with `replicateCount` bootstrap replicates that
 * draw the given images (whole groups, where images belong together) with replacement; all vectors see the same draws, so
 * differences are paired. `images` are the rows of the part the cells are from, and of no other: drawing among other images too would
 * make the number of cells vary more than the part's own sampling does.
 * Scores are sorted once per vector and category; average precision by the kernels. groupIdOf(row) names the image's group; draws hang on these names.
 */
export async function selectionEvidence(
  cells: KnownCells,
  vectors: readonly Float32Array[],
  images: Uint32Array,
  groupIdOf: (row: number) => string,
  options: { readonly kernels: Kernels; readonly metric: TuneOptions["metric"]; readonly seed: number; readonly wanted: Uint8Array },
  report: (done: number, total: number) => void | Promise<void>,
): Promise<Evidence> {
  const C = cells.start.length - 1;
  const draws = bootstrapReplicates(Array.from(images, groupIdOf), replicateCount, options.seed);
  const place = new Uint32Array((images.at(-1) ?? -1) + 1);
  images.forEach((row, at) => {
    place[row] = at;
  });
  const point = vectors.map(() => new Array<number>(C).fill(Number.NaN));
  const replicates = vectors.map(() => Array.from({ length: replicateCount }, () => new Array<number>(C).fill(Number.NaN)));
  const image = cells.row.map((row) => place[row]);
  const judge = options.metric === "ap" ? byKernels(options.kernels, cells, image, draws, options.wanted) : byMetric(options.metric, cells, image, draws, options.wanted);
  for (const [s, vector] of vectors.entries()) {
    judge(vector, (c, once, replicated) => {
      point[s][c] = once;
      replicated?.forEach((value, r) => {
        replicates[s][r][c] = value;
      });
    });
    await report(s + 1, vectors.length);
  }
  return { point, replicates };
}

/** Tells of every wanted category with cells how one vector of logits scores: on the data, and on each replicate (null: undefined on all). */
type Judge = (vector: Float32Array, tell: (category: number, point: number, replicates: Float64Array | null) => void) => void;

function byKernels(kernels: Kernels, { start: headStart, positive }: KnownCells, image: Uint32Array, draws: Replicates, wanted: Uint8Array): Judge {
  return (scores, tell) => {
    const { point, replicates } = kernels.replicatedAveragePrecisions({ scores, positive, headStart, image }, draws, wanted);
    point.forEach((once, c) => tell(c, once, replicates.subarray(c * draws.count, (c + 1) * draws.count)));
  };
}

function byMetric(metric: TuneOptions["metric"], cells: KnownCells, image: Uint32Array, draws: Replicates, wanted: Uint8Array): Judge {
  return (vector, tell) => {
    wanted.forEach((yes, c) => {
      const [from, to] = [cells.start[c], cells.start[c + 1]];
      if (yes === 0 || from === to) return;
      const scored = scoreReplicates(metric, vector.subarray(from, to), cells.positive.subarray(from, to), image.subarray(from, to), draws);
      tell(c, scored.point, scored.replicates);
    });
  };
}

/** Mean over the finite entries; NaN when there are none. */
export function finiteMean(values: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Sample standard deviation over the finite entries; NaN when fewer than two. */
export function finiteDeviation(values: readonly number[]): number {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length < 2) return Number.NaN;
  const mean = finiteMean(finite);
  return Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (finite.length - 1));
}
