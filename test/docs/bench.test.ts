import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parseSync, Visitor } from "oxc-parser";
import { crossover } from "../../bench/benches/passes-crossover.ts";
import { costPlot } from "../../bench/cost-plot.ts";
import { holds, verdict, type Recorded } from "../../bench/harness/bench.ts";
import { CallTimes, timedKernels } from "../../bench/harness/call-times.ts";
import type { Answer, Contender } from "../../bench/harness/contender.ts";
import { fittedExponent } from "../../bench/harness/exponent.ts";
import { estimateText, measuredText } from "../../bench/harness/figures.ts";
import { holdEqual, interleave, timing } from "../../bench/harness/interleave.ts";
import { lacking } from "../../bench/harness/kept.ts";
import { Parts } from "../../bench/harness/parts.ts";
import { peerEnvironment } from "../../bench/harness/peers.ts";
import { Phases } from "../../bench/harness/phases.ts";
import { compare, smallCases } from "../../bench/harness/regressions.ts";
import { plainKernels } from "../../src/math/index.ts";

function contender(name: string, values: readonly number[], milliseconds = 1): Contender {
  return { name, run: () => ({ milliseconds, values }), close: () => undefined };
}

function named(name: string, value: number): { name: string; answer: Answer } {
  return { name, answer: { milliseconds: 0, values: [value] } };
}

/** Of results that were measured before the code named them otherwise; for them alone. */
const formerNames: ReadonlySet<string> = new Set([
  "times as fast as PyTorch",
  "largest difference of average precision after a step",
  "largest difference of parameters, as a share of how far they moved",
  "times as fast as PyTorch, if the products ran at that peak and all else took as long as it does",
  "share of the 128-bit FMA peak, both at their best",
]);

