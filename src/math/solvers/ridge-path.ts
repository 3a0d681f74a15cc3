import type { CellProblem, LossGradient } from "../kernels.ts";
import { CurvatureModel } from "./curvature-model.ts";
import { ridgeNewton, type RidgeOptions, type RidgeResult } from "./ridge-newton.ts";

/** What `RidgePath` is told beside the problem: see RidgeOptions for the fields of the same name. */
export interface RidgePathOptions extends Pick<RidgeOptions, "weightSum" | "moments" | "wanted" | "pause"> {
  /** Pairs of steps and gradient changes remembered of each head. Default 10, without moments 100; fewer where K*D is so large that they would take more than a gigabyte. */
  readonly pairs?: number;
}

const mostPairs = 10;
/** Without moments which directions vary, and how much, is all to be learned. */
const mostPairsWithoutMoments = 100;
const mostBytes = 2 ** 30;
/** A head that needs more steps than this for one strength is left to Newton's method: few cells, hardly any penalty, and a curvature that changes with every step. */
const mostSteps = 30;
const mostStepsWithoutMoments = 300;
/** Of Armijo's rule. */
const sufficientDecrease = 1e-4;
/** Of a value, relative: a sum over many cells of logits that are float32. */
const rounding = 1e-7;

/**
 * Minimises, for every head at once, f(w, b) = (1/T) sum_i t_i * loss(y_i, o_i + w.x_i + b) + (lambda/2)*||w||^2, T = sum of t_i, at one strength after another,
 * each from the former's solution: the job of `ridgeNewton`, for a path.
 *
 * L-BFGS (Nocedal, Math. Comp. 35 (1980) 773-782) whose first guess of the inverse Hessian is that of the expected diagonal, mean curvature * moment + lambda (without moments what the last step saw, and for the first one the curvature along the gradient). What it
 * has learned of the loss's curvature is kept from strength to strength, because a penalty adds exactly lambda * step to a change of the gradient: pairs
 * hold the loss's share alone. A step costs one pass over the cells, and so does nothing else: the loss and its gradient at the start of a strength are those at
 * the end of the former. All heads walk in lockstep to share each pass; each has its own model, step length and end.
 *
 * The stopping rule is that of ridgeNewton with the model's inverse in place of the Hessian's: half of g.B.g, an estimate of f - min f.
 */
export class RidgePath {
  /** (K*D) and (K): the solution at the last strength; zeros before the first. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  private readonly problem: CellProblem;
  private readonly options: RidgePathOptions;
  private readonly model: CurvatureModel;
  /** Of the loss alone, over T, at the solution. */
  private readonly loss: Float64Array;
  private readonly gradient: Float64Array;
  private readonly interceptGradient: Float64Array;
  private readonly curvature: Float64Array;
  /** Of the loss along its gradient at the start, where no moments are given. */
  private readonly along: Float64Array;
  private readonly trial: { readonly weights: Float64Array; readonly intercepts: Float64Array };
  private started = false;

  constructor(problem: CellProblem, options: RidgePathOptions) {
    const { heads: K, columns: D } = problem;
    this.problem = problem;
    this.options = options;
    this.weights = new Float64Array(K * D);
    this.intercepts = new Float64Array(K);
    this.loss = new Float64Array(K);
    this.gradient = new Float64Array(K * D);
    this.interceptGradient = new Float64Array(K);
    this.curvature = new Float64Array(K);
    this.along = new Float64Array(K);
    this.trial = { weights: new Float64Array(K * D), intercepts: new Float64Array(K) };
    this.model = new CurvatureModel(K, D, options.pairs ?? RidgePath.pairsFor(K * D, options.moments === undefined ? mostPairsWithoutMoments : mostPairs));
  }

  /** How many pairs are remembered of each head unless told, for so many heads times columns. */
  static pairsFor(size: number, most = mostPairs): number {
    return Math.max(2, Math.min(most, Math.floor(mostBytes / (16 * Math.max(1, size)))));
  }

