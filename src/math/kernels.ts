/**
 * The contract of the inner loops. `plainKernels` (beside this file) is its definition of truth; the `kernels` room has
 * WASM twins on threads that must agree with it.
 *
 * Left out on purpose: files, threads, progress, choice of categories or strengths. A kernel is dull: arrays in, numbers out.
 * Everything is synchronous; whoever needs a responsive process runs the method in a worker.
 *
 * Shapes: N rows (images), D columns (features), K heads (usually the categories), M cells. Arrays are row-major.
 */

import type { Replicates } from "./metrics/ranking.ts";

/** The loss of one cell as a function of its logit s and its target y in [0, 1]. See math/losses for the formulas. */
export type CellLoss =
  | { readonly kind: "bce" }
  | {
      readonly kind: "asl";
      readonly gammaPositive: number;
      readonly gammaNegative: number;
      readonly margin: number;
      /** true: the focal factor counts as a constant in the gradient, as the paper's code does. */
      readonly detachFocal: boolean;
    };

/** A set of cells, sorted by head, and by row within a head. */
export interface Cells {
  /** (K+1): the cells of head k are headStart[k] .. headStart[k+1]-1. */
  readonly headStart: Uint32Array;
  /** (M): the row of the matrix. Ascending within a head. */
  readonly row: Uint32Array;
  /** (M): the target in [0, 1]; 0 or 1 for hard labels. */
  readonly target: Float32Array;
  /** (M): weight of the cell, greater than 0. */
  readonly weight: Float32Array;
  /** (M): added to every logit (the base head's logit in tuning; zeros in pretraining). */
  readonly offset: Float32Array;
}

/** What one pass returns. The arrays belong to the problem and are overwritten by its next pass. */
export interface LossGradient {
  /** (K): sum over the head's cells of weight * loss. */
  readonly loss: Float64Array;
  /** (K*D): d loss / d weights. */
  readonly gradient: Float64Array;
  /** (K): d loss / d intercept. */
  readonly interceptGradient: Float64Array;
  /** (K): d2 loss / d intercept2, the summed curvature of the head's cells (ASL: each floored at 0). */
  readonly interceptCurvature: Float64Array;
}

/** The answer of a curvature product: the Hessian of K heads' summed losses times a direction of theirs. */
export interface CurvatureProduct {
  /** (K*D): H_ww * direction + H_wb * directionIntercept, H the Gauss-Newton/Hessian of the summed loss (ASL: curvature floored at 0). */
  readonly product: Float64Array;
  /** (K) */
  readonly interceptProduct: Float64Array;
}

/** Row-major N x D float32 numbers, kept where the kernels can reach them. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** true: the rows are not all in memory, and every pass reads them from a disk, so that it pays to do much in each. Absent: they are. */
  readonly streamed?: boolean;
  dispose(): void;
}

/** Cells of a matrix under one loss. `active[k] === 0` leaves head k out: its outputs keep their former values. */
export interface CellProblem {
  readonly heads: number;
  readonly columns: number;
  readonly cellCount: number;
  /** weights (K*D), intercepts (K). Also keeps each cell's curvature for curvatureProduct. */
  lossGradient(weights: Float64Array, intercepts: Float64Array, active?: Uint8Array): LossGradient;
  /** At the point of the last lossGradient of each active head, which must have been asked for before; of a streamed matrix, since its logits were last asked for. */
  curvatureProduct(direction: Float64Array, directionIntercepts: Float64Array, active?: Uint8Array): CurvatureProduct;
  /** (M) logits, offset included, into `out`. */
  logits(weights: Float64Array, intercepts: Float64Array, out: Float32Array, active?: Uint8Array): void;
  dispose(): void;
}

/** Numbers that the cells of K heads have, from several sources, ready to be added up. */
export interface CellSums {
  /** out[i] = sum over the sources, in their order, of factors[k*S + source] * source[i] for the cells i of head k, in float64; cells of heads with active 0 keep their former values. factors (K*S), out (M). */
  sum(factors: Float64Array, out: Float32Array, active?: Uint8Array): void;
  dispose(): void;
}