/** What any string of the benches may be: its places for values stand for anything, and those that are nearly all places for nothing. */
function namesInCode(root: string): RegExp[] {
  const found: RegExp[] = [];
  const keep = (parts: readonly string[]): void => {
    if (parts.length > 1 && parts.join("").replace(/[^a-z]/gi, "").length < 8 && !parts.at(-1)!.endsWith("(s)")) return;
    found.push(new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")}$`));
  };
  for (const folder of ["bench/benches", "bench/harness"]) {
    for (const name of readdirSync(resolve(root, folder))) {
      const { program } = parseSync(name, readFileSync(resolve(root, folder, name), "utf8"));
      new Visitor({
        Literal: ({ value }) => (typeof value === "string" ? keep([value]) : undefined),
        TemplateLiteral: ({ quasis }) => keep(quasis.map(({ value }) => value.cooked ?? "")),
      }).visit(program);
    }
  }
  return found;
}

function smallRuns(own: number, ratio: number): Parameters<typeof smallCases>[1] {
  const target = { what: "half over half", measured: ratio, bound: 1, side: "at most" as const, compared: true };
  return {
    cases: [
      { name: "a", reference: "x", timings: { x: timing([own]), y: timing([10]) }, targets: [target] },
      { name: "alone", reference: "x", timings: { x: timing([own]) } },
    ],
  };
}

function text(measured: number, bound: number, side: "at most" | "at least"): string {
  return measuredText({ what: "", measured, bound, side });
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

  it("lets a contender that is slow beside the quickest take part in three rounds, and the others in all", async () => {
    const timings = await interleave([contender("middling", [0], 10), contender("slow", [0], 11), contender("quick", [0], 1)], { rounds: 7, warmUp: 1, tolerance: 0, slowFrom: 10 });
    expect([...timings.values()].map(({ runs }) => runs)).toEqual([7, 3, 7]);
  });

  it("begins each round with the next contender", async () => {
    const order: string[] = [];
    const noted = (name: string): Contender => ({ ...contender(name, [0]), run: () => (order.push(name), { milliseconds: 1, values: [0] }) });
    await interleave(["a", "b", "c"].map(noted), { rounds: 3, warmUp: 1, tolerance: 0 });
    expect(order.join("")).toBe("abcbcacababc");
  });

  it("measures what is to be measured in each round in those that count alone", async () => {
    let measured = 0;
    await interleave([contender("a", [1])], { rounds: 4, warmUp: 2, tolerance: 0, eachRound: () => Promise.resolve(void (measured += 1)) });
    expect(measured).toBe(4);
  });

  it("counts the multiply-adds of the heads a pass is asked for, and leaves its answer as it is", () => {
    const times = new CallTimes();
    const bare = plainKernels();
    const timed = timedKernels(bare, times);
    const cells = { headStart: Uint32Array.of(0, 2, 5), row: Uint32Array.of(0, 1, 0, 1, 2), target: Float32Array.of(1, 0, 1, 1, 0), weight: new Float32Array(5).fill(1), offset: new Float32Array(5) };
    const [weights, intercepts] = [Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), Float64Array.of(0, 1)];
    const losses = [bare, timed].map((kernels) => {
      const matrix = kernels.matrix(3, 4, (block) => block.set(block.map((_, at) => at / 10)));
      const problem = kernels.cellProblem(matrix, cells, { kind: "bce" });
      kernels.together([problem]).logits(weights, intercepts, new Float32Array(5));
      return [...problem.lossGradient(weights, intercepts, Uint8Array.of(0, 1)).loss];
    });
    expect(losses[1]).toEqual(losses[0]);
    expect(times.of("gradient")).toMatchObject({ calls: 1, multiplyAdds: 2 * 3 * 4 });
    expect(times.of("logits")).toMatchObject({ calls: 1, multiplyAdds: 5 * 4 });
    expect(times.of("scores").calls).toBe(0);
  });

  it("divides runs into what the clocks counted and the rest, and tells what products would take at the peak", () => {
    const times = new CallTimes();
    const parts = new Parts(times, { clocks: { product: "product", sums: "sums" }, rest: "rest", of: "of it", count: 2, warmUp: 1 });
    for (const whole of [1000, 100, 100, 100]) {
      parts.begin();
      times.time("product", 4e6, () => times.time("sums", 0, () => undefined));
      times.time("sums", 0, () => undefined);
      parts.end(whole);
    }
    // 8 million multiplies and adds in a run, two to a run.
    expect(parts.least(2)).toBeCloseTo(4 / 2, 9);
    // The clocks counted next to nothing: the rest is all.
    expect(parts.others()).toBeGreaterThan(45);
    expect(parts.others()).toBeLessThanOrEqual(50);
    expect(parts.calls("sums")).toBe(1);
    expect(parts.figures(2)["of it, product"]).toContain("4 million multiplies and adds");
  });

  it("adds up the time of a phase that is entered again, and keeps their order", () => {
    const phases = new Phases("first");
    for (const phase of ["first", "second", "first", "third"]) phases.enter(phase);
    const spent = phases.end();
    expect([...spent.keys()]).toEqual(["first", "second", "third"]);
    const before = [...spent.values()].reduce((sum, value) => sum + value, 0);
    const began = performance.now();
    while (performance.now() < began + 5);
    expect([...phases.end().values()].reduce((sum, value) => sum + value, 0) - before).toBeGreaterThanOrEqual(5);
    expect(phases.end().get("third")).toBeGreaterThanOrEqual(5);
  });

  it("takes the middle of an odd number of runs and the mean of the two middle ones of an even number", () => {
    expect(timing([3, 1, 2]).median).toBe(2);
    expect(timing([4, 1, 2, 3]).median).toBe(2.5);
  });

  it("tells a bound from above from one from below", () => {
    expect(holds({ what: "", measured: 1.2, bound: 1.25, side: "at most" })).toBe(true);
    expect(holds({ what: "", measured: 1.2, bound: 1.25, side: "at least" })).toBe(false);
    expect(holds({ what: "", measured: 0, bound: 0, side: "above" })).toBe(false);
  });

  it("does not tell a difference that its standard error exceeds from none", () => {
    const difference = { what: "", measured: 0.0016, bound: 0, side: "above" as const };
    expect(verdict(difference)).toBe("yes");
    expect(verdict({ ...difference, error: 0.0012 })).toBe("yes");
    expect(verdict({ ...difference, error: 0.002 })).toBe("not told apart");
    expect(verdict({ ...difference, measured: -0.0016, error: 0.0012 })).toBe("no");
    expect(verdict({ ...difference, measured: 0 })).toBe("no");
    expect(estimateText({ ...difference, error: 0.00123 })).toBe("0.0016, standard error 0.0012");
  });

  it("shows a measured value with as many digits as it takes to stand on its own side of the bound", () => {
    expect(text(35.17 / 70.4, 0.5, "at least")).toBe("0.4996");
    expect(text(1.2500001, 1.25, "at most")).toBe("1.2500001");
    expect(text(0.5, 0.5, "at least")).toBe("0.5");
    // Rounding away from a bound that is held would tell it as missed.
    expect(text(1.2551, 1.2551, "at most")).toBe("1.255");
    expect(text(10.3456, 8, "at least")).toBe("10.3");
    expect(text(Number.NaN, 8, "at least")).toBe("NaN");
  });

  it("tells what a result lacks of the one before, by the names of cases and contenders and by the number of targets", () => {
    const target = { what: "", measured: 1, bound: 1, side: "at least" as const };
    const one = timing([1]);
    const full = { cases: [{ name: "a", reference: "own", timings: { own: one, other: one }, targets: [target] }, { name: "b", reference: "own", timings: { own: one } }] };
    expect(lacking(full, full)).toEqual([]);
    expect(lacking({ cases: [full.cases[1]] }, full)).toEqual([]);
    expect(lacking(full, { cases: [{ name: "a", reference: "own", timings: { own: one } }] })).toEqual(['"other" in "a"', '1 of the targets of "a"', 'the case "b"']);
    expect(lacking(full, { cases: [{ ...full.cases[0], targets: [{ ...target, what: "in other words" }] }, full.cases[1]] })).toEqual([]);
  });

  it("tells every library of a peer how many threads it may use, whatever the shell says", () => {
    vi.stubEnv("OMP_NUM_THREADS", "7");
    expect(peerEnvironment(1)).toMatchObject({ OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" });
    vi.unstubAllEnvs();
  });

  it("holds values relative to the first contender's", () => {
    expect(() => holdEqual(named("a", 1e6), named("b", 1e6 + 1), 1e-5)).not.toThrow();
    expect(() => holdEqual(named("a", 1e6), named("b", 1e6 + 100), 1e-5)).toThrow();
  });

  it("compares small runs by ratios of what is said to be ours, whatever it is called, and tells what it cannot compare", () => {
    const ours = new Map([["bench: a", ["x"]], ["bench: alone", ["x"]]]);
    const cases = (own: number, ratio: number): ReturnType<typeof compare> => compare(Object.fromEntries(smallCases("bench", smallRuns(4, 1))), Object.fromEntries(smallCases("bench", smallRuns(own, ratio))), ours, 2);
    expect(cases(7, 1.5)).toEqual({ count: 2, slower: [], told: ["bench: alone: not compared, as nobody else takes part"] });
    expect(cases(12, 3).slower).toEqual(["bench: a: x against y takes 3.0 times what it was", "bench: a: half over half is 3.0 times what it was"]);
    const kept = { "bench: a": { medians: { x: 4, gone: 1 }, ratios: {} }, "bench: gone": { medians: {}, ratios: {} } };
    expect(compare(kept, Object.fromEntries(smallCases("bench", smallRuns(4, 1))), ours, 2).told).toEqual([
      "bench: gone: not run",
      "bench: a: gone is absent",
      "bench: a: y is not among those kept",
      "bench: a: not compared, as nobody else takes part",
      "bench: alone: nothing is kept",
    ]);
  });

  it("finds the exponent of a power law, and the one between two where there are two costs", () => {
    expect(fittedExponent([1, 2, 5, 40].map((size) => [size, 3 * size ** 1.7]))).toBeCloseTo(1.7, 12);
    expect(fittedExponent([[1, 1], [2, 2], [4, 16]])).toBeCloseTo(2, 12);
    expect(fittedExponent([[2, 5]])).toBeNaN();
  });

  it("finds the share at which a ratio goes below 1 for good", () => {
    expect(crossover([[0.4, 1.4], [0.6, 1.1], [0.8, 0.9], [1, 0.8]])).toBeCloseTo(0.7, 12);
    expect(crossover([[0.1, 0.9], [0.2, 1.2], [0.3, 0.8]])).toBeCloseTo(0.25, 12);
    expect(crossover([[0.1, 0.9], [0.2, 0.8]])).toBe(0);
    expect(crossover([[0.1, 1.2], [0.2, 1.1]])).toBe(Infinity);
  });

  it("draws costs as multiples of the middle size's, one panel for each measure of size", () => {
    const curve = { axis: "images", middle: 20, points: [10, 20, 40].map((size) => ({ size, milliseconds: 5 * size, bytes: 1e6 * size })), exponents: { time: 1, memory: 1 } };
    const svg = costPlot([curve, { ...curve, axis: "features" }]);
    expect(svg.match(/<polyline/g)?.length).toBe(2 + 2 * 2);
    expect(svg).toContain("images: 1.00, 1.00");
    // Costs in proportion: both lines run from corner to corner, on each other.
    const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points]) => points);
    expect(new Set(lines.slice(2)).size).toBe(1);
    expect(lines[2].split(" ")[1]).toBe("142,107");
    expect(() => costPlot([{ ...curve, middle: 30 }])).toThrow("middle size 30 is not among 10, 20, 40");
  });
});

