import type { CellProblem, Kernels, Matrix } from "../../math/index.ts";
import { asFeatureMatrix, categoryMatrix, featureMatrix, featuresOf, type FeatureMatrix } from "../features.ts";
import { standardising } from "../standardisation.ts";
import { finished, partOf, type Steps } from "../steps.ts";
import type { Features } from "../types.ts";
import { Turn, TurnedProblem } from "./turned-problem.ts";

/**
 * The features in the metric of the penalty (METHOD 4.2.1), x = a o V^T z_std, and the way back to weights on raw features.
 *
 * Centre and scale on the fit images; V the principal axes of the standardised features with variances v (axes with
 * v_j <= 1e-8 * v_1 are dropped); a_j = (v_j/v_1)^(1/4), rescaled so that sum v_j a_j^2 = sum v_j =: trace. A ridge penalty
 * on x then trusts directions in which the features really vary. Where every category has features of its own, all of this is done
 * category by category: neither their units nor their directions have anything in common (docs/decisions/0030).
 */
export interface PenaltyMetric {
  /** The rows that were asked for: x, with zeros behind the axes of a category that has fewer; or z_std, and then `inAxes` turns heads instead. */
  readonly matrix: FeatureMatrix;
  /** E */
  readonly axes: number;
  /** A problem of heads on the columns of the matrix as a problem of heads on x (columns E). The problem itself where the matrix holds x; else one that rests on it: dispose of that first. */
  inAxes(problem: CellProblem): CellProblem;
  /** (E), or (C*E) where every category has features of its own: mean square of each column over the fit images, v_j a_j^2. */
  readonly moments: Float64Array;
  /** lambda = kappa * trace: one for all heads, or one each (C). */
  penalty(kappa: number): number | Float64Array;
  /** Turns (u (E), v) of a category into the change of its head on raw features: weight (D) and bias. */
  toRaw(u: Float64Array, v: number, category: number): { weight: Float64Array; bias: number };
  dispose(): void;
}

/**
 * rows: the images to transform; fit: which of these (positions in `rows`) define centre, scale and axes. `turns`: how often a head will be turned from the axes to the features or back if
 * rows are not; where that is less work than turning every row once, heads are turned. Default: rows are.
 */
export function penaltyMetric(kernels: Kernels, features: Features, rows: Uint32Array, fit: Uint32Array, turns?: number): PenaltyMetric {
  return finished(penaltyMetricInSteps(kernels, features, rows, fit, turns));
}

/** As penaltyMetric, step by step: of millions of images it takes minutes. */
export function* penaltyMetricInSteps(kernels: Kernels, features: Features, rows: Uint32Array, fit: Uint32Array, turns = Infinity): Steps<PenaltyMetric> {
  if (features.categories !== undefined) return metricPerCategory(kernels, features, features.categories, rows, fit);
  // With fewer images than features x has fewer columns, which every pass is the shorter for.
  const turnsHeads = turns < rows.length && fit.length > features.columns;
  const { space, standardised } = yield* partOf(penaltySpace(kernels, features, rows, fit, 0), 0, turnsHeads ? 1 : 0.5);
  const ofSpace = { axes: space.axes, moments: space.moments, penalty: (kappa: number) => kappa * space.trace, toRaw: (u: Float64Array, v: number) => changeOnRaw(space, u, v) };
  if (turnsHeads) {
    const turn = new Turn(kernels, space.transform, space.axes);
    const dispose = (): void => {
      turn.dispose();
      standardised.dispose();
    };
    return { ...ofSpace, matrix: asFeatureMatrix(standardised, 0), inAxes: (problem) => new TurnedProblem(problem, turn), dispose };
  }
  const matrix = yield* partOf(kernels.transformInSteps(standardised, space.transform, space.axes), 0.5, 1);
  standardised.dispose();
  return { ...ofSpace, matrix: asFeatureMatrix(matrix, 0), inAxes: (problem) => problem, dispose: () => matrix.dispose() };
}

function metricPerCategory(kernels: Kernels, features: Features, C: number, rows: Uint32Array, fit: Uint32Array): PenaltyMetric {
  const spaces: PenaltySpace[] = [];
  let x: Float32Array = new Float32Array(0);
  // Rows come category by category, so that only one category's numbers are held beside the matrix; it has the most axes there can be.
  const matrix = featureMatrix(kernels, features, rows, Math.max(1, Math.min(features.columns, fit.length)), (place, category, into) => {
    if (spaces.length === category) {
      const { space, standardised } = finished(penaltySpace(kernels, features, rows, fit, category));
      spaces.push(space);
      x = kernels.scores(standardised, transposed(space), new Float64Array(space.axes));
      standardised.dispose();
    }
    const { axes } = spaces[category];
    into.set(x.subarray(place * axes, (place + 1) * axes));
  });
  const traces = Float64Array.from({ length: C }, (_, c) => spaces[c].trace);
  const moments = new Float64Array(C * matrix.columns);
  spaces.forEach((space, c) => moments.set(space.moments, c * matrix.columns));
  return {
    matrix,
    axes: matrix.columns,
    inAxes: (problem) => problem,
    moments,
    penalty: (kappa) => traces.map((trace) => kappa * trace),
    toRaw: (u, v, c) => changeOnRaw(spaces[c], u, v),
    dispose: () => matrix.dispose(),
  };
}

