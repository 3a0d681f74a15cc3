import { expected } from "../errors.ts";
import type { Kernels, Matrix } from "../math/index.ts";
import type { Features } from "./types.ts";

/** Features held in one row-major (N*D) array. Throws where the length is not rows * columns. */
export function denseFeatures(data: Float32Array, rows: number, columns: number): Features {
  if (data.length !== rows * columns) throw expected("features", `${rows} x ${columns} = ${rows * columns} numbers`, data.length);
  return { rows, columns, block: (first, count) => data.subarray(first * columns, (first + count) * columns) };
}

/** Copies the chosen rows (ascending) of the features into a kernel matrix, as they are. */
export function rawMatrix(kernels: Kernels, features: Features, rows: Uint32Array): Matrix {
  return mappedMatrix(kernels, features, rows, (from, into) => into.set(from));
}

/** As rawMatrix, each row (D) passed through `map` on its way. */
export function mappedMatrix(
  kernels: Kernels,
  features: Features,
  rows: Uint32Array,
  map: (from: Float32Array, into: Float32Array) => void,
): Matrix {
  const D = features.columns;
  return kernels.matrix(rows.length, D, (block, firstRow, rowCount) => {
    for (let i = 0; i < rowCount; i++) {
      map(features.block(rows[firstRow + i], 1), block.subarray(i * D, (i + 1) * D));
    }
  });
}
