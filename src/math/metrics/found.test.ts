import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foundAt, mostFound, rankedLabels } from "./found.ts";

const cells = fc.array(fc.record({ score: fc.integer({ min: -4, max: 4 }), positive: fc.integer({ min: 0, max: 1 }), times: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 12 });

describe("what is found at a number of false alarms", () => {
  it("is the most that any threshold finds with no more of them", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 8 }), (drawn, alarms) => {
        const given = { scores: Float32Array.from(drawn, ({ score }) => score), positives: Uint8Array.from(drawn, ({ positive }) => positive) };
        const times = (cell: number): number => drawn[cell].times;
        // Every threshold there is, tried one by one.
        const tried = [Infinity, ...new Set(drawn.map(({ score }) => score))].map((threshold) => foundAt(given, threshold, times));
        const best = Math.max(...tried.filter((one) => one.alarms <= alarms).map(({ found }) => found));
        const read = mostFound(rankedLabels(given), alarms, times);
        expect(read.found).toBe(best);
        expect(read.alarms).toBeLessThanOrEqual(alarms);
        expect(foundAt(given, read.threshold, times)).toEqual(read);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
