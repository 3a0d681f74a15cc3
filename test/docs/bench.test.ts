import { describe, expect, it } from "vitest";
import { holds } from "../../bench/harness/bench.ts";
import type { Answer, Contender } from "../../bench/harness/contender.ts";
import { holdEqual, interleave, timing } from "../../bench/harness/interleave.ts";

function contender(name: string, values: readonly number[]): Contender {
  return { name, run: () => ({ milliseconds: 1, values }), close: () => undefined };
}

function named(name: string, value: number): { name: string; answer: Answer } {
  return { name, answer: { milliseconds: 0, values: [value] } };
}

describe("the bench's harness", () => {
  it("refuses to time a contender that computed something else, or nothing", async () => {
    const options = { rounds: 1, warmUp: 0, tolerance: 1e-6 };
    await expect(interleave([contender("a", [1, 2]), contender("b", [1, 2.1])], options)).rejects.toThrow("Value 1 of b is 2.1, of a 2");
    await expect(interleave([contender("a", [1]), contender("b", [1, 2])], options)).rejects.toThrow("as many");
    await expect(interleave([contender("a", []), contender("b", [])], options)).rejects.toThrow("at least one");
    await expect(interleave([contender("a", [1]), contender("b", [Number.NaN])], options)).rejects.toThrow("NaN");
    await expect(interleave([contender("a", [1]), contender("b", [1 + 1e-9])], options)).resolves.toBeDefined();
  });

  it("does not count runs that warm up", async () => {
    let runs = 0;
    const counted = { name: "counted", run: () => ({ milliseconds: (runs += 1) === 1 ? 1000 : 1, values: [0] }), close: () => undefined };
    expect((await interleave([counted], { rounds: 3, warmUp: 1, tolerance: 0 })).get("counted")).toEqual({ median: 1, least: 1, most: 1, runs: 3 });
  });

  it("takes the middle of an odd number of runs and the mean of the two middle ones of an even number", () => {
    expect(timing([3, 1, 2]).median).toBe(2);
    expect(timing([4, 1, 2, 3]).median).toBe(2.5);
  });

  it("tells a bound from above from one from below", () => {
    expect(holds({ what: "", measured: 1.2, bound: 1.25, side: "at most" })).toBe(true);
    expect(holds({ what: "", measured: 1.2, bound: 1.25, side: "at least" })).toBe(false);
  });

  it("holds values relative to the first contender's", () => {
    expect(() => holdEqual(named("a", 1e6), named("b", 1e6 + 1), 1e-5)).not.toThrow();
    expect(() => holdEqual(named("a", 1e6), named("b", 1e6 + 100), 1e-5)).toThrow();
  });
});
