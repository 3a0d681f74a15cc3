import type { Kernels, Matrix } from "../../math/index.ts";
import { categoryMatrix, featuresOf } from "../features.ts";
import type { Features } from "../types.ts";

/** Images whose features are turned together: small enough for float32 sums of slopes to be exact to about 1e-6, large enough to keep the kernels busy. */
const imagesPerChunk = 4096;

/** The images as some categories see them, and the same turned, so that an image is a column. */
interface View {
  readonly matrix: Matrix;
  readonly turned: readonly Matrix[];
}

/**
 * Both directions between heads and cells for a loss the kernels do not know: logits of all cells from weights, and gradients of weights from slopes of all cells. The
 * second is a product with the turned features, so it is the kernels' `scores` as well, on a second copy of the features in which an image is a column.
 * Where every category has features of its own there is such a pair for each: 2*N*C*D numbers instead of 2*N*D.
 */
export class ScoreMap {
  readonly images: number;
  readonly columns: number;
  private readonly kernels: Kernels;
  /** One that all categories share, or one for each. */
  private readonly views: View[] = [];
  private readonly shared: boolean;

  /** `map` turns the features (D) that a category sees of an image into what its head sees. Errors: kernels.out-of-memory. */
  constructor(kernels: Kernels, features: Features, rows: Uint32Array, map: (category: number, from: Float32Array, into: Float32Array) => void) {
    this.kernels = kernels;
    this.images = rows.length;
    this.columns = features.columns;
    this.shared = features.categories === undefined;
    try {
      for (let c = 0; c < (features.categories ?? 1); c++) this.views.push(viewOf(kernels, features, rows, c, (from, into) => map(c, from, into)));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Fills the logits (C*n, category-major) of the given heads from parameters (C*(D+1): D weights and the intercept of each). */
  logits(parameters: Float64Array, heads: Uint32Array, out: Float32Array): void {
    const { images: n, columns: D } = this;
    for (const [{ matrix }, some] of this.headsByView(heads)) {
      const weights = new Float64Array(some.length * D);
      const intercepts = new Float64Array(some.length);
      some.forEach((c, k) => {
        weights.set(parameters.subarray(c * (D + 1), c * (D + 1) + D), k * D);
        intercepts[k] = parameters[c * (D + 1) + D];
      });
      const scores = this.kernels.scores(matrix, weights, intercepts);
      some.forEach((c, k) => {
        for (let i = 0; i < n; i++) out[c * n + i] = scores[i * some.length + k];
      });
    }
  }

  /** Fills the gradient (C*(D+1)) of the given heads from the slopes (C*n). */
  gradient(slopes: Float64Array, heads: Uint32Array, out: Float64Array): void {
    const { images: n, columns: D } = this;
    heads.forEach((c) => {
      let sum = 0;
      for (let cell = c * n; cell < (c + 1) * n; cell++) sum += slopes[cell];
      out.fill(0, c * (D + 1), c * (D + 1) + D);
      out[c * (D + 1) + D] = sum;
    });
    for (const [{ turned }, some] of this.headsByView(heads)) {
      const K = some.length;
      const zeros = new Float64Array(K);
      turned.forEach((matrix, chunk) => {
        const first = chunk * imagesPerChunk;
        const size = Math.min(imagesPerChunk, n - first);
        const weights = new Float64Array(K * size);
        some.forEach((c, k) => weights.set(slopes.subarray(c * n + first, c * n + first + size), k * size));
        const product = this.kernels.scores(matrix, weights, zeros);
        some.forEach((c, k) => {
          for (let j = 0; j < D; j++) out[c * (D + 1) + j] += product[j * K + k];
        });
      });
    }
  }

  dispose(): void {
    for (const { matrix, turned } of this.views.splice(0)) {
      matrix.dispose();
      for (const each of turned) each.dispose();
    }
  }

  private headsByView(heads: Uint32Array): (readonly [View, Uint32Array])[] {
    if (this.shared) return [[this.views[0], heads]];
    return Array.from(heads, (c) => [this.views[c], Uint32Array.of(c)] as const);
  }
}

function viewOf(kernels: Kernels, features: Features, rows: Uint32Array, category: number, map: (from: Float32Array, into: Float32Array) => void): View {
  const D = features.columns;
  const matrix = categoryMatrix(kernels, features, rows, category, map);
  const turned: Matrix[] = [];
  try {
    for (let first = 0; first < rows.length; first += imagesPerChunk) {
      const size = Math.min(imagesPerChunk, rows.length - first);
      const row = new Float32Array(D);
      turned.push(
        kernels.matrix(D, size, (block, from, count) => {
          for (let i = 0; i < size; i++) {
            map(featuresOf(features, rows[first + i], category), row);
            for (let j = 0; j < count; j++) block[j * size + i] = row[from + j];
          }
        }),
      );
    }
    return { matrix, turned };
  } catch (error) {
    for (const each of [matrix, ...turned]) each.dispose();
    throw error;
  }
}
