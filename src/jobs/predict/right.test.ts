import { describe, expect, it } from "vitest";
import { rightOf100, rightTable } from "./right.ts";

const logit = (p: number): number => Math.log(p / (1 - p));

describe("how often answers like this one were right", () => {
  it("is counted among the same answers of about the same probability", () => {
    // 25 answers of .95, 24 right; 25 of .55, 15 right; 30 no of .05, 29 right.
    const logits = Float32Array.from([...Array<number>(25).fill(0.95), ...Array<number>(25).fill(0.55), ...Array<number>(30).fill(0.05)], logit);
    const positives = Uint8Array.from(logits, (_, at) => (at < 24 || (at >= 25 && at < 40) || at === 79 ? 1 : 0));
    const table = rightTable(logits, positives, 0);
    expect(rightOf100(table, true, 0.95)).toEqual({ value: 96, reason: null });
    expect(rightOf100(table, true, 0.55)).toEqual({ value: 60, reason: null });
    expect(rightOf100(table, false, 0.05)).toEqual({ value: 96, reason: null });
    // Nothing was seen at .75: the tenths on both sides are added until there are twenty.
    expect(rightOf100(table, true, 0.75)).toEqual({ value: 78, reason: null });
  });

  it("is not told where fewer than twenty were seen, and never as 100", () => {
    const few = rightTable(Float32Array.from(Array<number>(19).fill(2)), new Uint8Array(19).fill(1), 0);
    expect(rightOf100(few, true, 0.9)).toEqual({ value: null, reason: { code: "right.too-few", params: { seen: 19, wanted: 20 } } });
    const all = rightTable(Float32Array.from(Array<number>(50).fill(2)), new Uint8Array(50).fill(1), 0);
    expect(rightOf100(all, true, 0.88).value).toBe(99);
    expect(rightOf100(all, false, 0.1).value).toBeNull();
  });
});
