import { dot } from "./vectors.ts";

/** A smooth function of `blocks` vectors of `width` numbers each; block k's value depends on block k alone. */
export interface BlockProblem {
  readonly blocks: number;
  readonly width: number;
  /** Fills value (blocks) and gradient (blocks*width) of the blocks whose `active` is 1; the others may be left as they are. */
  evaluate(parameters: Float64Array, active: Uint8Array, value: Float64Array, gradient: Float64Array): void;
}

/** The numbers of `limitedMemoryDescent`. */
export interface LimitedMemoryOptions {
  /** Pairs of steps and gradient changes kept. Default 10. */
  readonly memory?: number;
  /** Stop a block when its model promises less than tolerance * max(|value|, 1e-3) of further decrease. Default 1e-8. */
  readonly tolerance?: number;
  /** Steps at most. Default 200. */
  readonly maxSteps?: number;
}

/** How each block's descent ended. */
export interface LimitedMemoryResult {
  /** (blocks): the value at the end. */
  readonly value: Float64Array;
  readonly steps: Uint32Array;
  /** (blocks): 1 where the stopping rule was met. */
  readonly converged: Uint8Array;
}

/** Pairs (step, change of the gradient) of one block, the newest last. */
class History {
  private readonly pairs: { step: Float64Array; change: Float64Array; inverse: number }[] = [];
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get empty(): boolean {
    return this.pairs.length === 0;
  }

  forget(): void {
    this.pairs.length = 0;
  }

  /** A pair without positive curvature would spoil the model's definiteness and is left out. */
  add(step: Float64Array, change: Float64Array): void {
    const product = dot(step, change);
    if (!(product > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    if (this.pairs.length === this.capacity) this.pairs.shift();
    this.pairs.push({ step, change, inverse: 1 / product });
  }

  /** -H g by the two-loop recursion; without pairs the steepest descent, no longer than 1. */
  direction(gradient: Float64Array, out: Float64Array): void {
    for (let j = 0; j < out.length; j++) out[j] = -gradient[j];
    const newest = this.pairs.at(-1);
    if (newest === undefined) {
      scale(out, Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))));
      return;
    }
    const along = new Float64Array(this.pairs.length);
    for (let i = this.pairs.length - 1; i >= 0; i--) {
      const { step, change, inverse } = this.pairs[i];
      along[i] = inverse * dot(step, out);
      add(out, -along[i], change);
    }
    scale(out, 1 / (newest.inverse * dot(newest.change, newest.change)));
    this.pairs.forEach(({ step, change, inverse }, i) => add(out, along[i] - inverse * dot(change, out), step));
  }
}

/**
 * L-BFGS (Nocedal, Math. Comp. 35 (1980) 773-782) with Armijo's rule by halving, all blocks in lockstep so that they share each pass over the
 * data; every block has its own model, step length and end. `parameters` (blocks*width) holds the start and is overwritten.
 *
 * For functions that are convex it ends at the minimum, for others at a stationary point below the start. A step that cannot decrease the value any more
 * (the rounding of float32 passes) ends the block as converged when the promised decrease is below 1e-6 of the value; before that the
 * model is forgotten once, as it may be the model that is wrong.
 */
export function limitedMemoryDescent(problem: BlockProblem, parameters: Float64Array, options: LimitedMemoryOptions = {}): LimitedMemoryResult {
  const { memory = 10, tolerance = 1e-8, maxSteps = 200 } = options;
  const { blocks: K, width } = problem;
  const part = (values: Float64Array, k: number): Float64Array => values.subarray(k * width, (k + 1) * width);
  const value = new Float64Array(K);
  const gradient = new Float64Array(K * width);
  const steps = new Uint32Array(K);
  const converged = new Uint8Array(K);
  const active = new Uint8Array(K).fill(1);
  const histories = Array.from({ length: K }, () => new History(memory));
  const direction = new Float64Array(K * width);
  const slope = new Float64Array(K);
  const length = new Float64Array(K);
  const trial = new Float64Array(K * width);
  const trialValue = new Float64Array(K);
  const trialGradient = new Float64Array(K * width);
  problem.evaluate(parameters, active, value, gradient);

  while (active.includes(1)) {
    for (let k = 0; k < K; k++) {
      if (active[k] === 0) continue;
      const g = part(gradient, k);
      if (!(dot(g, g) > 1e-24)) {
        converged[k] = 1;
        active[k] = 0;
        continue;
      }
      histories[k].direction(g, part(direction, k));
      slope[k] = dot(g, part(direction, k));
      length[k] = 1;
      if (!histories[k].empty && -slope[k] / 2 <= tolerance * Math.max(Math.abs(value[k]), 1e-3)) {
        converged[k] = 1;
        active[k] = 0;
      }
    }

    const pending = active.slice();
    while (pending.includes(1)) {
      for (let k = 0; k < K; k++) {
        if (pending[k] === 0) continue;
        for (let j = k * width; j < (k + 1) * width; j++) trial[j] = parameters[j] + length[k] * direction[j];
      }
      problem.evaluate(trial, pending, trialValue, trialGradient);
      for (let k = 0; k < K; k++) {
        if (pending[k] === 0) continue;
        if (trialValue[k] <= value[k] + 1e-4 * length[k] * slope[k]) {
          pending[k] = 0;
          histories[k].add(difference(part(trial, k), part(parameters, k)), difference(part(trialGradient, k), part(gradient, k)));
          part(parameters, k).set(part(trial, k));
          part(gradient, k).set(part(trialGradient, k));
          value[k] = trialValue[k];
          steps[k] += 1;
          if (steps[k] >= maxSteps) active[k] = 0;
          continue;
        }
        length[k] /= 2;
        if (length[k] >= 1e-6) continue;
        pending[k] = 0;
        const promised = -slope[k] / 2;
        if (histories[k].empty || promised < 1e-6 * Math.max(Math.abs(value[k]), 1e-3)) {
          converged[k] = promised < 1e-6 * Math.max(Math.abs(value[k]), 1e-3) ? 1 : 0;
          active[k] = 0;
        } else {
          histories[k].forget();
        }
      }
    }
  }
  return { value, steps, converged };
}

function add(into: Float64Array, factor: number, values: Float64Array): void {
  for (let j = 0; j < into.length; j++) into[j] += factor * values[j];
}

function scale(values: Float64Array, factor: number): void {
  for (let j = 0; j < values.length; j++) values[j] *= factor;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, j) => value - b[j]);
}