/** From raw features (as one category sees them) to x and back. */
interface PenaltySpace {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** (D*E): x = transform^T z_std. */
  readonly transform: Float64Array;
  /** E */
  readonly axes: number;
  readonly trace: number;
  /** (E) */
  readonly moments: Float64Array;
}

/** The space, and the standardised rows (dispose them). */
function* penaltySpace(kernels: Kernels, features: Features, rows: Uint32Array, fit: Uint32Array, category: number): Steps<{ space: PenaltySpace; standardised: Matrix }> {
  const D = features.columns;
  const { mean, scale } = yield* partOf(standardising(features, rows, fit, category), 0, 0.3);
  const standardised = categoryMatrix(kernels, features, rows, category, (from, into) => {
    for (let j = 0; j < D; j++) into[j] = (from[j] - mean[j]) / scale[j];
  });
  const { axes, variances } = yield* partOf(principalAxes(kernels, features, standardised, fit, { mean, scale, rows, category }), 0.3, 1);
  const E = variances.length;
  // Constant features have no axis with any variance: x is 0 everywhere, and only the intercept can change.
  const largest = variances[0] > 0 ? variances[0] : 1;
  const trace = variances.reduce((sum, v) => sum + v, 0) || 1;
  const rescaled = variances.reduce((sum, v) => sum + v * Math.sqrt(v / largest), 0) || 1;
  const transform = new Float64Array(D * E);
  const moments = new Float64Array(E);
  for (let e = 0; e < E; e++) {
    const a = (variances[e] / largest) ** 0.25 * Math.sqrt(trace / rescaled);
    for (let j = 0; j < D; j++) transform[j * E + e] = axes[e * D + j] * a;
    moments[e] = variances[e] * a * a;
  }
  return { space: { mean, scale, transform, axes: E, trace, moments }, standardised };
}

/** u may be longer than the space has axes. */
function changeOnRaw({ mean, scale, transform, axes: E }: PenaltySpace, u: Float64Array, v: number): { weight: Float64Array; bias: number } {
  const D = mean.length;
  const weight = new Float64Array(D);
  let bias = v;
  for (let j = 0; j < D; j++) {
    let sum = 0;
    for (let e = 0; e < E; e++) sum += transform[j * E + e] * u[e];
    weight[j] = sum / scale[j];
    bias -= weight[j] * mean[j];
  }
  return { weight, bias };
}

/** (E*D) */
function transposed({ transform, axes: E, mean: { length: D } }: PenaltySpace): Float64Array {
  const turned = new Float64Array(E * D);
  for (let j = 0; j < D; j++) for (let e = 0; e < E; e++) turned[e * D + j] = transform[j * E + e];
  return turned;
}

/** Axes (E x D) and variances (E, descending) of the covariance of the standardised fit rows. */
function* principalAxes(
  kernels: Kernels,
  features: Features,
  standardised: Matrix,
  fit: Uint32Array,
  at: { mean: Float64Array; scale: Float64Array; rows: Uint32Array; category: number },
): Steps<{ axes: Float64Array; variances: number[] }> {
  const D = standardised.columns;
  const n = fit.length;
  if (n > D) {
    const covariance = yield* partOf(gramInSteps(kernels, standardised, fit), 0, 0.9);
    for (let i = 0; i < covariance.length; i++) covariance[i] = covariance[i] / n;
    const { values, vectors } = kernels.eigen(covariance, D);
    const kept = keptAxes(values);
    return { axes: vectors.slice(0, kept * D), variances: Array.from(values.subarray(0, kept)) };
  }
  // With fewer images than features the n x n products give the same axes for less work: V_j = S^T u_j / sqrt(n v_j).
  const rowsAsWeights = new Float64Array(n * D);
  fit.forEach((position, i) => {
    const z = featuresOf(features, at.rows[position], at.category);
    for (let j = 0; j < D; j++) rowsAsWeights[i * D + j] = Math.fround((z[j] - at.mean[j]) / at.scale[j]);
  });
  const products = kernels.scores(standardised, rowsAsWeights, new Float64Array(n), fit);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] = (products[i * n + j] + products[j * n + i]) / (2 * n);
  const { values, vectors } = kernels.eigen(gram, n);
  const kept = keptAxes(values);
  const axes = new Float64Array(kept * D);
  for (let e = 0; e < kept; e++) {
    for (let i = 0; i < n; i++) {
      const factor = values[e] > 0 ? vectors[e * n + i] / Math.sqrt(n * values[e]) : 0;
      for (let j = 0; j < D; j++) axes[e * D + j] += factor * rowsAsWeights[i * D + j];
    }
  }
  return { axes, variances: Array.from(values.subarray(0, kept)) };
}

const rowsPerStep = 65_536;

/** Products of columns, some rows at a time: the sums of sums are the same however the matrix is kept. */
function* gramInSteps(kernels: Kernels, matrix: Matrix, rows: Uint32Array): Steps<Float64Array> {
  const sum = kernels.gram(matrix, rows.subarray(0, rowsPerStep));
  for (let first = rowsPerStep; first < rows.length; first += rowsPerStep) {
    yield first / rows.length;
    const more = kernels.gram(matrix, rows.subarray(first, first + rowsPerStep));
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i] + more[i];
  }
  return sum;
}

/** At least one axis is kept, so that constant features give an empty change instead of an empty matrix. */
function keptAxes(values: Float64Array): number {
  let kept = 0;
  while (kept < values.length && values[kept] > 1e-8 * values[0]) kept += 1;
  return Math.max(1, kept);
}
