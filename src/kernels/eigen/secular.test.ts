import { describe, expect, it } from "vitest";
import { consistentZ, secularRoot, type Secular } from "./secular.ts";

function roots(problem: Secular): { values: number[]; gaps: Float64Array[] } {
  const gaps = Array.from(problem.d, () => new Float64Array(problem.d.length));
  return { values: gaps.map((gap, j) => secularRoot(problem, j, gap)), gaps };
}

const unit = (numbers: readonly number[]): Float64Array => Float64Array.from(numbers, (x) => x / Math.hypot(...numbers));

describe("secularRoot", () => {
  it("moves a single value by rho", () => {
    expect(roots({ d: Float64Array.of(3), z: Float64Array.of(1), rho: 0.25 }).values).toEqual([3.25]);
  });

  it("finds (3 - sqrt 5) / 2 and (3 + sqrt 5) / 2 for [[1/2, 1/2], [1/2, 5/2]] = diag(0, 2) + z z^T", () => {
    const { values } = roots({ d: Float64Array.of(0, 2), z: unit([1, 1]), rho: 1 });
    expect(values[0]).toBeCloseTo((3 - Math.sqrt(5)) / 2, 15);
    expect(values[1]).toBeCloseTo((3 + Math.sqrt(5)) / 2, 15);
  });

  it("lies between its neighbours, to full relative precision, where z is tiny and values are nearly equal", () => {
    const problem = { d: Float64Array.of(0, 1, 1 + 1e-12, 1 + 2e-12, 5), z: unit([1e-7, 1, 1e-6, 1, 1]), rho: 1e-3 };
    const { gaps } = roots(problem);
    gaps.forEach((gap, j) => {
      expect(gap[j]).toBeLessThan(0);
      if (j + 1 < gap.length) expect(gap[j + 1]).toBeGreaterThan(0);
      let [sum, size] = [1 / problem.rho, 1 / problem.rho];
      gap.forEach((distance, i) => {
        const term = problem.z[i] ** 2 / distance;
        sum += term;
        size += Math.abs(term);
      });
      // The equation holds to rounding of its terms: the gaps themselves are exact to the last digits.
      expect(Math.abs(sum)).toBeLessThan(1e-14 * size);
    });
  });

  it("keeps the trace: the values move by rho in all", () => {
    const n = 60;
    const problem = { d: Float64Array.from({ length: n }, (_, i) => i * i), z: unit(Array.from({ length: n }, (_, i) => Math.cos(i) + 1.01)), rho: 40 };
    const moved = roots(problem).gaps.reduce((sum, gap, j) => sum - gap[j], 0);
    expect(moved).toBeCloseTo(40, 11);
  });
});

describe("consistentZ", () => {
  it("gives z back, to a factor, from exact eigenvalues", () => {
    const problem = { d: Float64Array.of(-1, 0, 0.5, 4), z: unit([1, -2, 0.5, 1]), rho: 2 };
    const { gaps } = roots(problem);
    const z = consistentZ(problem, (j) => gaps[j]);
    z.forEach((value, i) => expect(value / z[0]).toBeCloseTo(problem.z[i] / problem.z[0], 13));
  });
});
