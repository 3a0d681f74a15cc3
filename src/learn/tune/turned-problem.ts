import type { CellProblem, CurvatureProduct, Kernels, LossGradient, Matrix } from "../../math/index.ts";

/**
 * The map between heads on axes (u, E numbers) and heads on the features they are made of (w, D numbers), x = T^T z, so that u.x = (T u).z:
 * instead of turning every row to the axes, each head is turned to the features, and its gradient back. Of few heads and many rows that is far less work.
 */
export class Turn {
  readonly axes: number;
  readonly #columns: number;
  readonly #kernels: Kernels;
  /** T (D x E) and its transpose, float32 as the rows are. */
  readonly #toFeatures: Matrix;
  readonly #toAxes: Matrix;

  /** `map`: T, (D*E) row-major. */
  constructor(kernels: Kernels, map: Float64Array, axes: number) {
    const D = map.length / axes;
    this.axes = axes;
    this.#columns = D;
    this.#kernels = kernels;
    this.#toFeatures = kernels.matrix(D, axes, (block, first, count) => {
      for (let i = 0; i < count * axes; i++) block[i] = map[first * axes + i];
    });
    this.#toAxes = kernels.matrix(axes, D, (block, first, count) => {
      for (let e = 0; e < count; e++) for (let j = 0; j < D; j++) block[e * D + j] = map[j * axes + first + e];
    });
  }

  /** into (K*D) <- T u of the heads in `some`; u (K*E). The others keep what they hold. */
  toFeatures(u: Float64Array, some: Uint32Array, into: Float64Array): void {
    this.#multiply(this.#toFeatures, u, some, into);
  }

  /** into (K*E) <- T^T g of the heads in `some`; g (K*D). The others keep what they hold. */
  toAxes(g: Float64Array, some: Uint32Array, into: Float64Array): void {
    this.#multiply(this.#toAxes, g, some, into);
  }

  #multiply(by: Matrix, from: Float64Array, some: Uint32Array, into: Float64Array): void {
    const width = by.columns;
    const height = by === this.#toFeatures ? this.#columns : this.axes;
    const packed = new Float64Array(some.length * width);
    some.forEach((head, at) => packed.set(from.subarray(head * width, (head + 1) * width), at * width));
    const product = this.#kernels.scores(by, packed, new Float64Array(some.length));
    some.forEach((head, at) => {
      for (let i = 0; i < height; i++) into[head * height + i] = product[i * some.length + at];
    });
  }

  dispose(): void {
    this.#toFeatures.dispose();
    this.#toAxes.dispose();
  }
}

/** A problem of heads on features as a problem of heads on the axes of `turn`. The problem stays the caller's: dispose of it after this. */
export class TurnedProblem implements CellProblem {
  readonly heads: number;
  readonly columns: number;
  readonly cellCount: number;
  readonly #problem: CellProblem;
  readonly #turn: Turn;
  /** (K*D), of the heads that were active when they were last asked. */
  readonly #weights: Float64Array;
  /** (K*E) each. */
  readonly #gradient: Float64Array;
  readonly #product: Float64Array;

  constructor(problem: CellProblem, turn: Turn) {
    this.heads = problem.heads;
    this.columns = turn.axes;
    this.cellCount = problem.cellCount;
    this.#problem = problem;
    this.#turn = turn;
    this.#weights = new Float64Array(problem.heads * problem.columns);
    this.#gradient = new Float64Array(problem.heads * turn.axes);
    this.#product = new Float64Array(problem.heads * turn.axes);
  }

  lossGradient(weights: Float64Array, intercepts: Float64Array, active?: Uint8Array): LossGradient {
    const some = this.#some(active);
    this.#turn.toFeatures(weights, some, this.#weights);
    const answer = this.#problem.lossGradient(this.#weights, intercepts, active);
    this.#turn.toAxes(answer.gradient, some, this.#gradient);
    return { ...answer, gradient: this.#gradient };
  }

  curvatureProduct(direction: Float64Array, directionIntercepts: Float64Array, active?: Uint8Array): CurvatureProduct {
    const some = this.#some(active);
    this.#turn.toFeatures(direction, some, this.#weights);
    const answer = this.#problem.curvatureProduct(this.#weights, directionIntercepts, active);
    this.#turn.toAxes(answer.product, some, this.#product);
    return { ...answer, product: this.#product };
  }

  logits(weights: Float64Array, intercepts: Float64Array, out: Float32Array, active?: Uint8Array): void {
    this.#turn.toFeatures(weights, this.#some(active), this.#weights);
    this.#problem.logits(this.#weights, intercepts, out, active);
  }

  dispose(): void {
    // The problem is the caller's.
  }

  #some(active: Uint8Array | undefined): Uint32Array {
    const all = Uint32Array.from({ length: this.heads }, (_, head) => head);
    return active === undefined ? all : all.filter((head) => active[head] === 1);
  }
}
