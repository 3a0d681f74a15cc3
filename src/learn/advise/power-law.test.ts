import { assert as check, double, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { growthFactor, scaleWeights } from "./power-law.ts";

const shares = [0.25, 0.5, 0.75, 1];

describe("the power law", () => {
  it("is found again from points that lie on one, and says what lies beyond them", () => {
    check(
      property(double({ min: 0.2, max: 2, noNaN: true }), double({ min: -2, max: 2, noNaN: true }), double({ min: 0, max: 3, noNaN: true }), (exponent, ceiling, scale) => {
        const law = (share: number): number => ceiling - scale * share ** -exponent;
        const found = scaleWeights(shares, exponent).reduce((sum, weight, at) => sum + weight * law(shares[at]), 0);
        expect(found).toBeCloseTo(scale, 8);
        expect(found * growthFactor(exponent, 3)).toBeCloseTo(law(3) - law(1), 8);
      }),
      { seed: 3 },
    );
  });

  it("is fitted by least squares in which a point weighs by the square of its share", () => {
    // Points off any law: the normal equations of min sum s^2 (y - a + b / s)^2, solved by hand for two unknowns.
    const y = [0.1, 0.4, 0.3, 0.6];
    const [x, w] = [shares.map((share) => 1 / share), shares.map((share) => share * share)];
    const sum = (of: (at: number) => number): number => shares.reduce((total, _, at) => total + w[at] * of(at), 0);
    const [n, sx, sy, sxx, sxy] = [sum(() => 1), sum((at) => x[at]), sum((at) => y[at]), sum((at) => x[at] ** 2), sum((at) => x[at] * y[at])];
    const scale = -(n * sxy - sx * sy) / (n * sxx - sx * sx);
    expect(scaleWeights(shares, 1).reduce((total, weight, at) => total + weight * y[at], 0)).toBeCloseTo(scale, 10);
  });
});
