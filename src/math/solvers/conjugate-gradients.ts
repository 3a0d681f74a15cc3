import type { CellProblem } from "../kernels.ts";

/** The Newton systems of all heads: (H/T + lambda*I) d = -g, H at the problem's last pass, the intercept without lambda. */
export interface NewtonSystem {
  readonly problem: CellProblem;
  /** (K*D) and (K): g, divided by T. */
  readonly gradient: Float64Array;
  readonly interceptGradient: Float64Array;
  /** (K): mean curvature of the head's cells, which is also that of the intercept. */
  readonly interceptCurvature: Float64Array;
  readonly lambda: Float64Array;
  /** (K): T. */
  readonly weightSum: Float64Array;
  /** (D) or (K*D), see RidgeOptions. */
  readonly moments: Float64Array | undefined;
}

export interface InnerOptions {
  /** (K): a head whose estimated further decrease of the objective is below this is left as it is. */
  readonly floor: Float64Array;
  readonly maxInner: number;
  readonly pause: (() => void | Promise<void>) | undefined;
}

export interface NewtonDirection {
  readonly direction: Float64Array;
  readonly directionIntercepts: Float64Array;
}

/**
 * Conjugate gradients preconditioned by the expected diagonal of the Hessian, P = mean curvature * moment + lambda: solves each head's system until the
 * residual's norm in 1/P has fallen to min(0.1, sqrt(norm)) of its first value, or half its square, which estimates what the model still promises, below
 * the floor. Heads walk in lockstep to share each pass. Directions are downhill whenever they stop.
 */
export async function conjugateGradients(system: NewtonSystem, { floor, maxInner, pause }: InnerOptions, wanted: Uint8Array): Promise<NewtonDirection> {
  const { problem, gradient, interceptGradient, lambda, weightSum } = system;
  const { heads: K, columns: D } = problem;
  const { inverse, inverseIntercept } = preconditioner(system, wanted);
  const direction = new Float64Array(K * D);
  const directionIntercepts = new Float64Array(K);
  const residual = new Float64Array(K * D);
  const residualIntercept = new Float64Array(K);
  const search = new Float64Array(K * D);
  const searchIntercept = new Float64Array(K);
  /** Of the residual in the norm of 1/P. */
  const squared = new Float64Array(K);
  const target = new Float64Array(K);
  const active = wanted.slice();
  for (let k = 0; k < K; k++) {
    if (active[k] === 0) continue;
    residualIntercept[k] = -interceptGradient[k];
    searchIntercept[k] = inverseIntercept[k] * residualIntercept[k];
    let sum = residualIntercept[k] * searchIntercept[k];
    for (let j = k * D; j < (k + 1) * D; j++) {
      residual[j] = -gradient[j];
      search[j] = inverse[j] * residual[j];
      sum += residual[j] * search[j];
    }
    squared[k] = sum;
    const share = Math.min(0.1, Math.sqrt(Math.sqrt(sum)));
    target[k] = Math.max(share * share * sum, 2 * floor[k]);
    if (sum <= target[k]) active[k] = 0;
  }
  for (let iteration = 0; iteration < maxInner && active.includes(1); iteration++) {
    await pause?.();
    const { product, interceptProduct } = problem.curvatureProduct(search, searchIntercept, active);
    for (let k = 0; k < K; k++) {
      if (active[k] === 0) continue;
      const T = weightSum[k];
      let bend = (searchIntercept[k] * interceptProduct[k]) / T;
      for (let j = k * D; j < (k + 1) * D; j++) bend += search[j] * (product[j] / T + lambda[k] * search[j]);
      // A flat or (for ASL) degenerate direction: what has been built so far is still downhill; the first is steepest descent.
      if (!(bend > 1e-300)) {
        if (iteration === 0) {
          direction.set(search.subarray(k * D, (k + 1) * D), k * D);
          directionIntercepts[k] = searchIntercept[k];
        }
        active[k] = 0;
        continue;
      }
      const alpha = squared[k] / bend;
      directionIntercepts[k] += alpha * searchIntercept[k];
      residualIntercept[k] -= (alpha * interceptProduct[k]) / T;
      let sum = residualIntercept[k] ** 2 * inverseIntercept[k];
      for (let j = k * D; j < (k + 1) * D; j++) {
        direction[j] += alpha * search[j];
        residual[j] -= alpha * (product[j] / T + lambda[k] * search[j]);
        sum += residual[j] * residual[j] * inverse[j];
      }
      const beta = sum / squared[k];
      squared[k] = sum;
      if (sum <= target[k]) {
        active[k] = 0;
        continue;
      }
      for (let j = k * D; j < (k + 1) * D; j++) search[j] = inverse[j] * residual[j] + beta * search[j];
      searchIntercept[k] = inverseIntercept[k] * residualIntercept[k] + beta * searchIntercept[k];
    }
  }
  return { direction, directionIntercepts };
}

/** 1/P. Where nothing is known of the curvature (no penalty, no moments, saturated cells), 1. */
function preconditioner({ problem: { columns: D }, interceptCurvature, lambda, moments, gradient }: NewtonSystem, wanted: Uint8Array): { inverse: Float64Array; inverseIntercept: Float64Array } {
  const inverse = new Float64Array(gradient.length);
  const inverseIntercept = new Float64Array(wanted.length);
  for (let k = 0; k < wanted.length; k++) {
    if (wanted[k] === 0) continue;
    inverseIntercept[k] = inverseOf(interceptCurvature[k]);
    if (moments === undefined) {
      inverse.fill(inverseOf(lambda[k]), k * D, (k + 1) * D);
      continue;
    }
    const from = moments.length === D ? 0 : k * D;
    for (let j = 0; j < D; j++) inverse[k * D + j] = inverseOf(interceptCurvature[k] * moments[from + j] + lambda[k]);
  }
  return { inverse, inverseIntercept };
}

function inverseOf(curvature: number): number {
  return curvature > 1e-12 ? 1 / curvature : 1;
}
