import { describe, expect, it } from "vitest";
import { plainKernels, randomSource, type Kernels } from "../math/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type CellValue } from "../labels/index.ts";
import { baseOf, drawn, guideFor, tuneInput, type Drawn } from "./drawn-data.cases.ts";
import { compareHeads, evaluateHead } from "./evaluate/index.ts";
import { denseFeatures, featuresOf, imageScores, rawMatrix } from "./features.ts";
import { pretrain, strategies } from "./pretrain/index.ts";
import golden from "./tune/golden/per-category.json" with { type: "json" };
import type { Candidate } from "./tune/greedy.ts";
import { tune } from "./tune/index.ts";
import { finalCells, walkPath } from "./tune/path.ts";
import { penaltyMetric } from "./tune/penalty-metric.ts";
import { baseLogits, tuneSetting } from "./tune/setting.ts";
import type { Features, Head, TuneInput, TuneOptions } from "./types.ts";

const [N, D, C] = [600, 7, 4];
const data = drawn({ seed: "per category", images: N, columns: D, categories: C, known: () => 0.5, partOf: (image) => [FIT, SELECTION, REPORT][image % 3] });

/** The same features (D) for every category. */
const copies = denseFeatures(Float32Array.from({ length: N * C * D }, (_, at) => data.values[Math.floor(at / (C * D)) * D + (at % D)]), N, D, C);

/** Features of every category's own, of very different units, which tell of its truth; the last column of the last category is constant. */
const own: Features = (() => {
  const random = randomSource("own features");
  const values = Float32Array.from({ length: N * C * D }, (_, at) => {
    const c = Math.floor(at / D) % C;
    const image = Math.floor(at / (C * D));
    return c === C - 1 && at % D === D - 1 ? 0 : 10 ** (c - 1) * (random.normal() + (at % D === c ? 1.2 * data.truth[image * C + c] : 0));
  });
  return denseFeatures(values, N, D, C);
})();

/** What category c sees, as features that all categories share. */
function alone(features: Features, c: number): Features {
  return denseFeatures(Float32Array.from({ length: N * D }, (_, at) => featuresOf(features, Math.floor(at / D), c)[at % D]), N, D);
}

const assumeNegative = (features: Features): Promise<Head> => baseOf({ ...data, features }, "assume-negative", (part) => part === FIT);

/** For greedy. */
async function someHeads(features: Features): Promise<Candidate[]> {
  const heads = ["ignore", "assume-negative-asl"].map(async (strategy) => ({ name: strategy, head: await baseOf({ ...data, features }, strategy, (part) => part === FIT) }));
  return Promise.all(heads);
}

function inputOf(features: Features, base: Head, options: Partial<TuneOptions> = {}): TuneInput {
  return tuneInput({ ...data, features }, base, options);
}

const rowOf = ({ weight, bias }: Head, c: number): number[] => [...weight.subarray(c * D, (c + 1) * D), bias[c]];

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - wanted[i])).toBeLessThan(tolerance * Math.max(1, Math.abs(wanted[i])));
}

