import { describe, expect, it } from "vitest";
import { symmetricEigen } from "./eigen.ts";

/** A symmetric matrix of numbers in [-1, 1] from a small congruential generator. */
function randomSymmetric(n: number, seed: number): Float64Array {
  let state = seed;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      a[i * n + j] = state / 2 ** 31 - 1;
      a[j * n + i] = a[i * n + j];
    }
  }
  return a;
}

/** The largest of |A v - value v| and |V V^T - I|. */
function worstError(a: Float64Array, n: number, values: Float64Array, vectors: Float64Array): number {
  let worst = 0;
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      let product = 0;
      let inner = 0;
      for (let j = 0; j < n; j++) {
        product += a[i * n + j] * vectors[k * n + j];
        inner += vectors[i * n + j] * vectors[k * n + j];
      }
      worst = Math.max(worst, Math.abs(product - values[k] * vectors[k * n + i]), Math.abs(inner - (i === k ? 1 : 0)));
    }
  }
  return worst;
}

describe("symmetricEigen", () => {
  it("finds 3 and 1 for [[2, 1], [1, 2]], largest component positive", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect(Math.abs(vectors[0])).toBeCloseTo(Math.SQRT1_2, 14);
    expect(vectors[0] * vectors[1]).toBeCloseTo(0.5, 14);
    expect(vectors[2] * vectors[3]).toBeCloseTo(-0.5, 14);
  });

  it.each([1, 2, 3, 5, 17, 64, 129])("reproduces a random matrix of size %i", (n) => {
    const a = randomSymmetric(n, n);
    const { values, vectors } = symmetricEigen(a, n);
    expect(worstError(a, n, values, vectors)).toBeLessThan(1e-12 * n);
    for (let k = 1; k < n; k++) expect(values[k]).toBeLessThanOrEqual(values[k - 1]);
  });

  it("handles rank one, repeated values, zero and diagonal matrices", () => {
    const n = 40;
    const rankOne = Float64Array.from({ length: n * n }, (_, i) => Math.sin(Math.floor(i / n)) * Math.sin(i % n));
    const one = symmetricEigen(rankOne, n);
    expect(worstError(rankOne, n, one.values, one.vectors)).toBeLessThan(1e-12 * n);
    for (const value of one.values.subarray(1)) expect(Math.abs(value)).toBeLessThan(1e-12);
    const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    expect([...symmetricEigen(identity, n).values]).toEqual(Array.from({ length: n }, () => 1));
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    expect([...symmetricEigen(Float64Array.of(1, 0, 0, 0, 3, 0, 0, 0, 2), 3).values]).toEqual([3, 2, 1]);
    expect(symmetricEigen(new Float64Array(0), 0).values.length).toBe(0);
  });

  it("refuses a number that is not finite, and a wrong size", () => {
    expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(/finite/);
    expect(() => symmetricEigen(new Float64Array(3), 2)).toThrow(/2 x 2/);
  });
});
