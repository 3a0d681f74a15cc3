import { describe, expect, it } from "vitest";
import { limitedMemoryDescent, type BlockProblem } from "./limited-memory.ts";

/** Rosenbrock's valley, scaled: block k has its minimum 0 at (a_k, a_k^2). */
function valleys(centres: readonly number[]): BlockProblem & { calls: Uint8Array[] } {
  const calls: Uint8Array[] = [];
  return {
    blocks: centres.length,
    width: 2,
    calls,
    evaluate(parameters, active, value, gradient) {
      calls.push(active.slice());
      centres.forEach((a, k) => {
        if (active[k] === 0) return;
        const [x, y] = parameters.subarray(2 * k, 2 * k + 2);
        value[k] = (a - x) ** 2 + 100 * (y - x * x) ** 2;
        gradient[2 * k] = -2 * (a - x) - 400 * x * (y - x * x);
        gradient[2 * k + 1] = 200 * (y - x * x);
      });
    },
  };
}

describe("limited-memory descent", () => {
  it("finds the minimum of every block, however different they are", () => {
    const parameters = new Float64Array(6);
    const { converged, value } = limitedMemoryDescent(valleys([1, 0.3, -2]), parameters, { tolerance: 1e-14 });
    expect([...converged]).toEqual([1, 1, 1]);
    [1, 1, 0.3, 0.09, -2, 4].forEach((minimum, j) => expect(parameters[j]).toBeCloseTo(minimum, 4));
    for (const least of value) expect(least).toBeLessThan(1e-8);
  });

  it("gives a block the same bits alone as among others", () => {
    const together = new Float64Array(6);
    limitedMemoryDescent(valleys([1, 0.3, -2]), together);
    const alone = new Float64Array(2);
    limitedMemoryDescent(valleys([0.3]), alone);
    expect(together.slice(2, 4)).toEqual(alone);
  });

  it("asks no more for a block that has ended, and stops at once where the gradient is zero", () => {
    const problem = valleys([0, 1]);
    const { steps } = limitedMemoryDescent(problem, new Float64Array(4));
    expect(steps[0]).toBe(0);
    expect(problem.calls.slice(1).every((active) => active[0] === 0)).toBe(true);
  });

  it("says so where it was not given enough steps", () => {
    expect([...limitedMemoryDescent(valleys([1]), new Float64Array(2), { maxSteps: 3 }).converged]).toEqual([0]);
  });
});
