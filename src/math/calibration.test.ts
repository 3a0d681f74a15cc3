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
