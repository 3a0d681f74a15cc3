import { describe, expect, it } from "vitest";
import { hashOf, randomSource } from "./random.ts";

describe("randomSource", () => {
  it("repeats itself for one seed, a number or its text, and differs between seeds", () => {
    expect(firstFive(7)).toEqual(firstFive("7"));
    expect(firstFive(7)).not.toEqual(firstFive(8));
  });

  it("never changes its stream between releases", () => {
    const source = randomSource(1);
    expect([source.integer(1000), source.integer(1000), source.integer(1000)]).toEqual([144, 728, 408]);
  });

  it("draws uniform numbers with the right mean, variance and range", () => {
    const source = randomSource("uniform");
    const drawn = Array.from({ length: 40_000 }, () => source.next());
    expect(Math.min(...drawn.slice(0, 10_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn.slice(0, 10_000))).toBeLessThan(1);
    expect(mean(drawn)).toBeCloseTo(0.5, 2);
    expect(mean(drawn.map((x) => (x - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it("draws every whole number below the bound about equally often", () => {
    const source = randomSource("integers");
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 70_000; i += 1) counts[source.integer(7)] += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it("draws normal numbers with mean 0, variance 1 and 5 % beyond 1.96", () => {
    const source = randomSource("normal");
    const drawn = Array.from({ length: 40_000 }, () => source.normal());
    expect(Math.abs(mean(drawn))).toBeLessThan(0.02);
    expect(Math.abs(mean(drawn.map((x) => x * x)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(drawn.filter((x) => Math.abs(x) > 1.96).length / 40_000 - 0.05)).toBeLessThan(0.005);
  });

  it("shuffles into every order equally often and loses nothing", () => {
    const source = randomSource("shuffle");
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i += 1) {
      const order = source.shuffle(Uint8Array.of(0, 1, 2)).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it("refuses a seed that is no number and a bound that is no count", () => {
    expect(() => randomSource(Number.NaN)).toThrow("seed");
    expect(() => randomSource(1).integer(0)).toThrow("bound");
  });
});

describe("hashOf", () => {
  it("flips about half of the bits when one character changes", () => {
    let flipped = 0;
    for (let i = 0; i < 1000; i += 1) {
      let difference = hashOf(`image-${i}`) ^ hashOf(`image-${i + 1}`);
      for (; difference !== 0; difference &= difference - 1) flipped += 1;
    }
    expect(Math.abs(flipped / 1000 - 16)).toBeLessThan(0.5);
  });

  it("spreads numbered names evenly and is a whole number of 32 bits", () => {
    const counts = new Uint32Array(10);
    for (let i = 0; i < 20_000; i += 1) {
      const hash = hashOf(`${i}.jpg`);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
      counts[Math.floor((hash / 2 ** 32) * 10)] += 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it("gives unrelated hashes for different salts", () => {
    expect(hashOf("a", 1)).not.toBe(hashOf("a", 2));
    expect(hashOf("a")).toBe(hashOf("a", 0));
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function firstFive(seed: number | string): number[] {
  const source = randomSource(seed);
  return Array.from({ length: 5 }, () => source.next());
}
