import { describe, expect, it } from "vitest";
import type { CellLoss, Cells } from "./kernels.ts";
import { plainKernels } from "./plain-kernels.ts";
import { cellTermsOf } from "./plain-kernels/cell-loss.ts";

const kernels = plainKernels();

const asl = (detachFocal: boolean, gammaPositive = 1, gammaNegative = 4, margin = 0.05): CellLoss => ({
  kind: "asl",
  gammaPositive,
  gammaNegative,
  margin,
  detachFocal,
});

function terms(loss: CellLoss, s: number, y: number): { loss: number; slope: number; curvature: number } {
  const out = { loss: 0, slope: 0, curvature: 0 };
  cellTermsOf(loss)(s, y, out);
  return out;
}

const wave = (i: number): number => Math.sin(1 + i * 12.9898) * Math.cos(i * 0.731);

function smallProblem(loss: CellLoss): { rows: number; columns: number; cells: Cells; weights: Float64Array; intercepts: Float64Array; loss: CellLoss } {
  const cells: Cells = {
    headStart: Uint32Array.of(0, 5, 5, 9),
    row: Uint32Array.of(0, 1, 1, 3, 6, 2, 3, 4, 5),
    target: Float32Array.of(1, 0, 0.25, 1, 0, 0, 1, 0, 1),
    weight: Float32Array.of(1, 0.5, 1, 2, 1, 1, 1, 0.25, 1),
    offset: Float32Array.from({ length: 9 }, (_, i) => wave(i + 50)),
  };
  return { rows: 7, columns: 6, cells, weights: Float64Array.from({ length: 18 }, (_, i) => wave(i + 90)), intercepts: Float64Array.of(0.1, 0.2, -0.3), loss };
}

describe("the loss of a cell", () => {
  it("has hand values", () => {
    expect(terms({ kind: "bce" }, 0, 1)).toEqual({ loss: Math.LN2, slope: -0.5, curvature: 0.25 });
    // p = 1/2: positive (1-p)^1 * ln 2; negative .45^4 * -ln(.55).
    expect(terms(asl(true), 0, 1).loss).toBeCloseTo(Math.LN2 / 2, 15);
    expect(terms(asl(true), 0, 0).loss).toBeCloseTo(0.45 ** 4 * -Math.log(0.55), 15);
    // Detached: the power times the slope of the logarithm alone.
    expect(terms(asl(true), 0, 1).slope).toBeCloseTo(-0.5 * 0.5, 15);
    expect(terms(asl(true), 0, 0).slope).toBeCloseTo((0.45 ** 4 * 0.25) / 0.55, 15);
    // Below the margin a negative costs nothing.
    expect(terms(asl(false), -4, 0)).toEqual({ loss: 0, slope: 0, curvature: 0 });
  });

  it("equals bce when nothing is asymmetric", () => {
    for (const detach of [true, false]) {
      for (const s of [-30, -3, 0, 0.5, 20]) {
        for (const y of [0, 0.3, 1]) {
          const a = terms(asl(detach, 0, 0, 0), s, y);
          const b = terms({ kind: "bce" }, s, y);
          expect(a.loss).toBeCloseTo(b.loss, 12);
          expect(a.slope).toBeCloseTo(b.slope, 12);
          expect(a.curvature).toBeCloseTo(b.curvature, 12);
        }
      }
    }
  });

  it.each([
    { kind: "bce" } as const,
    asl(false),
    asl(false, 0, 4, 0),
    asl(false, 2, 1, 0.2),
    asl(false, 0.5, 1.5, 0.05),
  ])("has the slope and curvature of its finite differences: %o", (loss) => {
    const h = 1e-5;
    for (const s of [-6, -2.5, -1, 0.001, 0.7, 3, 8]) {
      for (const y of [0, 0.4, 1]) {
        const here = terms(loss, s, y);
        const up = terms(loss, s + h, y);
        const down = terms(loss, s - h, y);
        expect(here.slope).toBeCloseTo((up.loss - down.loss) / (2 * h), 7);
        expect(here.curvature).toBeCloseTo(Math.max(0, (up.slope - down.slope) / (2 * h)), 6);
      }
    }
  });

  it("stays finite, with a curvature of at least 0, at any logit", () => {
    for (const loss of [{ kind: "bce" } as const, asl(true), asl(false), asl(false, 2, 0.5, 0), asl(true, 0, 1, 0)]) {
      for (const s of [-1e4, -800, -40, 0, 40, 800, 1e4]) {
        for (const y of [0, 0.5, 1]) {
          const t = terms(loss, s, y);
          expect(Object.values(t).every((value) => Number.isFinite(value))).toBe(true);
          expect(t.curvature).toBeGreaterThanOrEqual(0);
        }
      }
    }
    expect(terms({ kind: "bce" }, -1e4, 1).loss).toBe(1e4);
  });
});

