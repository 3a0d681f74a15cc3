import { describe, expect, it } from "vitest";
import { randomSource } from "../math/index.ts";
import { averageHeads } from "./average.ts";
import type { Head } from "./types.ts";

const [C, D] = [3, 4];
const head = (seed: string): Head => {
  const random = randomSource(seed);
  return { categories: ["a", "b", "c"], columns: D, weight: Float32Array.from({ length: C * D }, () => random.normal()), bias: Float32Array.from({ length: C }, () => random.normal()) };
};
const score = ({ weight, bias }: Head, z: readonly number[], c: number): number => z.reduce((sum, value, j) => sum + weight[c * D + j] * value, bias[c]);

describe("averageHeads", () => {
  it("answers with the mean of the heads' logits, in whichever order they come", () => {
    const heads = ["one", "two", "three"].map(head);
    const z = [0.3, -2, 1.5, 7];
    const mean = averageHeads(heads);
    for (let c = 0; c < C; c++) expect(score(mean, z, c)).toBeCloseTo(heads.reduce((sum, one) => sum + score(one, z, c), 0) / 3, 5);
    const turned = averageHeads(heads.toReversed());
    turned.weight.forEach((value, i) => expect(value).toBeCloseTo(mean.weight[i], 6));
  });

  it("of one head, or of copies of one, is that head bit for bit", () => {
    const one = head("one");
    expect(averageHeads([one])).toEqual(one);
    expect(averageHeads([one, one, one])).toEqual(one);
  });

  it("neither overflows where the sum would nor changes the heads", () => {
    const large: Head = { ...head("large"), weight: new Float32Array(C * D).fill(3e38) };
    expect(averageHeads([large, large]).weight).toEqual(new Float32Array(C * D).fill(3e38));
    expect(large.weight[0]).toBe(Math.fround(3e38));
  });

  it.each([
    ["no head", [], "usage.invalid-value"],
    ["another order of categories", [head("one"), { ...head("two"), categories: ["b", "a", "c"] }], "head.category-mismatch"],
    ["another category more", [head("one"), { ...head("two"), categories: ["a", "b", "c", "d"] }], "head.category-mismatch"],
    ["another width", [head("one"), { ...head("two"), columns: 5 }], "head.width-mismatch"],
  ])("refuses %s", (_, heads, code) => {
    expect(() => averageHeads(heads)).toThrow(expect.objectContaining({ code }));
  });
});