describe("features of every category's own that are copies of shared ones", () => {
  it.each(strategies.map((one) => one.name))("train the same base, to the bit (%s)", async (strategy) => {
    const train = (features: Features): Promise<unknown> => pretrain({ ...data, ...guideFor(strategy, data.labels), features, strategy, kernels: plainKernels() });
    expect(await train(copies)).toEqual(await train(data.features));
  });

  it.each(["bp-bce", "bp-asl", "ga", "greedy"] as const)("give the same result, to the bit (%s)", async (method) => {
    const base = await assumeNegative(data.features);
    const candidates = await someHeads(data.features);
    expect(await tune(inputOf(copies, base, { method }), candidates)).toEqual(await tune(inputOf(data.features, base, { method }), candidates));
  });

  const ways: Record<string, [Partial<TuneOptions>, Partial<TuneInput>]> = {
    "on held-out selection cells": [{}, {}],
    "fit only, strict": [{ fitOnly: true, strict: true }, {}],
    "by AUROC, labels missing at random": [{ metric: "auroc", missingAtRandom: true }, {}],
    "by cross-fitting": [{ selectionSeen: true }, { baseStrategy: "assume-negative" }],
    "without evidence": [{ selectionSeen: true }, {}],
  };
  it.each(Object.keys(ways))("let auto decide the same at the same strengths, %s", async (way) => {
    const [options, more] = ways[way];
    const base = await assumeNegative(data.features);
    const [shared, each] = await Promise.all([data.features, copies].map((features) => tune({ ...inputOf(features, base, options), ...more })));
    expect(each.pooled?.chosenIndex).toBe(shared.pooled?.chosenIndex);
    expect(each.pooled?.decidedOn).toBe(shared.pooled?.decidedOn);
    expect(each.categories.map(({ status, reason, strength }) => [status, reason.code, strength])).toEqual(shared.categories.map(({ status, reason, strength }) => [status, reason.code, strength]));
    expect(each.warnings.map(({ code }) => code)).toEqual(shared.warnings.map(({ code }) => code));
    // The transform goes through another kernel, and the solver stops within 1e-8 of the optimum's value.
    expectClose(each.head.weight, shared.head.weight, 1e-4);
    expectClose(each.head.bias, shared.head.bias, 1e-4);
  });

  it.each(["auto", "bp-bce"] as const)("give the same where there are fewer images than features (%s)", async (method) => {
    const few = drawn({ seed: "few", images: 60, columns: 80, categories: 3, known: () => 0.8 });
    const each = denseFeatures(Float32Array.from({ length: 60 * 3 * 80 }, (_, at) => few.values[Math.floor(at / 240) * 80 + (at % 80)]), 60, 80, 3);
    const base = await baseOf(few, "assume-negative", (part) => part === FIT);
    const [one, two] = [await tune(tuneInput(few, base, { method })), await tune(tuneInput({ ...few, features: each }, base, { method }))];
    expect(two.categories.map(({ status, strength }) => [status, strength])).toEqual(one.categories.map(({ status, strength }) => [status, strength]));
    expect(one.categories.some(({ status }) => status === "tuned")).toBe(true);
    expectClose(two.head.weight, one.head.weight, 1e-4);
  });

  it("are judged the same", async () => {
    const [before, after] = [await assumeNegative(data.features), await baseOf(data, "ignore", (part) => part === FIT)];
    const judged = (features: Features): unknown[] => {
      const input = { ...data, features, part: REPORT, kernels: plainKernels() };
      return [evaluateHead({ ...input, head: before }), compareHeads({ ...input, before, after, seed: 3, repeats: 40 })];
    };
    expect(judged(copies)).toEqual(judged(data.features));
  });

  it("give the same scores of whole images", () => {
    const kernels = plainKernels();
    const rows = Uint32Array.from({ length: 50 }, (_, i) => 2 * i);
    const weights = Float64Array.from({ length: C * D }, (_, i) => Math.sin(i));
    const intercepts = Float64Array.of(1, 2, 3, 4);
    const places = Uint32Array.of(3, 9, 47);
    const [shared, each] = [data.features, copies].map((features) => imageScores(kernels, rawMatrix(kernels, features, rows), weights, intercepts, places));
    expect(each).toEqual(shared);
  });
});

