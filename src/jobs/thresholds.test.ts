import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sigmoid } from "../math/index.ts";
import { thresholdAt } from "./thresholds.ts";

describe("a threshold told as a probability", () => {
  it("takes in the score whose probability it is, and no score that is noticeably less", () => {
    fc.assert(
      fc.property(fc.float({ min: -30, max: 30, noNaN: true }), (score) => {
        const threshold = thresholdAt(sigmoid(score));
        expect(score).toBeGreaterThanOrEqual(threshold);
        expect(score - threshold).toBeLessThan(Math.abs(score) < 10 ? 1e-7 : 0.02);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it("of 0 takes in everything, and of 1 nothing", () => {
    expect([thresholdAt(0), thresholdAt(1)]).toEqual([-Infinity, Infinity]);
  });
});
