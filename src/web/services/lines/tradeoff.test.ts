import { describe, expect, it } from "vitest";
import { costsOf, neighbour, perThousand, pointAt, typedPercent, type Point } from "./tradeoff.ts";

const point = (threshold: number, missed: number, alarms: number): Point => ({ threshold, missed, missedRange: [missed - 2.5, missed + 4.2], alarms, alarmsRange: [alarms - 1.1, alarms + 1.1] });
const points = [point(0.1, 0, 60), point(0.4, 8.2, 5.1), point(0.8, 40, 0.5)];

describe("what a threshold costs", () => {
  it("is that of the first tried threshold at or above it", () => {
    expect([0, 0.1, 0.2, 0.4, 0.9].map((t) => pointAt(points, t)?.threshold)).toEqual([0.1, 0.1, 0.4, 0.4, 0.8]);
    expect(pointAt([], 0.5)).toBeNull();
  });

  it("is rounded up, its range outwards and within 0 and 100", () => {
    expect(costsOf(points[1], { with: 20, without: 400 })).toEqual({ missed: { n: 9, of: 100, range: [5, 13] }, alarms: { n: 6, of: 100, range: [4, 7] } });
    expect(costsOf(points[0], null).missed).toEqual({ n: 0, of: 100, range: [0, 5] });
  });

  it("is a raw count on a side of which fewer than 20 pictures were counted", () => {
    const twoOfNine = point(0.5, (100 * 2) / 9, 5.1);
    expect(costsOf(twoOfNine, { with: 9, without: 400 })).toEqual({ missed: { n: 2, of: 9, range: null }, alarms: { n: 6, of: 100, range: [4, 7] } });
    expect(costsOf(point(0.5, 8, 25), { with: 50, without: 4 }).alarms).toEqual({ n: 1, of: 4, range: null });
  });

  it("moves to the next threshold that changes anything, and stays at the ends", () => {
    expect([neighbour(points, 0.4, 1), neighbour(points, 0.4, -1), neighbour(points, 0.8, 1), neighbour(points, 0.1, -1)]).toEqual([0.8, 0.1, 0.8, 0.1]);
  });

  it("is told of 1,000 products once it is said how many show it", () => {
    // 20 of 1,000: missed 20 * .082 = 1.64; false alarms 980 * .051 = 49.98; called yes 20 - 1.64 + 49.98 = 68.34.
    expect(perThousand(points[1], 20)).toEqual({ with: 20, missed: 2, alarms: 50, byHand: 69 });
  });

  it("takes percentages as they are typed, in full width too", () => {
    expect(["42", "４２％", "42,5", " 7 % ", "101", "-1", "", "x"].map(typedPercent)).toEqual([0.42, 0.42, 0.425, 0.07, null, null, null, null]);
  });
});
