/** The compiled eigendecomposition on spectra that are hard for divide and conquer, held to its definition: A V = V diag(values), V V^T = I. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainKernels, randomSource, type Kernels } from "../../math/index.ts";
import { loadKernels } from "../index.ts";

/** Q diag(values) Q^T, Q a product of a few random reflections: full, but of a known spectrum. */
function withSpectrum(values: readonly number[], seed: string): Float64Array {
  const n = values.length;
  const random = randomSource(seed);
  const a = new Float64Array(n * n);
  values.forEach((value, i) => (a[i * n + i] = value));
  for (let round = 0; round < 3; round++) {
    const v = Float64Array.from({ length: n }, () => random.next() - 0.5);
    const square = v.reduce((sum, x) => sum + x * x, 0);
    // A := H A H, H = I - 2 v v^T / v^T v.
    const p = v.map((_, i) => v.reduce((sum, x, j) => sum + a[i * n + j] * x, 0));
    const along = p.reduce((sum, x, i) => sum + x * v[i], 0) / square;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j] = a[i * n + j] - (2 / square) * (v[i] * (p[j] - along * v[j]) + v[j] * (p[i] - along * v[i]));
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
  return a;
}

/** A tridiagonal matrix of this diagonal, coupled by 1. */
function coupled(n: number, diagonal: (i: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    a[i * n + i] = diagonal(i);
    if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = 1;
  }
  return a;
}

/** Largest entries of A V - V diag(values), relative to A, and of V V^T - I; whether the values descend. */
function errors(a: Float64Array, n: number, { values, vectors }: ReturnType<Kernels["eigen"]>): { residual: number; orthogonality: number; descends: boolean } {
  const size = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  let [residual, orthogonality] = [0, 0];
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      let [product, inner] = [0, 0];
      for (let j = 0; j < n; j++) {
        product += (a[i * n + j] / size) * vectors[k * n + j];
        inner += vectors[i * n + j] * vectors[k * n + j];
      }
      residual = Math.max(residual, Math.abs(product - (values[k] / size) * vectors[k * n + i]));
      orthogonality = Math.max(orthogonality, Math.abs(inner - (i === k ? 1 : 0)));
    }
  }
  return { residual, orthogonality, descends: values.every((value, k) => k === 0 || value <= values[k - 1]) };
}

describe.each(["simd", "relaxed-simd"] as const)("the %s build's eigendecomposition", (build) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels({ build, threads: 2 });
  });
  afterAll(() => kernels.dispose());

  function expectSolved(a: Float64Array, n: number): ReturnType<Kernels["eigen"]> {
    const found = kernels.eigen(a, n);
    const { residual, orthogonality, descends } = errors(a, n, found);
    expect(residual).toBeLessThan(1e-13 * Math.sqrt(n));
    expect(orthogonality).toBeLessThan(1e-13);
    expect(descends).toBe(true);
    return found;
  }

  const n = 200;
  const spectra: readonly (readonly [string, (i: number) => number])[] = [
    ["evenly spaced", (i) => i + 1],
    ["falling by powers down to 1e-20", (i) => 10 ** (-i / 10)],
    ["of rank 3", (i) => (i < 3 ? 10 - i : 0)],
    ["of two values, each a hundred times", (i) => i % 2],
    ["in clusters 1e-14 wide", (i) => Math.floor(i / 40) + 1e-16 * i],
    ["in clusters 1e-9 wide", (i) => Math.floor(i / 40) + 1e-11 * i],
    ["of both signs", (i) => (i % 2 === 0 ? i : -i)],
    ["one large value over noise, as a covariance has", (i) => (i === 0 ? 1e6 : 1 + 1e-3 * i)],
  ];

  it.each(spectra)("finds a spectrum %s", (name, at) => {
    const wanted = Array.from({ length: n }, (_, i) => at(i)).sort((x, y) => y - x);
    const { values } = expectSolved(withSpectrum(wanted, name), n);
    const size = Math.max(...wanted.map(Math.abs));
    values.forEach((value, k) => expect(Math.abs(value - wanted[k])).toBeLessThan(1e-13 * size));
  });

  it("solves tridiagonal matrices: Wilkinson's, whose largest values come in pairs equal to the last digit, and one of equal numbers, whose values are known", () => {
    expectSolved(coupled(201, (i) => Math.abs(i - 100)), 201);
    const { values } = expectSolved(coupled(150, () => 2), 150);
    values.forEach((value, k) => expect(value).toBeCloseTo(2 + 2 * Math.cos(((k + 1) * Math.PI) / 151), 13));
  });

  it("solves the identity, zero, diagonal, rank-one and block-diagonal matrices", () => {
    const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    expect([...expectSolved(identity, n).values]).toEqual(Array.from({ length: n }, () => 1));
    expect([...expectSolved(new Float64Array(n * n), n).values]).toEqual(Array.from({ length: n }, () => 0));
    const diagonal = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? i % 7 : 0));
    expect(expectSolved(diagonal, n).values[0]).toBe(6);
    expectSolved(Float64Array.from({ length: n * n }, (_, i) => Math.sin(Math.floor(i / n)) * Math.sin(i % n)), n);
    const blocks = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return i < n / 2 === j < n / 2 ? Math.cos(i * j) : 0;
    });
    expectSolved(blocks, n);
  });

  it("gives the same to a factor for numbers near the ends of float64", () => {
    const a = withSpectrum(Array.from({ length: 90 }, (_, i) => 90 - i), "scaled");
    const wanted = kernels.eigen(a, 90);
    for (const factor of [2 ** -1000, 2 ** 1000]) {
      const { values, vectors } = kernels.eigen(a.map((x) => x * factor), 90);
      expect(values).toEqual(wanted.values.map((x) => x * factor));
      expect(vectors).toEqual(wanted.vectors);
    }
  });

  it("solves any symmetric matrix of whole numbers, however often they are equal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.string(), (size, most, share, seed) => {
        const random = randomSource(seed);
        const a = new Float64Array(size * size);
        for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) a[i * size + j] = a[j * size + i] = random.next() < share ? random.integer(2 * most + 1) - most : 0;
        const { values } = expectSolved(a, size);
        const wanted = plainKernels().eigen(a, size).values;
        values.forEach((value, k) => expect(Math.abs(value - wanted[k])).toBeLessThan(1e-12 * Math.max(1, Math.abs(wanted[0]), Math.abs(wanted[size - 1]))));
      }),
      { numRuns: 60 },
    );
  });

  it("refuses a number that is not finite, and a wrong size", () => {
    expect(() => kernels.eigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow(/finite/);
    expect(() => kernels.eigen(new Float64Array(3), 2)).toThrow(/2 x 2/);
  });
});
