import { describe, expect, it } from "vitest";
import { FIT } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import { tune } from "./index.ts";

const data = drawn({ seed: "finish", images: 400, columns: 6, categories: 5, known: () => 0.5 });

describe("final fits in an order of one's own", () => {
  it("give the same heads, bit for bit, and the same story", async () => {
    const base = await baseOf(data, "assume-negative", (part) => part === FIT);
    const together = await tune(tuneInput(data, base));
    const told: string[] = [];
    const one = await tune({ ...tuneInput(data, base), finish: { order: [data.labels.categories[3]], more: () => true, done: (names) => void told.push(...names) } });
    expect(one.head).toEqual(together.head);
    expect(one.categories).toEqual(together.categories);
    const tuned = together.categories.filter(({ status }) => status === "tuned").map(({ name }) => name);
    expect(tuned.length).toBeGreaterThan(1);
    expect([...told].sort()).toEqual([...tuned].sort());
    if (tuned.includes(data.labels.categories[3])) expect(told[0]).toBe(data.labels.categories[3]);
  });

  it("stop between categories: what is finished is kept, the others keep the base's bits and say so", async () => {
    const base = await baseOf(data, "assume-negative", (part) => part === FIT);
    const whole = await tune(tuneInput(data, base));
    const tuned = whole.categories.flatMap(({ status }, c) => (status === "tuned" ? [c] : []));
    let asked = 0;
    const stopped = await tune({ ...tuneInput(data, base), finish: { order: tuned.toReversed().map((c) => data.labels.categories[c]), more: () => asked++ < 1 } });
    const row = (head: typeof base, c: number): number[] => [...head.weight.subarray(c * head.columns, (c + 1) * head.columns), head.bias[c]];
    const first = tuned.at(-1)!;
    expect(row(stopped.head, first)).toEqual(row(whole.head, first));
    expect(stopped.categories[first]).toEqual(whole.categories[first]);
    for (const c of tuned.slice(0, -1)) {
      expect(row(stopped.head, c)).toEqual(row(base, c));
      expect(stopped.categories[c]).toMatchObject({ status: "kept", reason: { code: "not-finished" }, strength: null, calibration: null });
    }
  });
});