  /** lambda: one for all heads or one each (K). Arrays of the result are the caller's. */
  async solve(strength: number | Float64Array, tolerance = 1e-8): Promise<RidgeResult> {
    const { problem, model, weights, intercepts, trial, gradient, interceptGradient } = this;
    const { heads: K, columns: D } = problem;
    const { weightSum, moments, wanted, pause } = this.options;
    const lambda = typeof strength === "number" ? new Float64Array(K).fill(strength) : strength;
    const value = new Float64Array(K).fill(Number.NaN);
    const steps = new Uint32Array(K);
    const converged = new Uint8Array(K);
    const active = new Uint8Array(K);
    for (let k = 0; k < K; k++) active[k] = (wanted?.[k] ?? 1) === 1 && weightSum[k] > 0 ? 1 : 0;
    if (!this.started) {
      await pause?.();
      const pass = problem.lossGradient(weights, intercepts, active);
      for (let k = 0; k < K; k++) if (active[k] === 1) this.take(k, pass);
      if (moments === undefined) await this.lookAlong(active);
      this.started = true;
    }
    for (let k = 0; k < K; k++) if (active[k] === 1) value[k] = this.loss[k] + penalty(weights, lambda[k], k, D);
    const direction = new Float64Array(K * D);
    const directionIntercepts = new Float64Array(K);
    const slope = new Float64Array(K);
    const length = new Float64Array(K);

    while (active.includes(1)) {
      for (let k = 0; k < K; k++) {
        if (active[k] === 0) continue;
        for (let j = k * D; j < (k + 1) * D; j++) direction[j] = gradient[j] + lambda[k] * weights[j];
        directionIntercepts[k] = interceptGradient[k];
        slope[k] = model.turn(k, lambda[k], { curvature: this.curvature[k], along: this.along[k], moments }, direction, directionIntercepts);
        length[k] = 1;
        if (!(-slope[k] / 2 > tolerance * Math.max(value[k], 1e-3))) {
          // Not a number where cells are not: nothing was reached.
          converged[k] = Number.isFinite(slope[k]) && Number.isFinite(value[k]) ? 1 : 0;
          active[k] = 0;
        }
      }
      const pending = active.slice();
      while (pending.includes(1)) {
        for (let k = 0; k < K; k++) {
          if (pending[k] === 0) continue;
          for (let j = k * D; j < (k + 1) * D; j++) trial.weights[j] = weights[j] + length[k] * direction[j];
          trial.intercepts[k] = intercepts[k] + length[k] * directionIntercepts[k];
        }
        await pause?.();
        const pass = problem.lossGradient(trial.weights, trial.intercepts, pending);
        for (let k = 0; k < K; k++) {
          if (pending[k] === 0) continue;
          const reached = pass.loss[k] / weightSum[k] + penalty(trial.weights, lambda[k], k, D);
          if (reached <= value[k] + sufficientDecrease * length[k] * slope[k] || this.endsOnAFlat(k, { reached, value: value[k], slope: slope[k], lambda: lambda[k], pass, direction, directionIntercepts })) {
            model.learn(k, { trial, weights, intercepts, pass, weightSum: weightSum[k], gradient, interceptGradient });
            weights.set(trial.weights.subarray(k * D, (k + 1) * D), k * D);
            intercepts[k] = trial.intercepts[k];
            this.take(k, pass);
            value[k] = reached;
            steps[k] += 1;
            pending[k] = 0;
            if (steps[k] >= (moments === undefined ? mostStepsWithoutMoments : mostSteps)) active[k] = 0;
            continue;
          }
          length[k] /= 2;
          if (length[k] < 1e-6) {
            converged[k] = -slope[k] / 2 < 1e-6 * Math.max(value[k], 1e-3) ? 1 : 0;
            active[k] = 0;
            pending[k] = 0;
          }
        }
      }
    }
    await this.finish({ value, steps, converged }, lambda, tolerance);
    return { value, steps, converged };
  }

