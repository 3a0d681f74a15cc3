import { describe, expect, it } from "vitest";
import { mean, plainKernels } from "../../math/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type CellValue, type PartialLabels, type Parts } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import { evaluateHead } from "../evaluate/index.ts";
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

const categories = ["scratch", "dent", "stain"];
const [N, D, C] = [180, 8, 3];

/** A small set with a noisy base. */
function made(options: { method: TuneMethod; only?: string[] }): { input: TuneInput } {
  const values = Float32Array.from(numbers(N * D, 1));
  const truth = numbers(C * D, 2);
  const noise = numbers(C * D, 3);
  const knownDraw = numbers(N * C, 4);
  const labelNoise = numbers(N * C, 5);
  const cells: { image: number; category: number; value: CellValue }[] = [];
  for (let i = 0; i < N; i++) {
    for (let c = 0; c < C; c++) {
      let logit = labelNoise[i * C + c] * 0.8;
      for (let j = 0; j < D; j++) logit += truth[c * D + j] * values[i * D + j];
      if (knownDraw[i * C + c] < 0.2) cells.push({ image: i, category: c, value: logit > 0 ? 1 : 0 });
    }
  }
  const labels: PartialLabels = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, i) => `image-${i}`), categories, cells });
  const part = Uint8Array.from({ length: N }, (_, i) => (i % 3 === 0 ? REPORT : i % 3 === 1 ? FIT : SELECTION));
  const parts: Parts = { part, group: Uint32Array.from(part.keys()), origin: "column" };
  const base: Head = {
    categories,
    columns: D,
    weight: Float32Array.from(truth, (w, j) => w + 1.5 * noise[j]),
    bias: Float32Array.from([0.1, -0.2, 0]),
  };
  return {
    input: {
      features: denseFeatures(values, N, D),
      labels,
      parts,
      base,
      kernels: plainKernels(),
      options: { method: options.method, metric: "ap", fitOnly: false, strict: false, seed: 0, ...(options.only === undefined ? {} : { only: options.only }) },
    },
  };
}

function cellsOf(labels: PartialLabels): { image: number; category: number; value: CellValue }[] {
  return labels.imageIds.flatMap((_, image) =>
    Array.from({ length: labels.rowStart[image + 1] - labels.rowStart[image] }, (__, k) => {
      const cell = labels.rowStart[image] + k;
      return { image, category: labels.category[cell], value: labels.value[cell] as CellValue };
    }),
  );
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

const partOf = (image: number): number => [FIT, SELECTION, REPORT, REPORT][image % 4];

describe("every method", () => {
  it.each(["auto", "bp-bce", "bp-asl", "ga", "greedy"] as const)("%s: categories not asked for keep their weights bit for bit", async (method) => {
    const { input } = made({ method, only: ["dent"] });
    const result = await tune(input);
    expect(result.categories[0]).toMatchObject({ status: "skipped", reason: { code: "not-asked-for" } });
    expect(row(result, 0)).toEqual([...input.base.weight.slice(0, D), input.base.bias[0]]);
    expect(row(result, 2)).toEqual([...input.base.weight.slice(2 * D), input.base.bias[2]]);
  });

  it("auto gains on the report part, which it never looks at", async () => {
    const data = drawn({ seed: "gain", images: 800, columns: 20, categories: 5, known: (_, image) => (partOf(image) === REPORT ? 1 : 0.4), partOf });
    const base = await baseOf(data, "assume-negative", (own) => own === FIT);
    const result = await tune(tuneInput(data, base));
    expect(result.pooled).toMatchObject({ verified: true, decidedOn: "selection" });
    const ap = (head: Head): number => mean(evaluateHead({ ...data, part: REPORT, kernels: plainKernels(), head }).map((one) => one.ap));
    expect(ap(result.head) - ap(base)).toBeGreaterThan(0.01);
    const blind = buildPartialLabels({ imageIds: data.labels.imageIds, categories: data.labels.categories, cells: cellsOf(data.labels).filter(({ image }) => partOf(image) !== REPORT) });
    expect((await tune(tuneInput({ ...data, labels: blind }, base))).head).toEqual(result.head);
  });

  it("skips a category without a known positive in the fit part, with the reason", async () => {
    const { input } = made({ method: "auto" });
    const cells = cellsOf(input.labels).map((cell) => (cell.category === 2 && input.parts.part[cell.image] === FIT ? { ...cell, value: 0 as const } : cell));
    const labels = buildPartialLabels({ imageIds: input.labels.imageIds, categories, cells });
    const result = await tune({ ...input, labels });
    expect(result.categories[2]).toMatchObject({ status: "skipped", reason: { code: "no-positive-in-fit" } });
    expect(row(result, 2)).toEqual([...input.base.weight.slice(2 * D), input.base.bias[2]]);
  });
});