describe("docs/performance.md", () => {
  const root = resolve(import.meta.dirname, "../..");
  const kept = (): string[] => readdirSync(resolve(root, "bench/results")).filter((name) => name.endsWith(".json") && name !== "check.json");

  it("is what the kept results and the remarks beside the benches make, plots too", async () => {
    const { performancePage, performancePlots } = await import("../../bench/page.ts");
    expect(kept().length).toBeGreaterThan(0);
    expect(readFileSync(resolve(root, "docs/performance.md"), "utf8")).toBe(performancePage());
    for (const [name, svg] of performancePlots()) expect(readFileSync(resolve(root, "docs/performance", name), "utf8")).toBe(svg);
  });

  it("names targets and figures as the code does", () => {
    const known = namesInCode(root);
    const direct = (name: string): boolean => known.some((pattern) => pattern.test(name));
    // "of a step, average precision" is put together of two that the code has.
    const put = (name: string): boolean => direct(name) || [...name.matchAll(/[,:] /g)].some(({ index }) => direct(name.slice(0, index)) && direct(name.slice(index + 2)));
    const names = kept().flatMap((file) => {
      const { cases } = JSON.parse(readFileSync(resolve(root, "bench/results", file), "utf8")) as Recorded;
      return cases.flatMap(({ targets = [], figures = {} }) => [...targets.map(({ what }) => what), ...Object.keys(figures)]);
    });
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !formerNames.has(name) && !put(name))).toEqual([]);
  });

  it("has a result of every bench", async () => {
    const { benches } = await import("../../bench/benches/index.ts");
    expect(benches.map(({ name }) => `${name}.json`).filter((name) => !kept().includes(name))).toEqual([]);
  });

  it("has no result of a bench that is no more", async () => {
    const { benches } = await import("../../bench/benches/index.ts");
    const names = new Set(benches.map(({ name }) => `${name}.json`));
    expect(kept().filter((name) => !names.has(name))).toEqual([]);
  });
});
