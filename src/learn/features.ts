/**
 * Features where the kernels can reach them. Most networks give one list of numbers per image, which all categories share; some give every
 * category a list of its own (N x C x D). Nothing outside of this file knows how the second kind lies in a matrix.
 */
import { CatwiseError, expected } from "../errors.ts";
import type { CellLoss, CellProblem, Cells, Kernels, Matrix } from "../math/index.ts";
import type { Features } from "./types.ts";

/**
 * Features held in one row-major array: (N*D), or (N*C*D) where `categories` (C) says that every category has its own.
 * Throws usage.invalid-value where the length is not that.
 */
export function denseFeatures(data: Float32Array, rows: number, columns: number, categories?: number): Features {
  const width = columns * (categories ?? 1);
  if (data.length !== rows * width) {
    throw expected("features", `${rows} x ${categories === undefined ? "" : `${categories} x `}${columns} = ${rows * width} numbers`, data.length);
  }
  return { rows, columns, ...(categories === undefined ? {} : { categories }), block: (first, count) => data.subarray(first * width, (first + count) * width) };
}

/** The chosen rows of features, in the order given; ascending where the features are read from a file. */
export function chosenRows(features: Features, rows: Uint32Array): Features {
  const width = features.columns * (features.categories ?? 1);
  return {
    ...features,
    rows: rows.length,
    block(first, count) {
      if (count === 1) return features.block(rows[first], 1);
      const all = new Float32Array(count * width);
      for (let i = 0; i < count; i++) all.set(features.block(rows[first + i], 1), i * width);
      return all;
    },
  };
}

/** Throws features.category-mismatch where every category has features of its own and there are not `count` of them. */
export function requireCategories({ categories }: Features, count: number): void {
  if (categories === undefined || categories === count) return;
  throw new CatwiseError("features.category-mismatch", `The features are of ${categories} categories, each with its own; the labels have ${count} categories.`, {
    remedy: "Give labels and a head of exactly these categories, in the order of the features.",
  });
}

/** The features (D) of an image as a category sees them: its own where it has such, otherwise those all categories share. A view. */
export function featuresOf(features: Features, image: number, category: number): Float32Array {
  const all = features.block(image, 1);
  return features.categories === undefined ? all : all.subarray(category * features.columns, (category + 1) * features.columns);
}

/** A value for every category's features, made once where all categories share them. */
export function forFeaturesOf<T>({ categories }: Features, make: (category: number) => T): (category: number) => T {
  const made = Array.from({ length: categories ?? 1 }, (_, category) => make(category));
  return (category) => made[categories === undefined ? 0 : category];
}

/**
 * Features of n images in a kernel matrix: image i is row i where all categories share them, and row c*n + i as category c sees it
 * where each has its own. (The cells of a category then lie in neighbouring rows, which is the order the kernels read fastest.)
 */
export interface FeatureMatrix {
  readonly matrix: Matrix;
  readonly columns: number;
  /** Rows between an image as one category sees it and as the next does: 0 or n. */
  readonly categoryStride: number;
  dispose(): void;
}

/** A matrix of the chosen images (ascending) whose rows `write` fills: (D' = columns) numbers of image `rows[i]` as `category` sees it. `again`: see Kernels.matrix. */
export function featureMatrix(
  kernels: Kernels,
  features: Features,
  rows: Uint32Array,
  columns: number,
  write: (place: number, category: number, into: Float32Array) => void,
  options: { readonly again?: boolean } = {},
): FeatureMatrix {
  const n = rows.length;
  const fill = (block: Float32Array, firstRow: number, rowCount: number): void => {
    for (let i = 0; i < rowCount; i++) {
      const row = firstRow + i;
      write(row % n, Math.floor(row / n), block.subarray(i * columns, (i + 1) * columns));
    }
  };
  const matrix = kernels.matrix(n * (features.categories ?? 1), columns, fill, options);
  return asFeatureMatrix(matrix, features.categories === undefined ? 0 : n);
}

/** A kernel matrix as a FeatureMatrix. */
export function asFeatureMatrix(matrix: Matrix, categoryStride: number): FeatureMatrix {
  return { matrix, columns: matrix.columns, categoryStride, dispose: () => matrix.dispose() };
}

/** The chosen images (ascending) as they are. */
export function rawMatrix(kernels: Kernels, features: Features, rows: Uint32Array): FeatureMatrix {
  return featureMatrix(kernels, features, rows, features.columns, (place, category, into) => into.set(featuresOf(features, rows[place], category)), { again: true });
}

/** The chosen images (ascending) as one category sees them: (n x D), each row (D) passed through `map` on its way. */
export function categoryMatrix(
  kernels: Kernels,
  features: Features,
  rows: Uint32Array,
  category: number,
  map: (from: Float32Array, into: Float32Array) => void = (from, into) => into.set(from),
): Matrix {
  const D = features.columns;
  const fill = (block: Float32Array, firstRow: number, rowCount: number): void => {
    for (let i = 0; i < rowCount; i++) map(featuresOf(features, rows[firstRow + i], category), block.subarray(i * D, (i + 1) * D));
  };
  return kernels.matrix(rows.length, D, fill, { again: true });
}

/** Kernels.cellProblem for cells whose rows are the places of images in the matrix. */
export function cellProblem(kernels: Kernels, { matrix, categoryStride }: FeatureMatrix, cells: Cells, loss: CellLoss): CellProblem {
  if (categoryStride === 0) return kernels.cellProblem(matrix, cells, loss);
  const row = cells.row.slice();
  for (let c = 0; c + 1 < cells.headStart.length; c++) for (let i = cells.headStart[c]; i < cells.headStart[c + 1]; i++) row[i] += c * categoryStride;
  return kernels.cellProblem(matrix, { ...cells, row }, loss);
}

/** Logits of whole images, cells known or not: weights (C*D), intercepts (C), `places` (n) of images in the matrix -> (n*C). `first`: the category of the first weights. */
export function imageScores(kernels: Kernels, { matrix, columns: D, categoryStride }: FeatureMatrix, weights: Float64Array, intercepts: Float64Array, places: Uint32Array, first = 0): Float32Array {
  if (categoryStride === 0) return kernels.scores(matrix, weights, intercepts, places);
  const C = intercepts.length;
  const scores = new Float32Array(places.length * C);
  for (let c = 0; c < C; c++) {
    const own = kernels.scores(matrix, weights.slice(c * D, (c + 1) * D), intercepts.slice(c, c + 1), places.map((place) => place + (first + c) * categoryStride));
    for (let i = 0; i < own.length; i++) scores[i * C + c] = own[i];
  }
  return scores;
}
