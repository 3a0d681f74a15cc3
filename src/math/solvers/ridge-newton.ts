import type { CellProblem } from "../kernels.ts";
import { conjugateGradients } from "./conjugate-gradients.ts";

/** What `ridgeNewton` is told beside the problem; K heads are solved at once. */
export interface RidgeOptions {
  /** (K): total weight of each head's cells; the loss is divided by it. */
  readonly weightSum: Float64Array;
  /** lambda >= 0: strength of the penalty (lambda/2)*||w||^2, one for all heads or one each (K). The intercept is not penalised. */
  readonly lambda: number | Float64Array;
  /** Stop a head when the Newton model promises less than tolerance * max(value, 1e-3) of further decrease. Default 1e-8. */
  readonly tolerance?: number;
  /**
   * (D), or (K*D) where heads have features of their own: about the mean square of each column over the cells. The solver then expects a curvature
   * of (mean curvature of the cells) * moment + lambda along each column, which where columns are hardly correlated, as principal axes are, saves it
   * half of its passes or more. Absent: lambda alone. The optimum does not depend on it.
   */
  readonly moments?: Float64Array;
  /** Newton steps at most. Default 60. */
  readonly maxSteps?: number;
  /** Conjugate-gradient iterations at most per Newton step. Default 100. */
  readonly maxInner?: number;
  /** (K): heads with 0 are left as they are. */
  readonly wanted?: Uint8Array;
  /** Awaited before every pass over the cells: lets other work run in between, and may throw to stop. */
  readonly pause?: () => void | Promise<void>;
}

/** How the solution of each of K heads came about. */
export interface RidgeResult {
  /** (K): objective at the end. NaN for heads that were not wanted. */
  readonly value: Float64Array;
  /** (K): Newton steps taken. */
  readonly steps: Uint32Array;
  /** (K): 1 where the stopping rule was met. */
  readonly converged: Uint8Array;
}

/**
 * Minimises, for every head at once, f(w, b) = (1/T) sum_i t_i * loss(y_i, o_i + w.x_i + b) + (lambda/2)*||w||^2, T = sum of t_i.
 *
 * Newton's method with preconditioned conjugate gradients on the Hessian-vector product, all heads in lockstep so that they share each
 * pass over the rows; every head has its own step length and stops by itself. `weights` (K*D) and `intercepts` (K) hold the
 * start and are overwritten with the solution. The stopping rule is the Newton decrement, -g.d/2, which estimates
 * f - min f and does not depend on the start. For a loss that is not convex (ASL) the problem's floored curvature keeps
 * directions downhill, and the result is a stationary point.
 *
 * A step that cannot decrease f any more (the rounding of float32 passes) ends the head as converged when the promised
 * decrease is below 1e-6 of the value, and as not converged otherwise.
 */
export async function ridgeNewton(problem: CellProblem, weights: Float64Array, intercepts: Float64Array, options: RidgeOptions): Promise<RidgeResult> {
  const { heads: K, columns: D } = problem;
  const { weightSum, tolerance = 1e-8, maxSteps = 60, maxInner = 100, pause } = options;
  const lambda = typeof options.lambda === "number" ? new Float64Array(K).fill(options.lambda) : options.lambda;
  const value = new Float64Array(K).fill(Number.NaN);
  const steps = new Uint32Array(K);
  const converged = new Uint8Array(K);
  const active = new Uint8Array(K);
  for (let k = 0; k < K; k++) active[k] = (options.wanted?.[k] ?? 1) === 1 && weightSum[k] > 0 ? 1 : 0;

  const gradient = new Float64Array(K * D);
  const interceptGradient = new Float64Array(K);
  const interceptCurvature = new Float64Array(K);
  const evaluate = (w: Float64Array, b: Float64Array, mask: Uint8Array, into: Float64Array): void => {
    const pass = problem.lossGradient(w, b, mask);
    for (let k = 0; k < K; k++) {
      if (mask[k] === 0) continue;
      let squares = 0;
      for (let j = k * D; j < (k + 1) * D; j++) squares += w[j] * w[j];
      into[k] = pass.loss[k] / weightSum[k] + 0.5 * lambda[k] * squares;
      for (let j = k * D; j < (k + 1) * D; j++) gradient[j] = pass.gradient[j] / weightSum[k] + lambda[k] * w[j];
      interceptGradient[k] = pass.interceptGradient[k] / weightSum[k];
      interceptCurvature[k] = pass.interceptCurvature[k] / weightSum[k];
    }
  };

  evaluate(weights, intercepts, active, value);
  const trialWeights = new Float64Array(K * D);
  const trialIntercepts = new Float64Array(K);
  const trialValue = new Float64Array(K);
  const slope = new Float64Array(K);
  const length = new Float64Array(K);

  while (active.includes(1)) {
    const floor = value.map((each) => 0.01 * tolerance * Math.max(each, 1e-3));
    const system = { problem, gradient, interceptGradient, interceptCurvature, lambda, weightSum, moments: options.moments };
    const { direction, directionIntercepts } = await conjugateGradients(system, { floor, maxInner, pause }, active);
    for (let k = 0; k < K; k++) {
      if (active[k] === 0) continue;
      let dot = interceptGradient[k] * directionIntercepts[k];
      for (let j = k * D; j < (k + 1) * D; j++) dot += gradient[j] * direction[j];
      slope[k] = dot;
      length[k] = 1;
      if (!(-dot / 2 > tolerance * Math.max(value[k], 1e-3))) {
        converged[k] = 1;
        active[k] = 0;
      }
    }

    const pending = active.slice();
    while (pending.includes(1)) {
      for (let k = 0; k < K; k++) {
        if (pending[k] === 0) continue;
        for (let j = k * D; j < (k + 1) * D; j++) trialWeights[j] = weights[j] + length[k] * direction[j];
        trialIntercepts[k] = intercepts[k] + length[k] * directionIntercepts[k];
      }
      await pause?.();
      evaluate(trialWeights, trialIntercepts, pending, trialValue);
      for (let k = 0; k < K; k++) {
        if (pending[k] === 0) continue;
        // Armijo's rule with its usual constant.
        if (trialValue[k] <= value[k] + 1e-4 * length[k] * slope[k]) {
          weights.set(trialWeights.subarray(k * D, (k + 1) * D), k * D);
          intercepts[k] = trialIntercepts[k];
          value[k] = trialValue[k];
          steps[k] += 1;
          pending[k] = 0;
          if (steps[k] >= maxSteps) active[k] = 0;
        } else {
          length[k] /= 2;
          if (length[k] < 1e-6) {
            converged[k] = -slope[k] / 2 < 1e-6 * Math.max(value[k], 1e-3) ? 1 : 0;
            active[k] = 0;
            pending[k] = 0;
          }
        }
      }
    }
  }
  return { value, steps, converged };
}