describe("a plain cell problem", () => {
  it.each([{ kind: "bce" } as const, asl(false)])("has the gradient of its loss: %o", (loss) => {
    const p = smallProblem(loss);
    const x = kernels.matrix(p.rows, p.columns, (block) => block.set(block.map((_, i) => wave(i))));
    const problem = kernels.cellProblem(x, p.cells, loss);
    const first = problem.lossGradient(p.weights, p.intercepts);
    const gradient = first.gradient.slice();
    const interceptGradient = first.interceptGradient.slice();
    const interceptCurvature = first.interceptCurvature.slice();
    const h = 1e-5;
    const total = (w: Float64Array, b: Float64Array): number => problem.lossGradient(w, b).loss.reduce((sum, value) => sum + value, 0);
    for (let i = 0; i < gradient.length; i++) {
      const moved = (step: number): Float64Array => p.weights.map((value, j) => (j === i ? value + step : value));
      expect(gradient[i]).toBeCloseTo((total(moved(h), p.intercepts) - total(moved(-h), p.intercepts)) / (2 * h), 7);
    }
    for (let k = 0; k < 3; k++) {
      const moved = (step: number): Float64Array => p.intercepts.map((value, j) => (j === k ? value + step : value));
      expect(interceptGradient[k]).toBeCloseTo((total(p.weights, moved(h)) - total(p.weights, moved(-h))) / (2 * h), 7);
      // The curvature of ASL is floored cell by cell, so its sum is no derivative of anything.
      const slope = (step: number): number => problem.lossGradient(p.weights, moved(step)).interceptGradient[k];
      if (loss.kind === "bce") expect(interceptCurvature[k]).toBeCloseTo((slope(h) - slope(-h)) / (2 * h), 7);
    }
  });

  it("has a curvature product that is the change of the gradient", () => {
    const p = smallProblem({ kind: "bce" });
    const x = kernels.matrix(p.rows, p.columns, (block) => block.set(block.map((_, i) => wave(i))));
    const problem = kernels.cellProblem(x, p.cells, p.loss);
    const direction = p.weights.map((_, i) => wave(i + 300));
    const bend = Float64Array.of(0.5, 1, -1);
    const h = 1e-5;
    const at = (step: number): Float64Array =>
      problem.lossGradient(p.weights.map((value, i) => value + step * direction[i]), p.intercepts.map((value, k) => value + step * bend[k])).gradient.slice();
    const up = at(h);
    const down = at(-h);
    at(0);
    const { product } = problem.curvatureProduct(direction, bend);
    for (let i = 0; i < product.length; i++) expect(product[i]).toBeCloseTo((up[i] - down[i]) / (2 * h), 7);
  });

  it("refuses a curvature product of heads whose loss was not asked for", () => {
    const p = smallProblem({ kind: "bce" });
    const problem = kernels.cellProblem(kernels.matrix(p.rows, p.columns, () => {}), p.cells, p.loss);
    problem.lossGradient(p.weights, p.intercepts, Uint8Array.of(1, 1, 0));
    expect(() => problem.curvatureProduct(p.weights, p.intercepts)).toThrow("Head 2 has no curvatures: ask for its loss and gradient first.");
    expect(() => problem.curvatureProduct(p.weights, p.intercepts, Uint8Array.of(1, 1, 0))).not.toThrow();
  });

  it("has logits that are row . weights + intercept + offset", () => {
    const p = smallProblem({ kind: "bce" });
    const x = kernels.matrix(p.rows, p.columns, (block) => block.set(block.map((_, i) => wave(i))));
    const problem = kernels.cellProblem(x, p.cells, p.loss);
    const logits = new Float32Array(problem.cellCount);
    problem.logits(p.weights, p.intercepts, logits);
    for (let k = 0; k < 3; k++) {
      for (let m = p.cells.headStart[k]; m < p.cells.headStart[k + 1]; m++) {
        let wanted = p.intercepts[k] + p.cells.offset[m];
        for (let j = 0; j < p.columns; j++) wanted += Math.fround(wave(p.cells.row[m] * p.columns + j)) * p.weights[k * p.columns + j];
        expect(logits[m]).toBeCloseTo(wanted, 5);
      }
    }
  });

  it("refuses cells that contradict themselves or the matrix", () => {
    const p = smallProblem({ kind: "bce" });
    const x = kernels.matrix(6, p.columns, () => {});
    expect(() => kernels.cellProblem(x, p.cells, p.loss)).toThrow(/row below 6/);
    expect(() => kernels.cellProblem(x, { ...p.cells, weight: new Float32Array(2) }, p.loss)).toThrow(/cells.weight/);
    const whole = kernels.matrix(p.rows, p.columns, () => {});
    expect(() => kernels.cellProblem(whole, p.cells, { kind: "asl", gammaPositive: 0, gammaNegative: 4, margin: 1, detachFocal: true })).toThrow(/margin/);
  });
});

