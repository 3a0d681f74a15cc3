import { describe, expect, it } from "vitest";
import { plainKernels, type RandomSource } from "../../math/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import { breed, crossover, drawParent, Evolution, genetic, mutate } from "./genetic.ts";
import { tune } from "./index.ts";
import { tuneSetting } from "./setting.ts";

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

  it("draws parents uniformly when all fitness is equal", () => {
    const equal = new Float64Array(4).fill(0.7);
    expect([0.1, 0.3, 0.6, 0.9].map((number) => drawParent(equal, prepared(number)))).toEqual([0, 1, 2, 3]);
  });

  it("breeds a generation of one survivor, the fittest, and children of drawn parents", () => {
    const population = [Float64Array.of(1, 2), Float64Array.of(10, 20), Float64Array.of(100, 200)];
    const fitness = Float64Array.of(0.2, 0.5, 0.3);
    // Parents 1 and 0, the first gene from the first parent, no mutation; then parents 2 and 2, mutated by +.001 and -.001.
    const random = prepared(0.5, 0.1, 0.1, 0.9, 0.7, 0.8, 0.9, 0.5, 0.5, 0.2, 1, 0);
    const [survivor, ...children] = breed(population, fitness, random);
    expect(survivor).toBe(population[1]);
    expect([...children[0]]).toEqual([10, 2]);
    expect(children[1][0]).toBeCloseTo(100.001, 12);
    expect(children[1][1]).toBeCloseTo(199.999, 12);
    expect(children.length).toBe(2);
  });

  it("stops after 300 generations without a strictly better value, the untouched head counting as the first", async () => {
    const perfect = drawn({ seed: "perfect", images: 80, columns: 3, categories: 1, known: () => 1, noise: 0 });
    const base = await baseOf(perfect, "ignore", () => true);
    const result = await tune(tuneInput(perfect, base, { method: "ga" }));
    expect(result.categories[0].selection.before).toBe(1);
    expect(result.categories[0]).toMatchObject({ status: "kept", iterations: 300 });
  });

  it("scores the children once, and on the selection cells the new fittest of ten generations together", async () => {
    const data = drawn({ seed: "survivor", images: 600, columns: 3, categories: 1, known: () => 1 });
    const trained = await baseOf(data, "ignore", () => true);
    const base = { ...trained, weight: trained.weight.map((weight, j) => (j === 0 ? -weight : weight)) };
    const kernels = plainKernels();
    const scored: number[] = [];
    const watched = { ...kernels, scores: (...[matrix, weights, intercepts, rows]: Parameters<typeof kernels.scores>) => (scored.push(intercepts.length), kernels.scores(matrix, weights, intercepts, rows)) };
    const setting = tuneSetting({ ...tuneInput(data, base, { method: "ga" }), kernels: watched }, true);
    const together = new Evolution(setting, 0, 0.5);
    expect(scored).toEqual([1]);
    for (let ten = 0; ten < 4; ten++) together.advance(10);
    const children = scored.slice(1).filter((count) => count === genetic.population - genetic.elite);
    const fittest = scored.slice(1).filter((count) => count <= 10);
    expect(children.length).toBe(40);
    expect(fittest.length).toBeLessThanOrEqual(4);
    const fresh = fittest.reduce((sum, count) => sum + count, 0);
    expect(fresh).toBeGreaterThan(fittest.length);
    expect(fresh).toBeLessThan(40);
    expect(scored.length).toBe(1 + children.length + fittest.length);
    const alone = new Evolution(setting, 0, 0.5);
    for (let generation = 0; generation < 40; generation++) alone.advance(1);
    expect(together.best).toEqual(alone.best);
    expect(together.best.iterations).toBe(40);
    together.dispose();
    alone.dispose();
  });

  it("stops where it would have stopped one generation at a time", async () => {
    const perfect = drawn({ seed: "perfect", images: 80, columns: 3, categories: 1, known: () => 1, noise: 0 });
    const evolution = new Evolution(tuneSetting(tuneInput(perfect, await baseOf(perfect, "ignore", () => true), { method: "ga" }), true), 0, 1);
    evolution.advance(genetic.patience + 7);
    expect(evolution.best.iterations).toBe(genetic.patience);
    expect(evolution.generations).toBe(genetic.patience);
    evolution.dispose();
  });
});
