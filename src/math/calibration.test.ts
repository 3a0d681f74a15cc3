import { describe, expect, it } from "vitest";
import { plattScaling } from "./calibration.ts";
import { randomSource } from "./random.ts";

describe("plattScaling", () => {
  it("finds the slope and shift that made the labels", () => {
    const random = randomSource(3);
    const logits = Float64Array.from({ length: 40_000 }, () => 3 * random.normal());
    const labels = Uint8Array.from(logits, (s) => (random.next() < 1 / (1 + Math.exp(-(0.5 * s - 1))) ? 1 : 0));
    const { slope, shift } = plattScaling(logits, labels);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(shift).toBeCloseTo(-1, 1);
  });

  it("reaches Platt's softened targets where two scores tell the classes apart", () => {
    // Two positives at 1, one negative at -1: targets 3/4 and 1/3, met exactly by slope + shift = ln 3 and shift - slope = -ln 2.
    const { slope, shift } = plattScaling(Float64Array.of(-1, 1, 1), Uint8Array.of(0, 1, 1));
    expect(slope).toBeCloseTo(Math.log(6) / 2, 5);
    expect(shift).toBeCloseTo(Math.log(1.5) / 2, 5);
  });

  it("equals SciPy's optimum on scores that overlap", () => {
    // scripts/golden/decisions.py, "platt".
    const logits = Float64Array.of(-2.5, -1.25, -0.5, 0.25, 0.75, 1.5, 3, -0.75);
    const { slope, shift } = plattScaling(logits, Uint8Array.of(0, 0, 1, 0, 1, 1, 1, 0));
    expect(slope).toBeCloseTo(0.7301332046744801, 5);
    expect(shift).toBeCloseTo(-0.018787447683369346, 5);
  });

  it("never turns the order of scores round, even where they point the wrong way", () => {
    const { slope, shift } = plattScaling(Float64Array.of(-2, -1, 1, 2), Uint8Array.of(1, 1, 0, 0));
    expect(slope).toBeGreaterThan(0);
    expect(Number.isFinite(shift)).toBe(true);
  });

  it("stays finite on separable, equal and huge scores", () => {
    for (const logits of [[-1, -1, 1, 1], [2, 2, 2, 2], [-1e6, -1e5, 1e5, 1e6]]) {
      const { slope, shift } = plattScaling(Float64Array.from(logits), Uint8Array.of(0, 0, 1, 1));
      expect(Number.isFinite(slope) && Number.isFinite(shift)).toBe(true);
    }
  });

  it("refuses labels of one kind", () => {
    expect(() => plattScaling(Float64Array.of(1, 2), Uint8Array.of(1, 1))).toThrow(/positive and a negative/);
  });
});
