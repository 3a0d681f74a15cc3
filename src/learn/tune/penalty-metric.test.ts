import { describe, expect, it } from "vitest";
import { plainKernels, type Kernels } from "../../math/index.ts";
import { denseFeatures } from "../features.ts";
import golden from "./golden/penalty-metric.json" with { type: "json" };
import { penaltyMetric, type PenaltyMetric } from "./penalty-metric.ts";

const kernels = plainKernels();

function metricOf(values: readonly number[], rows: number, fit: readonly number[], by: Kernels = kernels): PenaltyMetric {
  const features = denseFeatures(Float32Array.from(values), rows, values.length / rows);
  return penaltyMetric(by, features, Uint32Array.from({ length: rows }, (_, i) => i), Uint32Array.from(fit));
}

/** (rows*E), read out of the matrix column by column. */
function valuesOf({ matrix: { matrix, columns: E } }: PenaltyMetric): Float32Array {
  const identity = Float64Array.from({ length: E * E }, (_, at) => (at % (E + 1) === 0 ? 1 : 0));
  return kernels.scores(matrix, identity, new Float64Array(E));
}

/** The sum of all variances: the penalty of kappa = 1. */
const traceOf = (metric: PenaltyMetric): number => Number(metric.penalty(1));

/** x x^T (rows*rows): axes have no sign, so only this is determined. */
function productsOf(metric: PenaltyMetric): number[] {
  const x = valuesOf(metric);
  const [n, E] = [metric.matrix.matrix.rows, metric.matrix.columns];
  return Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let e = 0; e < E; e++) sum += x[Math.floor(at / n) * E + e] * x[(at % n) * E + e];
    return sum;
  });
}

/** The change of head that u = sum of alpha_i x_i over the fit images and v = .3 make. */
function changeOf(metric: PenaltyMetric, fit: readonly number[], alpha: readonly number[]): number[] {
  const x = valuesOf(metric);
  const E = metric.matrix.columns;
  const u = Float64Array.from({ length: E }, (_, e) => fit.reduce((sum, row, i) => sum + alpha[i] * x[row * E + e], 0));
  const { weight, bias } = metric.toRaw(u, 0.3, 0);
  return [...weight, bias];
}

/** Scores of rows of raw features (columns of them each) by a head of as many weights and a bias. */
const scoresOf = (values: readonly number[], head: readonly number[]): number[] => {
  const D = head.length - 1;
  return Array.from({ length: values.length / D }, (_, i) => values.slice(i * D, (i + 1) * D).reduce((sum, value, j) => sum + value * head[j], head[D]));
};

function expectClose(got: readonly number[], want: readonly number[], relative: number): void {
  const size = Math.max(...want.map(Math.abs));
  expect(got.length).toBe(want.length);
  expect(Math.max(...got.map((value, i) => Math.abs(value - want[i])))).toBeLessThan(relative * size);
}

describe.each([
  ["more fit images than features", golden.cases[0]],
  ["fewer fit images than features", golden.cases[1]],
])("the metric of the penalty on %s", (_, { rows, columns, fit, features, alpha, axes, trace, products, weight, bias }) => {
  it("equals an independent script's: axes kept, trace, and x of every image", () => {
    const metric = metricOf(features, rows, fit);
    expect(metric.matrix.columns).toBe(axes);
    expect(Math.abs(traceOf(metric) / trace - 1)).toBeLessThan(1e-6);
    // x is kept in float32.
    expectClose(productsOf(metric), products, 2e-6);
  });

  it("makes the change of head that the script works out", () => {
    expectClose(changeOf(metricOf(features, rows, fit), fit, alpha), [...weight, bias], 2e-6);
  });

  it("gives features scored by that change the scores u.x + v", () => {
    const metric = metricOf(features, rows, fit);
    const x = valuesOf(metric);
    const E = metric.matrix.columns;
    const u = Float64Array.from({ length: E }, (__, e) => 1 + e);
    const change = metric.toRaw(u, -2, 0);
    const want = Array.from({ length: rows }, (__, i) => u.reduce((sum, value, e) => sum + value * x[i * E + e], -2));
    expectClose(scoresOf(features, [...change.weight, change.bias]), want, 2e-6);
  });

  it("takes the axes from whichever products are fewer", () => {
    const sizes: number[] = [];
    const counting: Kernels = {
      ...kernels,
      eigen: (symmetric, n) => {
        sizes.push(n);
        return kernels.eigen(symmetric, n);
      },
    };
    metricOf(features, rows, fit, counting);
    expect(sizes).toEqual([Math.min(fit.length, columns)]);
  });
});

describe("the two ways to the axes", () => {
  it("give the same x and the same change of head: constant features, which turn many images into few, change nothing", () => {
    const { rows, columns, fit, features, alpha } = golden.cases[0];
    const constant = [5, -3, 0, 1, 2, 8];
    expect(columns).toBeLessThan(fit.length);
    expect(columns + constant.length).toBeGreaterThan(fit.length);
    const widened = Array.from({ length: rows }, (_, i) => [...features.slice(i * columns, (i + 1) * columns), ...constant]).flat();
    const [tall, wide] = [metricOf(features, rows, fit), metricOf(widened, rows, fit)];
    expect(wide.matrix.columns).toBe(tall.matrix.columns);
    expect(Math.abs(traceOf(wide) / traceOf(tall) - 1)).toBeLessThan(1e-6);
    expectClose(productsOf(wide), productsOf(tall), 2e-6);
    const [change, widenedChange] = [changeOf(tall, fit, alpha), changeOf(wide, fit, alpha)];
    expectClose([...widenedChange.slice(0, columns), widenedChange.at(-1)!], change, 2e-6);
    expectClose([...widenedChange.slice(columns, -1), 1], [...constant.map(() => 0), 1], 1e-12);
  });

  it("do not scale x: the variances of the fit images add up to the trace", () => {
    for (const { rows, fit, features } of golden.cases) {
      const metric = metricOf(features, rows, fit);
      const products = productsOf(metric);
      const sum = fit.reduce((total, row) => total + products[row * rows + row], 0) / fit.length;
      expect(Math.abs(sum / traceOf(metric) - 1)).toBeLessThan(1e-6);
    }
  });
});
