import { describe, expect, it } from "vitest";
import { randomSource } from "../../math/index.ts";
import { buildPartialLabels, FIT, NO_PART, SELECTION, type CellValue } from "../../labels/index.ts";
import { drawn, guideFor, tuneInput, type Drawn } from "../drawn-data.cases.ts";
import { denseFeatures } from "../features.ts";
import { pretrain, strategyNames } from "../pretrain/index.ts";
import type { Head, TuneInput, TuneMethod, TuneResult } from "../types.ts";
import { tune } from "./index.ts";

const methods = ["auto", "bp-bce", "bp-asl", "ga"] as const satisfies TuneMethod[];

function someHead({ labels, features }: Drawn, scale = 1): Head {
  const random = randomSource("some head");
  const C = labels.categories.length;
  const D = features.columns;
  return {
    categories: labels.categories,
    columns: D,
    weight: Float32Array.from({ length: C * D }, () => scale * random.normal()),
    bias: Float32Array.from({ length: C }, () => scale * random.normal()),
  };
}

function withCells(data: Drawn, cells: readonly { image: number; category: number; value: CellValue }[]): Drawn {
  return { ...data, labels: buildPartialLabels({ ...data.labels, cells: [...cells] }) };
}

function withValues(data: Drawn, change: (value: number, at: number) => number): Drawn {
  const values = data.values.map(change);
  return { ...data, values, features: denseFeatures(values, data.features.rows, data.features.columns) };
}

async function finite(input: TuneInput): Promise<TuneResult> {
  const result = await tune(input);
  expect([...result.head.weight, ...result.head.bias].every((value) => Number.isFinite(value))).toBe(true);
  return result;
}

const small = drawn({ seed: "extremes", images: 120, columns: 5, categories: 2, known: () => 0.7 });

describe.each(methods)("%s at the extremes", (method) => {
  it("skips everything, with a reason, where one label is known, or none, or nothing is a fit image", async () => {
    const base = someHead(small);
    const nowhere = { ...small, parts: { ...small.parts, part: small.parts.part.map(() => NO_PART) } };
    for (const data of [withCells(small, [{ image: 0, category: 0, value: 1 }]), withCells(small, []), nowhere]) {
      const result = await finite(tuneInput(data, base, { method }));
      expect(result.categories.map(({ status }) => status)).toEqual(["skipped", "skipped"]);
      expect(result.head).toEqual(base);
    }
  });

  it("skips a category whose known cells are all positive", async () => {
    const cells = Array.from({ length: 120 }, (_, image) => [
      { image, category: 0, value: 1 as const },
      { image, category: 1, value: small.truth[image * 2 + 1] === 1 ? (1 as const) : (0 as const) },
    ]).flat();
    const result = await finite(tuneInput(withCells(small, cells), someHead(small), { method }));
    expect(result.categories[0]).toMatchObject({ status: "skipped", reason: { code: "no-negative-in-fit" } });
    expect(result.categories[1].status).not.toBe("skipped");
  });

  it("stays finite on constant features, where all scores are equal", async () => {
    const base = { ...someHead(small), weight: new Float32Array(10) };
    const result = await finite(tuneInput(withValues(small, () => 3), base, { method }));
    for (const { selection } of result.categories) expect(selection.before).toBe(selection.after);
  });

  it.each([1e4, 1e-30])("stays finite for a base whose logits are of the order of %d", async (scale) => {
    await finite(tuneInput(small, someHead(small, scale), { method }));
  });

  it.each([1e6, 1e-6])("stays finite for features of the order of %d", async (scale) => {
    await finite(tuneInput(withValues(small, (value) => scale * value), someHead(small), { method }));
  });

  it("tunes one category with more features than images", async () => {
    const wide = drawn({ seed: "wide", images: 30, columns: 50, categories: 1, known: () => 1 });
    const result = await finite(tuneInput(wide, someHead(wide), { method }));
    expect(result.categories[0].status).not.toBe("skipped");
  });
});

describe("auto with one known cell of a class", () => {
  it("tunes on a positive and a negative, and lets the pool decide", async () => {
    const cells = [
      { image: 0, category: 0, value: 1 as const },
      { image: 2, category: 0, value: 0 as const },
      { image: 1, category: 0, value: 1 as const },
      { image: 3, category: 0, value: 0 as const },
    ];
    expect([0, 1, 2, 3].map((image) => small.parts.part[image])).toEqual([FIT, SELECTION, FIT, SELECTION]);
    const result = await finite(tuneInput(withCells(small, cells), someHead(small)));
    expect(result.categories[0].status).not.toBe("skipped");
    expect(result.categories[1].reason.code).toBe("no-positive-in-fit");
  });
});

describe("stage 1 at the extremes", () => {
  it.each(strategyNames)("stays finite without labels, with constant features and with more features than images (%s)", async (strategy) => {
    const wide = drawn({ seed: "wide", images: 30, columns: 50, categories: 1, known: () => 1 });
    for (const data of [withCells(small, []), withValues(small, () => 3), wide]) {
      const { head } = await pretrain({ ...tuneInput(data, someHead(data)), ...guideFor(strategy, data.labels), strategy });
      expect([...head.weight, ...head.bias].every((value) => Number.isFinite(value))).toBe(true);
    }
  });
});
