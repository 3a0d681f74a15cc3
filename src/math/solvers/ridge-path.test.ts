import { describe, expect, it } from "vitest";
import type { CellProblem, Cells } from "../kernels.ts";
import { plainKernels } from "../plain-kernels.ts";
import { randomSource } from "../random.ts";
import golden from "./ridge-golden.json" with { type: "json" };
import { ridgeNewton } from "./ridge-newton.ts";
import { RidgePath } from "./ridge-path.ts";

const strengths = Array.from({ length: 11 }, (_, k) => 10 ** (-k / 2));

/** Heads on shared rows, each knowing its own half of the cells; columns of very different size, as principal axes are. */
function drawn(name: string, { rows = 240, columns = 24, heads = 3, share = 0.5, rate = 0.3 } = {}): { problem: CellProblem; weightSum: Float64Array; moments: Float64Array } {
  const kernels = plainKernels();
  const random = randomSource(name);
  const size = Array.from({ length: columns }, (_, j) => 2 ** (-j / 4));
  const matrix = kernels.matrix(rows, columns, (block) => {
    for (let i = 0; i < block.length; i++) block[i] = size[i % columns] * random.normal();
  });
  const cells: { head: number; row: number; target: number }[] = [];
  for (let head = 0; head < heads; head++) for (let row = 0; row < rows; row++) if (random.next() < share) cells.push({ head, row, target: random.next() < rate ? 1 : 0 });
  const headStart = Uint32Array.from({ length: heads + 1 }, (_, head) => cells.filter((cell) => cell.head < head).length);
  const all: Cells = {
    headStart,
    row: Uint32Array.from(cells, ({ row }) => row),
    target: Float32Array.from(cells, ({ target }) => target),
    weight: Float32Array.from(cells, (_, i) => 1 - (i % 3) / 10),
    offset: Float32Array.from(cells, () => random.normal()),
  };
  const weightSum = Float64Array.from({ length: heads }, (_, head) => all.weight.subarray(headStart[head], headStart[head + 1]).reduce((sum, t) => sum + t, 0));
  return { problem: kernels.cellProblem(matrix, all, { kind: "bce" }), weightSum, moments: Float64Array.from(size, (each) => each * each) };
}

