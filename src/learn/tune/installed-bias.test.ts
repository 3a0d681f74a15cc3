import { describe, expect, it } from "vitest";
import { randomSource } from "../../math/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import type { Head, TuneResult } from "../types.ts";
import { tune } from "./index.ts";

const data = drawn({ seed: "installed bias", images: 240, columns: 5, categories: 3, known: () => 0.6 });

/** A head that knows little, so that every variant finds something better. */
function poorHead(good: Head): Head {
  const random = randomSource("poor head");
  return { ...good, weight: Float32Array.from(good.weight, () => 0.02 * random.normal()) };
}

function tunedIn(result: TuneResult): number[] {
  return [...result.categories.keys()].filter((c) => result.categories[c].status === "tuned");
}

/** Average precision does not see the bias, but thresholds and probabilities do. */
describe("the bias that belongs to the chosen weights", () => {
  it("is installed by greedy with the winner's weights", async () => {
    const good = await baseOf(data, "ignore", () => true);
    const better: Head = { ...good, bias: good.bias.map((b) => b + 7) };
    const result = await tune(tuneInput(data, poorHead(good), { method: "greedy" }), [{ name: "better", head: better }]);
    expect(tunedIn(result)).toEqual([0, 1, 2]);
    expect([...result.head.bias]).toEqual([...better.bias]);
  });

  it("is installed by the genetic variant with the fittest's weights", async () => {
    const base = poorHead(await baseOf(data, "ignore", () => true));
    const result = await tune(tuneInput(data, base, { method: "ga" }));
    expect(tunedIn(result).length).toBeGreaterThan(0);
    // A mutation moves every gene, the bias included.
    for (const c of tunedIn(result)) expect(result.head.bias[c]).not.toBe(base.bias[c]);
  });
});
