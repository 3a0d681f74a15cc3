import { describe, expect, it } from "vitest";
import type { RandomSource } from "../../math/index.ts";
import { crossover, drawParent, mutate } from "./genetic.ts";

/** A source that hands out prepared numbers, so that each case can be worked by hand. */
function prepared(...values: number[]): RandomSource {
  const queue = [...values];
  const next = (): number => {
    const value = queue.shift();
    if (value === undefined) throw new Error("more numbers were drawn than prepared");
    return value;
  };
  return { next, integer: (bound) => Math.floor(next() * bound), normal: next, shuffle: () => {} } as RandomSource;
}

describe("the genetic variant's parts", () => {
  it("draws parents with probability proportional to fitness", () => {
    const fitness = Float64Array.of(0.2, 0.3, 0.5);
    expect(drawParent(fitness, prepared(0.1))).toBe(0);
    expect(drawParent(fitness, prepared(0.21))).toBe(1);
    expect(drawParent(fitness, prepared(0.49))).toBe(1);
    expect(drawParent(fitness, prepared(0.51))).toBe(2);
  });

  it("draws parents uniformly when all fitness is zero", () => {
    expect(drawParent(new Float64Array(4), prepared(0.6))).toBe(2);
  });

  it("takes a gene from the first parent with probability .2", () => {
    const child = new Float64Array(3);
    crossover(Float64Array.of(1, 2, 3), Float64Array.of(10, 20, 30), prepared(0.1, 0.2, 0.19), child);
    expect([...child]).toEqual([1, 20, 3]);
  });

  it("mutates every gene of a chosen child within .001, and no gene of the others", () => {
    const child = Float64Array.of(1, 2);
    mutate(child, prepared(0.5));
    expect([...child]).toEqual([1, 2]);
    mutate(child, prepared(0.49, 1, 0.25));
    expect(child[0]).toBeCloseTo(1.001, 12);
    expect(child[1]).toBeCloseTo(1.9995, 12);
  });
});