  /** How the loss bends along its gradient: without moments nothing else says how long the first step may be. */
  private async lookAlong(active: Uint8Array): Promise<void> {
    const { problem, gradient, interceptGradient } = this;
    const { columns: D } = problem;
    await this.options.pause?.();
    const { product, interceptProduct } = problem.curvatureProduct(gradient, interceptGradient, active);
    for (let k = 0; k < active.length; k++) {
      if (active[k] === 0) continue;
      let bend = interceptGradient[k] * interceptProduct[k];
      let square = interceptGradient[k] ** 2;
      for (let j = k * D; j < (k + 1) * D; j++) {
        bend += gradient[j] * product[j];
        square += gradient[j] ** 2;
      }
      this.along[k] = square > 0 ? bend / square / this.options.weightSum[k] : 0;
    }
  }

  /** Heads that have not met the stopping rule, by Newton's method from where they are. */
  private async finish({ value, steps, converged }: RidgeResult, lambda: Float64Array, tolerance: number): Promise<void> {
    const { problem, weights, intercepts } = this;
    const { weightSum, moments, pause } = this.options;
    const left = value.map((each, k) => (Number.isNaN(each) || converged[k] === 1 ? 0 : 1));
    const wanted = Uint8Array.from(left);
    if (!wanted.includes(1)) return;
    const solved = await ridgeNewton(problem, weights, intercepts, { lambda, weightSum, tolerance, wanted, ...(moments === undefined ? {} : { moments }), ...(pause === undefined ? {} : { pause }) });
    await pause?.();
    const pass = problem.lossGradient(weights, intercepts, wanted);
    for (let k = 0; k < wanted.length; k++) {
      if (wanted[k] === 0) continue;
      this.take(k, pass);
      value[k] = solved.value[k];
      steps[k] += solved.steps[k];
      converged[k] = solved.converged[k];
    }
  }

  /**
   * Near the optimum the rounding of float32 passes is larger than what a step still gains, and values tell nothing. The gradients do: a step is good there
   * that leaves the value where it was and most of the slope behind (the approximate Wolfe condition of Hager and Zhang, SIAM J. Optim. 16 (2005) 170-192).
   */
  private endsOnAFlat(k: number, { reached, value, slope, lambda, pass, direction, directionIntercepts }: Trial): boolean {
    if (!(reached <= value + rounding * Math.max(value, 1e-3))) return false;
    const { columns: D } = this.problem;
    const T = this.options.weightSum[k];
    let after = (pass.interceptGradient[k] / T) * directionIntercepts[k];
    for (let j = k * D; j < (k + 1) * D; j++) after += (pass.gradient[j] / T + lambda * this.trial.weights[j]) * direction[j];
    return Math.abs(after) <= 0.5 * Math.abs(slope);
  }

  private take(k: number, pass: LossGradient): void {
    const { columns: D } = this.problem;
    const T = this.options.weightSum[k];
    this.loss[k] = pass.loss[k] / T;
    for (let j = k * D; j < (k + 1) * D; j++) this.gradient[j] = pass.gradient[j] / T;
    this.interceptGradient[k] = pass.interceptGradient[k] / T;
    this.curvature[k] = pass.interceptCurvature[k] / T;
  }
}

interface Trial {
  readonly reached: number;
  readonly value: number;
  readonly slope: number;
  readonly lambda: number;
  readonly pass: LossGradient;
  readonly direction: Float64Array;
  readonly directionIntercepts: Float64Array;
}

function penalty(weights: Float64Array, lambda: number, k: number, D: number): number {
  let squares = 0;
  for (let j = k * D; j < (k + 1) * D; j++) squares += weights[j] * weights[j];
  return 0.5 * lambda * squares;
}
