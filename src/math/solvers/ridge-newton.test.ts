import { describe, expect, it } from "vitest";
import { plainKernels } from "../plain-kernels.ts";
import { randomSource } from "../random.ts";
import golden from "./ridge-golden.json" with { type: "json" };
import { ridgeNewton } from "./ridge-newton.ts";

interface Shared {
  readonly rows: number;
  readonly columns: number;
  readonly features: readonly number[];
  readonly target: readonly number[];
  readonly weight: readonly number[];
  readonly offset?: readonly number[];
}

async function solve(problem: Shared, lambda: number, start = 0, tolerance = 1e-10, moments?: Float64Array): Promise<{ value: number; converged: number }> {
  const kernels = plainKernels();
  const { rows, columns } = problem;
  const matrix = kernels.matrix(rows, columns, (block, first, count) => {
    block.set(problem.features.slice(first * columns, (first + count) * columns));
  });
  const weight = Float32Array.from(problem.weight);
  const cells = kernels.cellProblem(
    matrix,
    {
      headStart: Uint32Array.of(0, rows),
      row: Uint32Array.from({ length: rows }, (_, i) => i),
      target: Float32Array.from(problem.target),
      weight,
      offset: problem.offset === undefined ? new Float32Array(rows) : Float32Array.from(problem.offset),
    },
    { kind: "bce" },
  );
  const weights = new Float64Array(columns).fill(start);
  const result = await ridgeNewton(cells, weights, new Float64Array(1), { lambda, weightSum: Float64Array.of(weight.reduce((sum, t) => sum + t, 0)), tolerance, ...(moments === undefined ? {} : { moments }) });
  return { value: result.value[0], converged: result.converged[0] };
}

describe("ridgeNewton", () => {
  it.each(golden.problems.map((problem, i) => [i, problem] as const))("reaches scikit-learn's and LIBLINEAR's optimum on shared problem %i to 1e-6 of the objective, weights included", async (_, problem) => {
    const { value, converged } = await solve(problem, problem.lam);
    expect(converged).toBe(1);
    expect(Math.abs(value - problem.optimum) / problem.optimum).toBeLessThan(1e-6);
    expect(Math.abs(value - problem.liblinear) / problem.liblinear).toBeLessThan(1e-6);
  });

  it.each(golden.ladders.flatMap((ladder, i) => ladder.optima.map(({ lam, optimum }, k) => [i, 2 * k, ladder, lam, optimum] as const)))(
    "reaches SciPy's optimum of tuning problem %i at strength %i, weights and offsets included, at the tolerance tuning uses",
    async (_, __, ladder, lam, optimum) => {
      const { value, converged } = await solve(ladder, lam, 0, 1e-8);
      expect(converged).toBe(1);
      expect(Math.abs(value - optimum) / optimum).toBeLessThan(1e-6);
    },
  );

  it.each(golden.ladders.flatMap((ladder, i) => ladder.optima.map(({ lam, optimum }, k) => [i, 2 * k, ladder, lam, optimum] as const)))(
    "reaches the same optimum of tuning problem %i at strength %i whatever it is told of the columns: their mean squares, or ten times too much or too little of them",
    async (_, __, ladder, lam, optimum) => {
      const meanSquares = Float64Array.from({ length: ladder.columns }, (___, j) => {
        let sum = 0;
        for (let i = 0; i < ladder.rows; i++) sum += ladder.features[i * ladder.columns + j] ** 2;
        return sum / ladder.rows;
      });
      for (const factor of [1, 10, 0.1]) {
        const { value, converged } = await solve(ladder, lam, 0, 1e-8, meanSquares.map((each) => factor * each));
        expect(converged).toBe(1);
        expect(Math.abs(value - optimum) / optimum, `moments times ${factor}`).toBeLessThan(1e-6);
      }
    },
  );

  it("needs fewer passes over the cells when it is told how columns of very different size vary", async () => {
    const kernels = plainKernels();
    const [rows, columns] = [400, 40];
    const random = randomSource("columns of different size");
    const size = Array.from({ length: columns }, (_, j) => 10 ** (-j / 10));
    const matrix = kernels.matrix(rows, columns, (block) => {
      for (let i = 0; i < block.length; i++) block[i] = size[i % columns] * random.normal();
    });
    const cells = {
      headStart: Uint32Array.of(0, rows),
      row: Uint32Array.from({ length: rows }, (_, i) => i),
      target: Float32Array.from({ length: rows }, () => (random.next() < 0.3 ? 1 : 0)),
      weight: new Float32Array(rows).fill(1),
      offset: new Float32Array(rows),
    };
    const passes = async (moments?: Float64Array): Promise<{ count: number; value: number }> => {
      let count = 0;
      const pause = (): void => {
        count += 1;
      };
      const options = { lambda: 1e-5, weightSum: Float64Array.of(rows), pause, ...(moments === undefined ? {} : { moments }) };
      const { value } = await ridgeNewton(kernels.cellProblem(matrix, cells, { kind: "bce" }), new Float64Array(columns), new Float64Array(1), options);
      return { count, value: value[0] };
    };
    const without = await passes();
    const told = await passes(Float64Array.from(size, (each) => each * each));
    expect(told.value).toBeCloseTo(without.value, 6);
    expect(told.count).toBeLessThan(0.6 * without.count);
  });

  it("ends at the same objective from a start far away", async () => {
    const problem = golden.problems[0];
    expect((await solve(problem, problem.lam, 5)).value).toBeCloseTo((await solve(problem, problem.lam)).value, 8);
  });

  it("leaves heads without cells as they are", async () => {
    const kernels = plainKernels();
    const matrix = kernels.matrix(2, 1, (block) => block.fill(1));
    const empty = { headStart: Uint32Array.of(0, 0), row: new Uint32Array(0), target: new Float32Array(0), weight: new Float32Array(0), offset: new Float32Array(0) };
    const weights = Float64Array.of(3);
    const result = await ridgeNewton(kernels.cellProblem(matrix, empty, { kind: "bce" }), weights, new Float64Array(1), { lambda: 1, weightSum: new Float64Array(1) });
    expect(weights[0]).toBe(3);
    expect(result.value[0]).toBeNaN();
  });

  it("pauses before every pass, and ends with what the pause throws", async () => {
    const kernels = plainKernels();
    const matrix = kernels.matrix(4, 2, (block) => block.set([1, 0, 0, 1, 1, 1, 0, 0]));
    const cells = { headStart: Uint32Array.of(0, 4), row: Uint32Array.of(0, 1, 2, 3), target: Float32Array.of(1, 0, 1, 0), weight: new Float32Array(4).fill(1), offset: new Float32Array(4) };
    const solveWith = (pause: () => void): Promise<unknown> =>
      ridgeNewton(kernels.cellProblem(matrix, cells, { kind: "bce" }), new Float64Array(2), new Float64Array(1), { lambda: 0.1, weightSum: Float64Array.of(4), pause });
    let pauses = 0;
    await solveWith(() => {
      pauses += 1;
    });
    expect(pauses).toBeGreaterThan(3);
    await expect(
      solveWith(() => {
        throw new Error("stopped");
      }),
    ).rejects.toThrow("stopped");
  });
});
