import { describe, expect, it } from "vitest";
import { randomSource } from "../random.ts";
import { betaDraw, binomialDraw, dirichletDraw, gammaDraw } from "./draws.ts";

const many = 20000;

function moments(draw: () => number): { mean: number; variance: number; error: number } {
  const values = Array.from({ length: many }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / many;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (many - 1);
  return { mean, variance, error: Math.sqrt(variance / many) };
}

/** log of n! by addition: slow, and right. */
const logFactorials = (n: number): number[] => {
  const logs = [0];
  for (let i = 1; i <= n; i++) logs.push(logs[i - 1] + Math.log(i));
  return logs;
};

describe("draws", () => {
  const random = randomSource("draws");

  it.each([0.3, 1, 4.5, 200])("from the gamma distribution have its mean and variance (shape %d)", (shape) => {
    const { mean, variance, error } = moments(() => gammaDraw(random, shape));
    expect(Math.abs(mean - shape)).toBeLessThan(4 * error);
    // Of a gamma variance the relative error is about sqrt((2 + 6 / shape) / n).
    expect(Math.abs(variance / shape - 1)).toBeLessThan(4 * Math.sqrt((2 + 6 / shape) / many));
  });

  it.each([[0.5, 0.5], [0.5, 30.5], [40, 7]])("from the beta distribution have its mean and variance (%d, %d)", (a, b) => {
    const { mean, variance, error } = moments(() => betaDraw(random, a, b));
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(4 * error);
    expect(Math.abs(variance / ((a * b) / ((a + b) ** 2 * (a + b + 1))) - 1)).toBeLessThan(0.1);
  });

  it.each([[0, 0.3], [1, 0.3], [64, 0.5], [1000, 0.02], [100000, 0.7], [500, 0], [500, 1]])("from the binomial distribution have its mean and variance (%d, %d)", (n, p) => {
    const { mean, variance } = moments(() => binomialDraw(random, n, p));
    const expected = n * p * (1 - p);
    expect(Math.abs(mean - n * p)).toBeLessThanOrEqual(4 * Math.sqrt(expected / many));
    expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.06 * expected);
  });

  it.each([[30, 0.32], [30, 0.34], [12, 0.83], [40, 0.5], [200, 0.08], [5000, 0.0021], [5000, 0.997], [700, 0.61]])("from the binomial distribution fall on each number as often as its formula says (%d, %d)", (n, p) => {
    const seen = new Float64Array(n + 1);
    for (let i = 0; i < many; i++) seen[binomialDraw(random, n, p)] += 1;
    const logs = logFactorials(n);
    const expected = Float64Array.from(seen, (_, k) => many * Math.exp(logs[n] - logs[k] - logs[n - k] + k * Math.log(p) + (n - k) * Math.log1p(-p)));
    // Numbers too rare to be compared one by one are taken together.
    let [square, cells, restSeen, restExpected] = [0, 0, 0, 0];
    for (let k = 0; k <= n; k++) {
      restSeen += seen[k];
      restExpected += expected[k];
      if (restExpected < 20) continue;
      square += (restSeen - restExpected) ** 2 / restExpected;
      cells += 1;
      [restSeen, restExpected] = [0, 0];
    }
    expect(cells).toBeGreaterThan(6);
    // Chi-square with cells - 1 degrees of freedom: mean that, variance twice that; four standard deviations.
    expect(square).toBeLessThan(cells - 1 + 4 * Math.sqrt(2 * (cells - 1)) + 4);
  });

  it("from the Dirichlet distribution sum to 1 and share as their weights do", () => {
    const sums = [0, 0, 0];
    for (let i = 0; i < many; i++) {
      const shares = dirichletDraw(random, [0.5, 3, 6.5]);
      expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
      shares.forEach((share, k) => (sums[k] += share / many));
    }
    [0.05, 0.3, 0.65].forEach((mean, k) => expect(Math.abs(sums[k] - mean)).toBeLessThan(0.005));
  });
});
