import { assert as check, asyncProperty, shuffledSubarray } from "fast-check";
import { describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type CellValue, type PartialLabels, type Parts } from "../../labels/index.ts";
import { denseFeatures } from "../features.ts";
import type { Head, TuneInput, TuneMethod, TuneResult } from "../types.ts";
import golden from "./golden/backpropagation.json" with { type: "json" };
import { tune } from "./index.ts";

/** Deterministic numbers in (-1, 1) for made-up data. */
function numbers(count: number, seed: number): number[] {
  let state = (seed * 2654435761) >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface Made {
  input: TuneInput;
  values: Float32Array;
}

const categories = ["scratch", "dent", "stain"];
const [N, D, C] = [180, 8, 3];

/** A small set with a noisy base; `flip` changes the labels of chosen cells, `order` the order of the rows. */
function made(options: { method: TuneMethod; hidden?: CellValue; otherLabels?: number; order?: number[]; fitOnly?: boolean; only?: string[] }): Made {
  const values = Float32Array.from(numbers(N * D, 1));
  const truth = numbers(C * D, 2);
  const noise = numbers(C * D, 3);
  const knownDraw = numbers(N * C, 4);
  const labelNoise = numbers(N * C, 5);
  const order = options.order ?? Array.from({ length: N }, (_, i) => i);
  const cells: { image: number; category: number; value: CellValue }[] = [];
  order.forEach((i, row) => {
    for (let c = 0; c < C; c++) {
      let logit = labelNoise[i * C + c] * 0.8;
      for (let j = 0; j < D; j++) logit += truth[c * D + j] * values[i * D + j];
      let value: CellValue = logit > 0 ? 1 : 0;
      if (c === 0 && options.otherLabels !== undefined && i % options.otherLabels === 0) value = value === 1 ? 0 : 1;
      if (knownDraw[i * C + c] < 0.2) cells.push({ image: row, category: c, value });
    }
  });
  const labels: PartialLabels = buildPartialLabels({ imageIds: order.map((i) => `image-${i}`), categories, cells });
  const part = Uint8Array.from(order, (i) => (i % 3 === 0 ? REPORT : i % 3 === 1 ? FIT : SELECTION));
  const parts: Parts = { part, group: Uint32Array.from(order, (_, row) => row), origin: "column" };
  const base: Head = {
    categories,
    columns: D,
    weight: Float32Array.from(truth, (w, j) => w + 1.5 * noise[j]),
    bias: Float32Array.from([0.1, -0.2, 0]),
  };
  const data = new Float32Array(N * D);
  order.forEach((i, row) => data.set(values.subarray(i * D, (i + 1) * D), row * D));
  return {
    values,
    input: {
      features: denseFeatures(data, N, D),
      labels,
      parts,
      base,
      kernels: plainKernels(),
      options: { method: options.method, metric: "ap", fitOnly: options.fitOnly ?? false, strict: false, seed: 0, ...(options.only === undefined ? {} : { only: options.only }) },
    },
  };
}

const row = (result: TuneResult, c: number): number[] => [...result.head.weight.slice(c * D, (c + 1) * D), result.head.bias[c]];

describe("CFT-BP", () => {
  const part = Uint8Array.from(golden.part, (name) => (name === "fit" ? FIT : SELECTION));
  const cells = golden.labels.flatMap((line, image) => line.flatMap((value, category) => (value < 0 ? [] : [{ image, category, value: value as CellValue }])));
  const names = ["a", "b", "c"];
  const input: TuneInput = {
    features: denseFeatures(Float32Array.from(golden.features), golden.rows, golden.columns),
    labels: buildPartialLabels({ imageIds: golden.part.map((_, i) => `${i}`), categories: names, cells }),
    parts: { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" },
    base: { categories: names, columns: golden.columns, weight: Float32Array.from(golden.weight), bias: Float32Array.from(golden.bias) },
    kernels: plainKernels(),
    options: { method: "bp-bce", metric: "ap", fitOnly: false, strict: false, seed: 0 },
  };

  it.each(["bce", "asl"] as const)("equals an independent NumPy run step by step (%s)", async (loss) => {
    const result = await tune({ ...input, options: { ...input.options, method: `bp-${loss}` } });
    golden.expected[loss].forEach((expected, c) => {
      const story = result.categories[c];
      expect(story.iterations).toBe(expected.steps);
      expect(story.selection.before).toBeCloseTo(expected.before, 12);
      expect(story.selection.after).toBeCloseTo(expected.after, 12);
      const start = [...golden.weight.slice(c * golden.columns, (c + 1) * golden.columns), golden.bias[c]];
      const want = expected.parameters ?? start;
      const got = [...result.head.weight.slice(c * golden.columns, (c + 1) * golden.columns), result.head.bias[c]];
      // The head is float32, so that is the closeness there can be.
      got.forEach((value, j) => expect(Math.abs(value - want[j])).toBeLessThan(2e-6));
    });
  });

  it("keeps the base bit for bit where no step is strictly better", async () => {
    const result = await tune({ ...input, options: { ...input.options, method: "bp-asl" } });
    expect(result.categories[2].status).toBe("kept");
    expect(result.head.weight.slice(2 * golden.columns)).toEqual(input.base.weight.slice(2 * golden.columns));
    expect(result.head.bias[2]).toBe(input.base.bias[2]);
  });
});

describe("every method", () => {
  it.each(["bp-bce", "bp-asl", "ga"] as const)("%s: other categories' labels change nothing in a category", async (method) => {
    const one = await tune(made({ method }).input);
    const two = await tune(made({ method, otherLabels: 4 }).input);
    expect(row(two, 1)).toEqual(row(one, 1));
    expect(row(two, 2)).toEqual(row(one, 2));
    expect(two.categories[0].selection.before).not.toBe(one.categories[0].selection.before);
  });

  it("auto: other categories speak only through the pooled strength and acceptance", async () => {
    const one = await tune(made({ method: "auto" }).input);
    const two = await tune(made({ method: "auto", otherLabels: 5 }).input);
    expect(row(two, 0)).not.toEqual(row(one, 0));
    for (const c of [1, 2]) {
      if (one.pooled!.chosenIndex === two.pooled!.chosenIndex && one.categories[c].status === two.categories[c].status) {
        row(two, c).forEach((value, j) => expect(value).toBeCloseTo(row(one, c)[j], 4));
      }
    }
    // At one strength and with everything accepted nothing is pooled: a category tuned alone gets the same weights.
    const alone = await tune(made({ method: "auto", only: ["dent"] }).input);
    if (alone.pooled!.chosenIndex === one.pooled!.chosenIndex && alone.categories[1].status === one.categories[1].status) {
      row(alone, 1).forEach((value, j) => expect(value).toBeCloseTo(row(one, 1)[j], 4));
    }
  });

  it.each(["auto", "bp-bce", "ga"] as const)("%s: categories not asked for keep their weights bit for bit", async (method) => {
    const { input } = made({ method, only: ["dent"] });
    const result = await tune(input);
    expect(result.categories[0]).toMatchObject({ status: "skipped", reason: { code: "not-asked-for" } });
    expect(row(result, 0)).toEqual([...input.base.weight.slice(0, D), input.base.bias[0]]);
    expect(row(result, 2)).toEqual([...input.base.weight.slice(2 * D), input.base.bias[2]]);
  });

  it("auto: the order of the rows changes no decision and no weight beyond rounding", async () => {
    const one = await tune(made({ method: "auto" }).input);
    await check(
      asyncProperty(shuffledSubarray(Array.from({ length: N }, (_, i) => i), { minLength: N, maxLength: N }), async (order) => {
        const two = await tune(made({ method: "auto", order }).input);
        expect(two.categories.map((category) => category.status)).toEqual(one.categories.map((category) => category.status));
        expect(two.pooled!.chosenIndex).toBe(one.pooled!.chosenIndex);
        two.head.weight.forEach((value, j) => expect(Math.abs(value - one.head.weight[j])).toBeLessThan(1e-3));
      }),
      { numRuns: 3, seed: 11 },
    );
  });

  it("auto finds a real gain on held-out selection cells", async () => {
    const result = await tune(made({ method: "auto" }).input);
    expect(result.pooled!.verified).toBe(true);
    expect(result.categories.filter((category) => category.status === "tuned").length).toBeGreaterThan(0);
    for (const category of result.categories) {
      if (category.status === "tuned") expect(category.selection.after!).toBeGreaterThan(category.selection.before! - 0.05);
    }
  });

  it("skips a category without a known positive in the fit part, with the reason", async () => {
    const { input } = made({ method: "auto" });
    const cells: { image: number; category: number; value: CellValue }[] = [];
    for (let image = 0; image < N; image++) {
      for (let i = input.labels.rowStart[image]; i < input.labels.rowStart[image + 1]; i++) {
        const category = input.labels.category[i];
        cells.push({ image, category, value: category === 2 && input.parts.part[image] === FIT ? 0 : (input.labels.value[i] as CellValue) });
      }
    }
    const labels = buildPartialLabels({ imageIds: input.labels.imageIds, categories, cells });
    const result = await tune({ ...input, labels });
    expect(result.categories[2]).toMatchObject({ status: "skipped", reason: { code: "no-positive-in-fit" } });
    expect(row(result, 2)).toEqual([...input.base.weight.slice(2 * D), input.base.bias[2]]);
  });
});
