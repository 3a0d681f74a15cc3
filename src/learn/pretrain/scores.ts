import type { Kernels, Matrix } from "../../math/index.ts";
import { categoryMatrix } from "../features.ts";
import type { Features } from "../types.ts";

/** Images whose features are turned together: small enough for float32 sums of slopes to be exact to about 1e-6, large enough to keep the kernels busy. */
const imagesPerChunk = 4096;

/**
 * Both directions between heads and cells for a loss the kernels do not know: logits of all cells from weights, and gradients of weights from slopes of all cells. The
 * second is a product with the turned features, so it is the kernels' `scores` as well, on a second copy of the features in which an image is a column.
 */
export class ScoreMap {
  readonly images: number;
  readonly columns: number;
  private readonly kernels: Kernels;
  private readonly matrix: Matrix;
  private readonly turned: readonly Matrix[];

  /** `map` turns a row of features (D) into what the heads see. */
  constructor(kernels: Kernels, features: Features, rows: Uint32Array, map: (from: Float32Array, into: Float32Array) => void) {
    const D = features.columns;
    this.kernels = kernels;
    this.images = rows.length;
    this.columns = D;
    this.matrix = categoryMatrix(kernels, features, rows, 0, map);
    const chunks = Math.ceil(rows.length / imagesPerChunk);
    this.turned = Array.from({ length: chunks }, (_, chunk) => {
      const first = chunk * imagesPerChunk;
      const size = Math.min(imagesPerChunk, rows.length - first);
      const row = new Float32Array(D);
      return kernels.matrix(D, size, (block, from, count) => {
        for (let i = 0; i < size; i++) {
          map(features.block(rows[first + i], 1), row);
          for (let j = 0; j < count; j++) block[j * size + i] = row[from + j];
        }
      });
    });
  }

  /** Fills the logits (C*n, category-major) of the given heads from parameters (C*(D+1): D weights and the intercept of each). */
  logits(parameters: Float64Array, heads: Uint32Array, out: Float32Array): void {
    const { images: n, columns: D } = this;
    const weights = new Float64Array(heads.length * D);
    const intercepts = new Float64Array(heads.length);
    heads.forEach((c, k) => {
      weights.set(parameters.subarray(c * (D + 1), c * (D + 1) + D), k * D);
      intercepts[k] = parameters[c * (D + 1) + D];
    });
    const scores = this.kernels.scores(this.matrix, weights, intercepts);
    heads.forEach((c, k) => {
      for (let i = 0; i < n; i++) out[c * n + i] = scores[i * heads.length + k];
    });
  }

  /** Fills the gradient (C*(D+1)) of the given heads from the slopes (C*n). */
  gradient(slopes: Float64Array, heads: Uint32Array, out: Float64Array): void {
    const { images: n, columns: D } = this;
    const K = heads.length;
    heads.forEach((c) => {
      let sum = 0;
      for (let cell = c * n; cell < (c + 1) * n; cell++) sum += slopes[cell];
      out.fill(0, c * (D + 1), c * (D + 1) + D);
      out[c * (D + 1) + D] = sum;
    });
    const zeros = new Float64Array(K);
    this.turned.forEach((matrix, chunk) => {
      const first = chunk * imagesPerChunk;
      const size = Math.min(imagesPerChunk, n - first);
      const weights = new Float64Array(K * size);
      heads.forEach((c, k) => weights.set(slopes.subarray(c * n + first, c * n + first + size), k * size));
      const product = this.kernels.scores(matrix, weights, zeros);
      heads.forEach((c, k) => {
        for (let j = 0; j < D; j++) out[c * (D + 1) + j] += product[j * K + k];
      });
    });
  }

  dispose(): void {
    this.matrix.dispose();
    for (const matrix of this.turned) matrix.dispose();
  }
}
