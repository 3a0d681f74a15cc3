import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endsOf, percentAlong, stack } from "./scale.ts";

const values = fc.array(fc.double({ min: -80, max: 80, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("a line with zero", () => {
  it("holds zero and every value", () => {
    fc.assert(
      fc.property(values, (some) => {
        const ends = endsOf(some);
        for (const value of [0, ...some]) expect(percentAlong(ends, value)).toSatisfy((at: number) => at >= 0 && at <= 100);
      }),
      { seed: 1, numRuns: 200 },
    );
    expect([endsOf([]), endsOf([3, 19]), endsOf([-3, 60])]).toEqual([[0, 5], [0, 20], [-10, 60]]);
  });

  it("keeps every dot, none upon another, and each on its side of zero", () => {
    fc.assert(
      fc.property(values, (some) => {
        const ends = endsOf(some);
        const dots = stack(some, ends, 24);
        expect(dots).toHaveLength(some.length);
        expect(new Set(dots.map(({ at, level }) => `${String(at)} ${String(level)}`)).size).toBe(some.length);
        for (const { value, at } of dots) if (Math.abs(value) > 1e-6) expect(at < percentAlong(ends, 0)).toBe(value < 0);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