describe("RidgePath", () => {
  it.each(golden.ladders.map((ladder, i) => [i, ladder] as const))("reaches SciPy's optima of tuning problem %i one after another, whatever it is told of the columns", async (_, ladder) => {
    const kernels = plainKernels();
    const { rows, columns } = ladder;
    const matrix = kernels.matrix(rows, columns, (block, first, count) => block.set(ladder.features.slice(first * columns, (first + count) * columns)));
    const weight = Float32Array.from(ladder.weight);
    const cells = { headStart: Uint32Array.of(0, rows), row: Uint32Array.from({ length: rows }, (__, i) => i), target: Float32Array.from(ladder.target), weight, offset: Float32Array.from(ladder.offset) };
    const meanSquares = Float64Array.from({ length: columns }, (__, j) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += ladder.features[i * columns + j] ** 2;
      return sum / rows;
    });
    const problem = kernels.cellProblem(matrix, cells, { kind: "bce" });
    for (const moments of [undefined, meanSquares, meanSquares.map((each) => 10 * each), meanSquares.map((each) => each / 10)]) {
      const path = new RidgePath(problem, { weightSum: Float64Array.of(weight.reduce((sum, t) => sum + t, 0)), ...(moments === undefined ? {} : { moments }) });
      for (const { lam, optimum } of ladder.optima) {
        const { value, converged } = await path.solve(lam);
        expect(converged[0]).toBe(1);
        expect(Math.abs(value[0] - optimum) / optimum, `lambda ${lam}`).toBeLessThan(1e-6);
      }
    }
  });

  it.each([1, 2, 10, 40])("ends where Newton's method ends when it remembers %i pairs, in whatever order the strengths come", async (pairs) => {
    const { problem, weightSum, moments } = drawn("same end");
    for (const order of [strengths, strengths.toReversed(), [1e-3, 1, 1e-3]]) {
      const path = new RidgePath(problem, { weightSum, moments, pairs });
      for (const lambda of order) {
        const { value, converged } = await path.solve(lambda, 1e-10);
        expect([...converged]).toEqual([1, 1, 1]);
        const [weights, intercepts] = [new Float64Array(path.weights.length), new Float64Array(3)];
        const exact = await ridgeNewton(problem, weights, intercepts, { lambda, weightSum, moments, tolerance: 1e-12 });
        for (let head = 0; head < 3; head++) expect(Math.abs(value[head] - exact.value[head]) / exact.value[head]).toBeLessThan(1e-7);
        path.weights.forEach((weight, j) => expect(Math.abs(weight - weights[j])).toBeLessThan(1e-3 * Math.max(...weights.map(Math.abs))));
      }
    }
  });

  it("takes less than half of the passes that Newton's method takes along a path", async () => {
    const { problem, weightSum, moments } = drawn("passes", { rows: 2000, columns: 40 });
    const count = { path: 0, newton: 0 };
    const path = new RidgePath(problem, { weightSum, moments, pause: () => void (count.path += 1) });
    const [weights, intercepts] = [new Float64Array(3 * 40), new Float64Array(3)];
    for (const lambda of strengths) {
      await path.solve(lambda);
      await ridgeNewton(problem, weights, intercepts, { lambda, weightSum, moments, pause: () => void (count.newton += 1) });
    }
    expect(count.path).toBeGreaterThan(strengths.length);
    expect(count.path).toBeLessThan(0.5 * count.newton);
  });

  it("solves a head alone to the bits it has among others", async () => {
    const { problem, weightSum, moments } = drawn("alone");
    const together = new RidgePath(problem, { weightSum, moments });
    const alone = new RidgePath(problem, { weightSum, moments, wanted: Uint8Array.of(0, 1, 0) });
    for (const lambda of strengths) {
      const all = await together.solve(lambda);
      const one = await alone.solve(lambda);
      expect(one.value[1]).toBe(all.value[1]);
      expect([one.value[0], one.converged[0], one.steps[2]]).toEqual([Number.NaN, 0, 0]);
    }
    expect(alone.weights.subarray(24, 48)).toEqual(together.weights.subarray(24, 48));
    expect(alone.weights.subarray(0, 24).every((weight) => weight === 0)).toBe(true);
  });

  it("ends, and at the optimum, where few cells are separable and hardly any penalty holds them", async () => {
    const { problem, weightSum, moments } = drawn("separable", { rows: 30, columns: 60, share: 0.4 });
    const path = new RidgePath(problem, { weightSum, moments });
    for (const lambda of [...strengths, 1e-6, 1e-8]) {
      const { value, converged } = await path.solve(lambda);
      expect([...converged]).toEqual([1, 1, 1]);
      const [weights, intercepts] = [new Float64Array(3 * 60), new Float64Array(3)];
      const exact = await ridgeNewton(problem, weights, intercepts, { lambda, weightSum, moments, tolerance: 1e-12 });
      for (let head = 0; head < 3; head++) expect(Math.abs(value[head] - exact.value[head]) / Math.max(exact.value[head], 1e-3)).toBeLessThan(1e-5);
    }
  });

  it("solves heads of one label alone, and leaves heads without cells as they are", async () => {
    const kernels = plainKernels();
    const matrix = kernels.matrix(3, 1, (block) => block.set([1, 2, -1]));
    const cells = { headStart: Uint32Array.of(0, 1, 3, 3), row: Uint32Array.of(0, 1, 2), target: Float32Array.of(1, 0, 0), weight: new Float32Array(3).fill(1), offset: new Float32Array(3) };
    const path = new RidgePath(kernels.cellProblem(matrix, cells, { kind: "bce" }), { weightSum: Float64Array.of(1, 2, 0) });
    const { value } = await path.solve(0.1);
    // Without a cell of the other kind the intercept alone takes the loss towards 0.
    expect(value[0]).toBeLessThan(1e-2);
    expect(value[1]).toBeLessThan(1e-2);
    expect(value[2]).toBeNaN();
    expect([path.weights[2], path.intercepts[2]]).toEqual([0, 0]);
  });

  it("does not call converged what is no number", async () => {
    const kernels = plainKernels();
    const matrix = kernels.matrix(2, 1, (block) => block.set([1, 2]));
    const cells = { headStart: Uint32Array.of(0, 2), row: Uint32Array.of(0, 1), target: Float32Array.of(1, 0), weight: Float32Array.of(1, 1), offset: Float32Array.of(0, Number.NaN) };
    const { converged } = await new RidgePath(kernels.cellProblem(matrix, cells, { kind: "bce" }), { weightSum: Float64Array.of(2) }).solve(0.1);
    expect(converged[0]).toBe(0);
  });

  it("pauses before every pass, and ends with what the pause throws", async () => {
    const { problem, weightSum, moments } = drawn("stopped");
    let left = 7;
    const path = new RidgePath(problem, {
      weightSum,
      moments,
      pause() {
        left -= 1;
        if (left === 0) throw new Error("stopped");
      },
    });
    await expect(
      (async () => {
        for (const lambda of strengths) await path.solve(lambda);
      })(),
    ).rejects.toThrow("stopped");
  });
});
