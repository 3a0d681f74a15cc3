import { addThenDot, dot, subtractThenDot } from "./vectors.ts";

interface Point {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

/** A step of one head from `weights`, `intercepts` (K*D, K), where the gradients over the weight sum were `gradient`, `interceptGradient`, to `trial`, where `pass` was made. */
export interface Step extends Point {
  readonly trial: Point;
  readonly pass: { readonly gradient: Float64Array; readonly interceptGradient: Float64Array };
  readonly weightSum: number;
  readonly gradient: Float64Array;
  readonly interceptGradient: Float64Array;
}

/** What is known of a head's curvature before any step, each over the weight sum. */
export interface Expected {
  readonly curvature: number;
  readonly along: number;
  readonly moments: Float64Array | undefined;
}

/** What steps have told of each head's curvature: pairs in a ring, without the penalty's share. The last number of each is the intercept's. */
export class CurvatureModel {
  private readonly width: number;
  private readonly pairs: number;
  private readonly step: Float64Array[];
  private readonly change: Float64Array[];
  /** (K*pairs): step.change of the loss, ||step of the weights||^2, ||change of their gradient||^2. */
  private readonly product: Float64Array;
  private readonly square: Float64Array;
  private readonly bend: Float64Array;
  private readonly count: Uint32Array;
  private readonly alpha: Float64Array;

  constructor(heads: number, columns: number, pairs: number) {
    this.width = columns + 1;
    this.pairs = pairs;
    this.step = Array.from({ length: pairs }, () => new Float64Array(heads * this.width));
    this.change = Array.from({ length: pairs }, () => new Float64Array(heads * this.width));
    this.product = new Float64Array(heads * pairs);
    this.square = new Float64Array(heads * pairs);
    this.bend = new Float64Array(heads * pairs);
    this.count = new Uint32Array(heads);
    this.alpha = new Float64Array(pairs);
  }

  /** A pair without positive curvature would spoil the model and is left out. */
  learn(k: number, { trial, weights, intercepts, pass, weightSum, gradient, interceptGradient }: Step): void {
    const { width } = this;
    const D = width - 1;
    const slot = this.count[k] % this.pairs;
    const [s, y] = [this.step[slot], this.change[slot]];
    const to = k * width;
    let product = 0;
    let square = 0;
    let bend = 0;
    for (let j = 0; j < D; j++) {
      const from = k * D + j;
      const move = trial.weights[from] - weights[from];
      const turn = pass.gradient[from] / weightSum - gradient[from];
      s[to + j] = move;
      y[to + j] = turn;
      product += move * turn;
      square += move * move;
      bend += turn * turn;
    }
    s[to + D] = trial.intercepts[k] - intercepts[k];
    y[to + D] = pass.interceptGradient[k] / weightSum - interceptGradient[k];
    product += s[to + D] * y[to + D];
    if (!(product > 1e-10 * Math.sqrt((square + s[to + D] ** 2) * (bend + y[to + D] ** 2)))) {
      // The slot may have held the oldest pair, which is spoilt now: forget them all.
      this.count[k] = 0;
      return;
    }
    this.product[k * this.pairs + slot] = product;
    this.square[k * this.pairs + slot] = square;
    this.bend[k * this.pairs + slot] = bend;
    this.count[k] += 1;
  }

  /**
   * Turns a gradient (penalty included) into the direction -B g in place; returns g . direction. `curvature`: mean over the head's cells; `along`: of the loss along the first gradient,
   * what is gone by where neither moments nor steps tell more.
   */
  turn(k: number, lambda: number, { curvature, along: first, moments }: Expected, weights: Float64Array, intercepts: Float64Array): number {
    const { width, pairs, step, change, alpha } = this;
    const D = width - 1;
    const at = k * D;
    const from = k * width;
    const w = weights.subarray(at, at + D);
    const g = w.slice();
    const gb = intercepts[k];
    const newest = this.count[k] - 1;
    const oldest = Math.max(0, this.count[k] - pairs);
    let qb = gb;
    const [steps, changes] = [step, change].map((all) => (i: number): Float64Array => all[i % pairs].subarray(from, from + width));
    // Each pair's product with w is taken while w is turned by the pair before.
    let product = newest < oldest ? 0 : dot(w, steps(newest));
    for (let i = newest; i >= oldest; i--) {
      const slot = i % pairs;
      const [s, y] = [steps(i), changes(i)];
      const along = (product + qb * s[D]) / (this.product[k * pairs + slot] + lambda * this.square[k * pairs + slot]);
      alpha[slot] = along;
      product = subtractThenDot(w, along, y, along * lambda, s, steps(Math.max(i - 1, oldest)));
      qb -= along * y[D];
    }
    const shared = moments === undefined || moments.length === D;
    const without = moments === undefined ? this.lastBend(k, lambda) ?? first + lambda : 0;
    for (let j = 0; j < D; j++) {
      const expected = moments === undefined ? without : curvature * moments[shared ? j : at + j] + lambda;
      if (expected > 1e-12) w[j] /= expected;
    }
    if (curvature > 1e-12) qb /= curvature;
    product = newest < oldest ? 0 : dot(w, changes(oldest)) + lambda * dot(w, steps(oldest));
    for (let i = oldest; i <= newest; i++) {
      const slot = i % pairs;
      const [s, y] = [steps(i), changes(i)];
      const along = product + qb * y[D];
      const rest = alpha[slot] - along / (this.product[k * pairs + slot] + lambda * this.square[k * pairs + slot]);
      const next = Math.min(i + 1, newest);
      product = addThenDot(w, rest, s, changes(next), lambda, steps(next));
      qb += rest * s[D];
    }
    for (let j = 0; j < D; j++) w[j] = -w[j];
    intercepts[k] = -qb;
    return dot(g, w) - gb * qb;
  }

  /** Curvature, penalty included, that the newest pair saw: y.y / s.y, the larger of the two usual guesses. Undefined without a pair. */
  private lastBend(k: number, lambda: number): number | undefined {
    if (this.count[k] === 0) return undefined;
    const at = k * this.pairs + ((this.count[k] - 1) % this.pairs);
    const [product, square, bend] = [this.product[at], this.square[at], this.bend[at]];
    return (bend + 2 * lambda * product + lambda * lambda * square) / (product + lambda * square);
  }
}