describe("features of every category's own", () => {
  it("train each category on its own features alone", async () => {
    const head = await assumeNegative(own);
    for (let c = 0; c < C; c++) expect(rowOf(head, c)).toEqual(rowOf(await assumeNegative(alone(own, c)), c));
  });

  it.each(["bp-bce", "bp-asl", "ga", "greedy"] as const)("tune each category on its own features alone, to the bit (%s)", async (method) => {
    const base = await assumeNegative(own);
    const candidates = await someHeads(own);
    const result = await tune(inputOf(own, base, { method, only: [data.labels.categories[0], data.labels.categories[C - 1]] }), candidates);
    for (const c of [0, C - 1]) {
      const one = await tune(inputOf(alone(own, c), base, { method, only: [data.labels.categories[c]] }), candidates);
      expect(rowOf(result.head, c)).toEqual(rowOf(one.head, c));
      expect(result.categories[c]).toEqual(one.categories[c]);
    }
  });

  it.each([0, 6, 10])("have a centre, a scale, axes and a penalty for each category (strength %d)", async (index) => {
    const base = await assumeNegative(own);
    const kernels = plainKernels();
    const solved = async (features: Features): Promise<(c: number) => number[]> => {
      const setting = tuneSetting(inputOf(features, base), false);
      const logits = baseLogits(setting);
      const metric = penaltyMetric(kernels, features, setting.rows, setting.fitRows);
      const path = { ...setting, kernels, judgedBy: "ap" as const, metric, fitOffset: logits.fit, selectionOffset: logits.selection };
      const { u, v } = await walkPath(path, finalCells(path, false), { last: index }, () => {});
      const E = metric.matrix.columns;
      return (c) => {
        const change = metric.toRaw(u.slice(c * E, (c + 1) * E), v[c], c);
        return [...change.weight, change.bias];
      };
    };
    const change = await solved(own);
    for (let c = 0; c < C; c++) expectClose(change(c), (await solved(alone(own, c)))(c), 1e-4);
  });

  it("let auto gain on the report part, and leave a constant column its weight", async () => {
    const base = await assumeNegative(own);
    const { head, pooled } = await tune(inputOf(own, base));
    expect(pooled?.verified).toBe(true);
    const { mean } = compareHeads({ ...data, features: own, part: REPORT, kernels: plainKernels(), before: base, after: head, seed: 0, repeats: 50 });
    expect(mean.ap.after).toBeGreaterThan(mean.ap.before);
    expect(head.weight[C * D - 1]).toBe(0);
  });

  it("equal an independent NumPy run of CFT-BP step by step", async () => {
    const part = Uint8Array.from(golden.part, (name) => (name === "fit" ? FIT : SELECTION));
    const cells = golden.labels.flatMap((line, image) => line.flatMap((value, category) => (value < 0 ? [] : [{ image, category, value: value as CellValue }])));
    const names = ["a", "b", "c"];
    const result = await tune({
      features: denseFeatures(Float32Array.from(golden.features), golden.rows, golden.columns, golden.categories),
      labels: buildPartialLabels({ imageIds: golden.part.map((_, i) => `${i}`), categories: names, cells }),
      parts: { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" },
      base: { categories: names, columns: golden.columns, weight: Float32Array.from(golden.weight), bias: Float32Array.from(golden.bias) },
      kernels: plainKernels(),
      options: { method: "bp-bce", metric: "ap", fitOnly: false, strict: false, seed: 0 },
    });
    golden.expected.forEach((expected, c) => {
      const story = result.categories[c];
      expect(story.iterations).toBe(expected.steps);
      expect(story.selection.before).toBeCloseTo(expected.before, 12);
      expect(story.selection.after).toBeCloseTo(expected.after, 12);
      const got = [...result.head.weight.slice(c * golden.columns, (c + 1) * golden.columns), result.head.bias[c]];
      const want = expected.parameters ?? [...golden.weight.slice(c * golden.columns, (c + 1) * golden.columns), golden.bias[c]];
      // The head is float32, so that is the closeness there can be.
      got.forEach((value, j) => expect(Math.abs(value - want[j])).toBeLessThan(2e-6 * Math.max(1, Math.abs(want[j]))));
    });
  });

  it("are refused where they are of another number of categories, everywhere", async () => {
    const wrong = denseFeatures(new Float32Array(N * (C + 1) * D), N, D, C + 1);
    const base = await assumeNegative(data.features);
    const code = { code: "features.category-mismatch" };
    await expect(tune(inputOf(wrong, base))).rejects.toMatchObject(code);
    await expect(pretrain({ ...data, features: wrong, strategy: "ignore", kernels: plainKernels() })).rejects.toMatchObject(code);
    const input: Drawn & { part: number; kernels: Kernels } = { ...data, features: wrong, part: REPORT, kernels: plainKernels() };
    expect(() => evaluateHead({ ...input, head: base })).toThrow(expect.objectContaining(code));
    expect(() => denseFeatures(new Float32Array(N * D), N, D, C)).toThrow(expect.objectContaining({ code: "usage.invalid-value" }));
  });
});
