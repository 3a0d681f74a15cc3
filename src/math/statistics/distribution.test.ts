import { describe, expect, it } from "vitest";
import { mean, percentileInterval, quantile, standardDeviation } from "./distribution.ts";
import { wilsonInterval } from "./wilson.ts";

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

describe("Wilson's interval", () => {
  it("is the published one: 8 of 10, and its rule of about four for 0 of n", () => {
    const [low, high] = wilsonInterval(0.8, 10);
    expect(low).toBeCloseTo(0.4901625, 6);
    expect(high).toBeCloseTo(0.9433178, 6);
    expect(wilsonInterval(0, 20)).toEqual([0, expect.closeTo(3.841459 / 23.841459, 6)]);
    expect(wilsonInterval(1, 20)).toEqual([expect.closeTo(20 / 23.841459, 6), 1]);
  });

  it("knows nothing without observations", () => {
    expect(wilsonInterval(0.5, 0)).toEqual([0, 1]);
  });
});
