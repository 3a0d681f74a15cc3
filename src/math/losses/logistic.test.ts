import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, binaryCrossEntropySlope, sigmoid } from "./logistic.ts";

describe("binary cross-entropy on logits", () => {
  it("stays exact where probabilities saturate", () => {
    expect(binaryCrossEntropy(0, 1)).toBeCloseTo(Math.LN2, 15);
    expect(binaryCrossEntropy(-1000, 1)).toBe(1000);
    expect(binaryCrossEntropy(1000, 1)).toBe(0);
    expect(binaryCrossEntropy(50, 1) / Math.exp(-50)).toBeCloseTo(1, 12);
    expect(binaryCrossEntropySlope(50, 1) / -Math.exp(-50)).toBeCloseTo(1, 12);
    expect([sigmoid(-1000), sigmoid(1000)]).toEqual([0, 1]);
  });

  it("has the slope that differences show", () => {
    for (const target of [0, 0.3, 1]) {
      for (const logit of [-9, -1, 0, 0.5, 7]) {
        const step = 1e-5;
        const difference = (binaryCrossEntropy(logit + step, target) - binaryCrossEntropy(logit - step, target)) / (2 * step);
        expect(Math.abs(binaryCrossEntropySlope(logit, target) - difference)).toBeLessThan(1e-9);
      }
    }
  });
});