/** Scores of K heads, each with cells of its own. */
export interface RankedCells {
  /** (M), in the order of headStart. */
  readonly scores: Float32Array;
  /** (M) 0/1. */
  readonly positive: Uint8Array;
  /** (K+1) */
  readonly headStart: Uint32Array;
  /** (M): the image of each cell, by its place among the replicates' images. */
  readonly image: Uint32Array;
}

/** What became of ranked cells. */
export interface ReplicatedAveragePrecisions {
  /** (K) */
  readonly point: Float64Array;
  /** (K*R) */
  readonly replicates: Float64Array;
}

/**
 * The inner loops behind one contract: matrices of features, losses and gradients of many heads at once, scores, matrix products, average precision.
 * `plainKernels` defines what they compute; `loadKernels` of catwise/kernels gives the fastest that agree with it.
 */
export interface Kernels {
  /** "plain", "simd" or "relaxed-simd". */
  readonly name: string;
  readonly threads: number;
  /** How many known cells, of all heads, are walked together at most, about: more share each reading of the rows, and take memory. Results hang on it by roundings. */
  readonly cellsAtOnce: number;
  /**
   * A new matrix; `fill` is called for successive groups of rows with a zeroed rows x columns buffer to write into. `again`: it may be called later
   * too, for any rows in ascending order, and gives the same numbers; where rows are too many for memory, that may spare a copy of them on disk.
   */
  matrix(rows: number, columns: number, fill: (block: Float32Array, firstRow: number, rowCount: number) => void, options?: { readonly again?: boolean }): Matrix;
  cellProblem(matrix: Matrix, cells: Cells, loss: CellLoss): CellProblem;
  /** The heads of problems (one or more, of the same columns) as one problem, in their order. Each answers as it would alone, but they share the readings of a streamed matrix. */
  together(problems: readonly CellProblem[]): CellProblem;
  /** X W^T + b: weights (K*D), intercepts (K) -> (N*K) float32. `rows` limits and orders the rows. */
  scores(matrix: Matrix, weights: Float64Array, intercepts: Float64Array, rows?: Uint32Array): Float32Array;
  /** A new matrix X T: transform is D x E row-major. */
  transform(matrix: Matrix, transform: Float64Array, outputColumns: number): Matrix;
  /** transform step by step: yields the share of the rows that is done, so that the caller may do something else in between, but nothing with this matrix. */
  transformInSteps(matrix: Matrix, transform: Float64Array, outputColumns: number): Generator<number, Matrix, void>;
  /** X^T X over the given rows (all when absent): (D*D) float64, symmetric. */
  gram(matrix: Matrix, rows?: Uint32Array): Float64Array;
  /** Eigenvalues (descending) and eigenvectors (row k of `vectors` belongs to value k) of a symmetric n x n matrix. */
  eigen(symmetric: Float64Array, n: number): { readonly values: Float64Array; readonly vectors: Float64Array };
  /** Sums of S sources, (M) each in the order of headStart (K+1). They may be copied or not: nothing may be written to them before this is disposed of. */
  cellSums(headStart: Uint32Array, sources: readonly Float32Array[]): CellSums;
  /**
   * Average precision, ties grouped, for each head: scores (M) in the order of headStart, positive (M) 0/1.
   * NaN where a head has no positive or no negative.
   */
  averagePrecisions(scores: Float32Array, positive: Uint8Array, headStart: Uint32Array, active?: Uint8Array): Float64Array;
  /**
   * As averagePrecisions, and the same for each of R bootstrap replicates, in which a cell counts as often as its image was drawn: sorted once, judged R + 1 times.
   * NaN also where a replicate drew no positive or no negative.
   */
  replicatedAveragePrecisions(cells: RankedCells, draws: Replicates, active?: Uint8Array): ReplicatedAveragePrecisions;
  dispose(): void;
}
