import { describe, expect, it } from "vitest";
import { mean, percentileInterval, quantile, standardDeviation } from "./distribution.ts";

describe("distribution figures", () => {
  it("are those worked by hand", () => {
    expect(mean([1, 2, 3, 6])).toBe(3);
    expect(standardDeviation([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 3), 15);
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(percentileInterval([0, 10, 20, 30, 40], 0.5)).toEqual({ low: 10, high: 30 });
  });

  it("leave out NaN in quantiles and are NaN where nothing is left", () => {
    expect(quantile([Number.NaN, 5], 0.5)).toBe(5);
    expect(quantile([], 0.5)).toBeNaN();
    expect(mean([])).toBeNaN();
    expect(standardDeviation([1])).toBeNaN();
  });
});
