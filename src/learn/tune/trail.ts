/**
 * Logits at every point of a trail. Points that lie close together on a smooth trail span few directions: with the logits at both ends and along these
 * directions, each a pass over the cells, those of all points between follow by sums.
 *
 *   w_j = (1 - j/T) w_0 + (j/T) w_T + r_j          r_j: how far point j lies off the chord
 *   r_j = sum_k c_jk b_k + rest,                   b_k: the largest rest so far, made orthogonal to those before and of length 1
 *   s_j = (1 - j/T) s_0 + (j/T) s_T + sum_k c_jk x.b_k
 *
 * Directions are taken until |rest| * max |x|, the most a logit can be wrong by, is below 2^-22 of the largest logit, about what float32 passes leave uncertain anyway. A trail that is
 * not smooth needs as many directions as it has points, and no more passes than one by one; where it needs more than are held at a time, its halves are scored one after the other.
 */
import { dot, type CellProblem, type Kernels } from "../../math/index.ts";

/** Heads at one point: weights (C*D), intercepts (C). */
export interface Point {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

const uncertainty = 2 ** -22;
/** Of one trail: so many vectors of logits are held at a time. */
export const mostDirections = 32;

export class TrailScorer {
  readonly #kernels: Kernels;
  readonly #problem: CellProblem;
  readonly #start: Uint32Array;
  readonly #norm: number;
  #from: Point;
  #logits: Float32Array;

  /** `problem` is one of `kernels`, its offsets 0: they would count for every direction. `start` (C+1): the cells of each category; `norm`: the largest |(x, 1)| of a cell's row; `from` and `logits` (M): where the trail begins. */
  constructor(kernels: Kernels, problem: CellProblem, start: Uint32Array, norm: number, from: Point, logits: Float32Array) {
    this.#kernels = kernels;
    this.#problem = problem;
    this.#start = start;
    this.#norm = norm;
    this.#from = from;
    this.#logits = logits.slice();
  }

  /**
   * Lends (M) logits of every point to `visit`, in turn; of categories with active 0 nothing is computed. The next trail begins at the last point. `pause` is waited for
   * between passes and between visits, and ends the scoring where it throws.
   */
  async score(trail: readonly Point[], active: Uint8Array, visit: (logits: Float32Array, at: number) => void, pause: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const last = trail[trail.length - 1];
    const end = new Float32Array(this.#logits.length);
    this.#problem.logits(last.weights, last.intercepts, end, active.slice());
    await this.#score(trail, end, active, visit, pause);
  }

  /** `end`: the logits at the last point. A trail of too many directions is scored by halves. */
  async #score(trail: readonly Point[], end: Float32Array, active: Uint8Array, visit: (logits: Float32Array, at: number) => void, pause: () => Promise<void>): Promise<void> {
    const T = trail.length;
    // Those who stop while the points are visited are in the directions.
    const bases = Array.from(active, (yes, c) => (yes === 0 ? null : this.#basis(trail, c, this.#allowed(end, c))));
    if (bases.includes("too many")) {
      const half = Math.ceil(T / 2);
      await this.score(trail.slice(0, half), active, visit, pause);
      await this.#score(trail.slice(half), end, active, (logits, at) => visit(logits, half + at), pause);
      return;
    }
    const found = bases.filter((basis) => basis !== "too many");
    const along: Float32Array[] = [];
    for (let k = 0; found.some((basis) => (basis?.directions.length ?? 0) > k); k++) {
      await pause();
      along.push(this.#along(found, k));
    }
    const sums = this.#kernels.cellSums(this.#start, [this.#logits, end, ...along]);
    along.length = 0;
    try {
      const logits = new Float32Array(end.length);
      for (let j = 0; j < T - 1; j++) {
        await pause();
        sums.sum(factorsAt(j, T, found), logits, active);
        visit(logits, j);
      }
    } finally {
      sums.dispose();
    }
    this.#from = trail[T - 1];
    this.#logits = end;
    visit(end, T - 1);
  }

  #allowed(end: Float32Array, c: number): number {
    let largest = 0;
    for (let i = this.#start[c]; i < this.#start[c + 1]; i++) largest = Math.max(largest, Math.abs(this.#logits[i]), Math.abs(end[i]));
    return (uncertainty * largest) / this.#norm;
  }

  #along(bases: readonly (Basis | null)[], k: number): Float32Array {
    const { heads, columns: D } = this.#problem;
    const weights = new Float64Array(heads * D);
    const intercepts = new Float64Array(heads);
    const needed = new Uint8Array(heads);
    for (const [c, basis] of bases.entries()) {
      const direction = basis?.directions[k];
      if (direction === undefined) continue;
      weights.set(direction.subarray(0, D), c * D);
      intercepts[c] = direction[D];
      needed[c] = 1;
    }
    const out = new Float32Array(this.#logits.length);
    this.#problem.logits(weights, intercepts, out, needed);
    return out;
  }

  /** By Gram and Schmidt, the largest rest first, until all are at most `allowed` long. */
  #basis(trail: readonly Point[], c: number, allowed: number): Basis | "too many" {
    const T = trail.length;
    const rests = trail.slice(0, -1).map((point, j) => this.#offChord(point, trail[T - 1], (j + 1) / T, c));
    const coefficients = rests.map(() => new Float64Array(Math.min(rests.length, mostDirections)));
    const directions: Float64Array[] = [];
    while (directions.length < rests.length) {
      const lengths = rests.map((rest) => Math.sqrt(dot(rest, rest)));
      const largest = lengths.reduce((best, length, j) => (length > lengths[best] ? j : best), 0);
      if (!(lengths[largest] > allowed)) break;
      if (directions.length === mostDirections) return "too many";
      const direction = rests[largest].map((value) => value / lengths[largest]);
      for (const [j, rest] of rests.entries()) {
        const factor = dot(rest, direction);
        coefficients[j][directions.length] = factor;
        for (let i = 0; i < rest.length; i++) rest[i] -= factor * direction[i];
      }
      directions.push(direction);
    }
    return { directions, coefficients };
  }

  /** (D+1): weights and intercept of one category at a point, less what the chord has there. */
  #offChord({ weights, intercepts }: Point, end: Point, share: number, c: number): Float64Array {
    const D = this.#problem.columns;
    const rest = new Float64Array(D + 1);
    for (let i = 0; i < D; i++) rest[i] = weights[c * D + i] - (1 - share) * this.#from.weights[c * D + i] - share * end.weights[c * D + i];
    rest[D] = intercepts[c] - (1 - share) * this.#from.intercepts[c] - share * end.intercepts[c];
    return rest;
  }
}

interface Basis {
  /** (D+1) each. */
  readonly directions: readonly Float64Array[];
  /** Of every point but the last: its share of each direction. */
  readonly coefficients: readonly Float64Array[];
}

/** (C*S): what the logits at the beginning, at the end and along every direction are multiplied by at a point. */
function factorsAt(j: number, T: number, bases: readonly (Basis | null)[]): Float64Array {
  const most = bases.reduce((largest, basis) => Math.max(largest, basis?.directions.length ?? 0), 0);
  const share = (j + 1) / T;
  const factors = new Float64Array(bases.length * (2 + most));
  for (const [c, basis] of bases.entries()) {
    if (basis !== null) factors.set([1 - share, share, ...basis.coefficients[j].subarray(0, basis.directions.length)], c * (2 + most));
  }
  return factors;
}
