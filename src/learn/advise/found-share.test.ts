import { describe, expect, it } from "vitest";
import { foundShare } from "./found-share.ts";

const cells = { scores: Float32Array.of(5, 4, 3, 2, 1, 0), positives: Uint8Array.of(1, 0, 1, 0, 1, 0) };

describe("the share that is found", () => {
  it("is read at as many false alarms as the rate allows among the negatives that count", () => {
    const [none, third, all] = [0, 1 / 3, 1].map((rate) => foundShare([rate])(0, cells)(() => 1));
    expect([none, third, all]).toEqual([1 / 3, 2 / 3, 1]);
    // The first negative counts three times of five: a third of five are one, which it is not.
    expect(foundShare([1 / 3])(0, cells)((cell) => (cell === 1 ? 3 : 1))).toBe(1 / 3);
  });

  it("is undefined without a positive, without a negative and without a rate", () => {
    expect(foundShare([0.5])(0, cells)((cell) => cells.positives[cell])).toBeNaN();
    expect(foundShare([0.5])(0, cells)((cell) => 1 - cells.positives[cell])).toBeNaN();
    expect(foundShare([Number.NaN])(0, cells)(() => 1)).toBeNaN();
    expect(foundShare([])(0, cells)(() => 1)).toBeNaN();
  });
});
