import { assert as check, double, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { bends, bent, slopeWeights } from "./power-law.ts";

const shares = [0.25, 0.5, 0.75, 1];
const number = (min: number, max: number): ReturnType<typeof double> => double({ min, max, noNaN: true });
const dot = (one: readonly number[], other: readonly number[]): number => one.reduce((sum, value, at) => sum + value * other[at], 0);

describe("the power law", () => {
  it("is found again from points that lie on one, which are not off it", () => {
    check(
      property(number(-1, 2), number(-2, 2), number(-3, 3), (exponent, start, slope) => {
        const points = shares.map((share) => start + slope * bent(share, exponent));
        expect(dot(slopeWeights(shares, exponent), points)).toBeCloseTo(slope, 8);
        for (const contrast of bends(shares, exponent)) expect(dot(contrast, points)).toBeCloseTo(0, 8);
      }),
      { seed: 3 },
    );
  });

  it("is the inverse power law where it levels off, and the logarithm between levelling off and bending upwards", () => {
    expect(bent(4, 0.5)).toBeCloseTo((1 - 1 / 2) / 0.5, 12);
    expect(bent(2, -1)).toBeCloseTo(1, 12);
    for (const share of [0.25, 3]) expect(bent(share, 1e-7)).toBeCloseTo(bent(share, 0), 6);
    expect(bent(3, 0)).toBe(Math.log(3));
  });

  it("has the slope in ln s at s = 1, whatever the exponent", () => {
    for (const exponent of [-0.75, 0, 0.5, 1]) expect((bent(1 + 1e-6, exponent) - bent(1 - 1e-6, exponent)) / 2e-6).toBeCloseTo(1, 6);
  });

  it("is fitted by least squares in which a point weighs by the square of its share", () => {
    // Points off any law: the normal equations of min sum s^2 (y - a - b (1 - 1/s))^2, solved by hand for two unknowns.
    const y = [0.1, 0.4, 0.3, 0.6];
    const [x, w] = [shares.map((share) => 1 - 1 / share), shares.map((share) => share * share)];
    const sum = (of: (at: number) => number): number => shares.reduce((total, _, at) => total + w[at] * of(at), 0);
    const [n, sx, sy, sxx, sxy] = [sum(() => 1), sum((at) => x[at]), sum((at) => y[at]), sum((at) => x[at] ** 2), sum((at) => x[at] * y[at])];
    expect(dot(slopeWeights(shares, 1), y)).toBeCloseTo((n * sxy - sx * sy) / (n * sxx - sx * sx), 10);
  });

  it("says by how much an inner point is off the line through its neighbours", () => {
    const straight = [0, 1, 2, 3].map((step) => 0.1 * step);
    // In h of c = -1, s - 1, shares lie at equal steps.
    expect(bends(shares, -1).map((contrast) => dot(contrast, straight))).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
    expect(bends(shares, -1).map((contrast) => dot(contrast, [0, 0.2, 0.2, 0.3]))).toEqual([expect.closeTo(0.1, 12), expect.closeTo(-0.05, 12)]);
  });
});