describe("dense plain kernels", () => {
  const x = kernels.matrix(3, 2, (block) => block.set([1, 2, 3, 4, 5, 6]));

  it("compute scores, transforms and Gram matrices by hand", () => {
    expect([...kernels.scores(x, Float64Array.of(1, 1, 2, 0), Float64Array.of(0, 10))]).toEqual([3, 12, 7, 16, 11, 20]);
    expect([...kernels.scores(x, Float64Array.of(1, 1), Float64Array.of(0.5), Uint32Array.of(2, 0, 2))]).toEqual([11.5, 3.5, 11.5]);
    expect([...kernels.gram(x)]).toEqual([35, 44, 44, 56]);
    expect([...kernels.gram(x, Uint32Array.of(0, 2))]).toEqual([26, 32, 32, 40]);
    const y = kernels.transform(x, Float64Array.of(1, 0, -1, 2, 1, 0), 3);
    expect([y.rows, y.columns]).toEqual([3, 3]);
    expect([...kernels.scores(y, Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), new Float64Array(3))]).toEqual([5, 2, -1, 11, 4, -3, 17, 6, -5]);
  });

  it("hand fill() every row once, in order, over zeros", () => {
    const seen: number[] = [];
    kernels.matrix(2500, 3, (block, first, count) => {
      expect(block.length).toBe(count * 3);
      expect(block.every((value) => value === 0)).toBe(true);
      for (let i = 0; i < count; i++) seen.push(first + i);
    });
    expect(seen).toEqual(Array.from({ length: 2500 }, (_, i) => i));
  });
});

describe("averagePrecisions", () => {
  it("groups ties, ignores order, and is NaN where undefined", () => {
    const scores = Float32Array.of(3, 2, 1, 5, 5, 5, 1, 2, 0, -0, -7);
    const positive = Uint8Array.of(1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0);
    const ap = kernels.averagePrecisions(scores, positive, Uint32Array.of(0, 3, 6, 8, 8, 11));
    expect([...ap]).toEqual([(1 + 2 / 3) / 2, 1 / 3, Number.NaN, Number.NaN, 0.5]);
    expect([...kernels.averagePrecisions(scores, positive, Uint32Array.of(0, 3, 6), Uint8Array.of(0, 1))]).toEqual([Number.NaN, 1 / 3]);
  });
});
