import { assert as check, asyncProperty, shuffledSubarray } from "fast-check";
import { describe, expect, it } from "vitest";
import { plainKernels } from "../../math/index.ts";
import { buildPartialLabels, dropLabels, FIT, REPORT, SELECTION, UNCERTAIN, type CellValue, type PartialLabels } from "../../labels/index.ts";
import { baseOf, drawn, guideFor, tuneInput, type Drawn } from "../drawn-data.cases.ts";
import { denseFeatures } from "../features.ts";
import { pretrain, strategyNames } from "../pretrain/index.ts";
import type { Head, TuneInput, TuneMethod, TuneOptions, TuneResult } from "../types.ts";
import { heldOutLogits } from "./held-out.ts";
import { tune } from "./index.ts";
import { finalCells, walkPath, type PathSetting } from "./path.ts";
import { penaltyMetric } from "./penalty-metric.ts";
import { baseLogits, tuneSetting } from "./setting.ts";
import { kappas } from "./strengths.ts";

const [N, D, C] = [240, 6, 3];
const partOf = (image: number): number => [FIT, SELECTION, REPORT][image % 3];
const full = drawn({ seed: "properties", images: N, columns: D, categories: C, known: () => 1, partOf });
/** Known or not is drawn apart from the values, so that two sets of values can be hidden alike. */
const hidden = (image: number, category: number): boolean => (image * 7 + category * 11) % 5 < 3;

type Values = (image: number, category: number) => CellValue | null;
const truth: Values = (image, category) => (full.truth[image * C + category] === 1 ? 1 : 0);
const visible: Values = (image, category) => (hidden(image, category) ? null : truth(image, category));

function labelsOf(values: Values, order: readonly number[] = full.labels.imageIds.map((_, i) => i)): PartialLabels {
  const cells = order.flatMap((image, row) =>
    full.labels.categories.flatMap((_, category) => {
      const value = values(image, category);
      return value === null ? [] : [{ image: row, category, value }];
    }),
  );
  return buildPartialLabels({ imageIds: order.map((image) => full.labels.imageIds[image]), categories: full.labels.categories, cells });
}

const masked: Drawn = { ...full, labels: labelsOf(visible) };
const base = await baseOf(masked, "assume-negative", (part) => part === FIT);

function input(values: Values, options: Partial<TuneOptions> = {}): TuneInput {
  return tuneInput({ ...full, labels: labelsOf(values) }, base, options);
}

const methods = ["auto", "bp-bce", "bp-asl", "ga", "greedy"] as const satisfies TuneMethod[];
const row = (head: Head, c: number): number[] => [...head.weight.subarray(c * head.columns, (c + 1) * head.columns), head.bias[c]];

/** The labels of category 0 turned round on every fourth image. */
const otherwise: Values = (image, category) => {
  const value = visible(image, category);
  return category === 0 && image % 4 === 0 ? turned(value) : value;
};

/** All but the count of unknown cells. */
const story = (result: TuneResult): object[] => result.categories.map((category) => ({ ...category, known: { ...category.known, unknown: null } }));

function turned(value: CellValue | null): CellValue | null {
  return value === null ? null : ((1 - value) as CellValue);
}

const underIgnore = async (data: Pick<Drawn, "features" | "labels" | "parts">): Promise<number[]> => row((await pretrain({ ...data, strategy: "ignore", kernels: plainKernels() })).head, 1);

describe("the value behind an unknown cell", () => {
  it.each(methods)("changes nothing (%s)", async (method) => {
    const drop = { protocol: "uniform", keep: 0.4, seed: 0 } as const;
    const dropped = dropLabels(full.labels, drop);
    const behind: Values = (image, category) => {
      const cells = dropped.category.subarray(dropped.rowStart[image], dropped.rowStart[image + 1]);
      return cells.includes(category) ? truth(image, category) : turned(truth(image, category));
    };
    const [one, two] = [dropped, dropLabels(labelsOf(behind), drop)].map((labels) => tune(tuneInput({ ...full, labels }, base, { method })));
    expect(await two).toEqual(await one);
  });

  it.each(methods)("is nobody's: an uncertain cell in its place changes nothing (%s)", async (method) => {
    const known = await tune(input(visible, { method }));
    const unsure = await tune(input((image, category) => visible(image, category) ?? UNCERTAIN, { method }));
    expect(unsure.head).toEqual(known.head);
    expect(story(unsure)).toEqual(story(known));
  });

  it.each(strategyNames)("changes nothing in a base, where an uncertain cell counts as unknown (%s)", async (strategy) => {
    const train = async (values: Values): Promise<Head> => (await pretrain({ ...full, labels: labelsOf(values), ...guideFor(strategy, full.labels), strategy, kernels: plainKernels() })).head;
    expect(await train((image, category) => visible(image, category) ?? UNCERTAIN)).toEqual(await train(visible));
  });

  it("is a deleted row under ignore: hiding a cell is as if the image were not there", async () => {
    const kept = [...Array.from({ length: N }).keys()].filter((image) => !hidden(image, 1));
    const values = new Float32Array(kept.length * D);
    kept.forEach((image, i) => values.set(full.values.subarray(image * D, (image + 1) * D), i * D));
    // The scaling is that of the fit images, so both are asked for the same weights on features that are scaled alike.
    const hiddenFit = masked.parts.part.map((part, image) => (part === FIT && hidden(image, 1) ? REPORT : part));
    const one = await underIgnore({ ...masked, parts: { ...masked.parts, part: hiddenFit } });
    const part = Uint8Array.from(kept, (image) => full.parts.part[image]);
    const two = await underIgnore({ features: denseFeatures(values, kept.length, D), labels: labelsOf(visible, kept), parts: { part, group: Uint32Array.from(part.keys()), origin: "column" } });
    expect(two).toEqual(one);
  });
});

function pathOf(values: Values, wanted?: Uint8Array): PathSetting & { groupIdOf: (row: number) => string; selectionRows: Uint32Array } {
  const setting = tuneSetting(input(values), false);
  const logits = baseLogits(setting);
  const kernels = plainKernels();
  return {
    ...setting,
    kernels,
    judgedBy: "ap",
    metric: penaltyMetric(kernels, full.features, setting.rows, setting.fitRows),
    fitOffset: logits.fit,
    selectionOffset: logits.selection,
    ...(wanted === undefined ? {} : { wanted }),
  };
}

describe("other categories' labels", () => {
  it.each(["bp-bce", "bp-asl", "ga", "greedy"] as const)("change nothing in a category, to the bit (%s)", async (method) => {
    const [one, two] = [await tune(input(visible, { method })), await tune(input(otherwise, { method }))];
    expect(two.categories[0]).not.toEqual(one.categories[0]);
    for (const c of [1, 2]) {
      expect(row(two.head, c)).toEqual(row(one.head, c));
      expect(two.categories[c]).toEqual(one.categories[c]);
    }
  });

  it.each([0, 4, 7, 10])("change nothing in a category's final head at strength %d, nor does tuning it alone, to the bit", async (index) => {
    const solve = (path: PathSetting): ReturnType<typeof walkPath> => walkPath(path, finalCells(path, false), { last: index }, () => {});
    const [one, two, alone] = [await solve(pathOf(visible)), await solve(pathOf(otherwise)), await solve(pathOf(visible, Uint8Array.of(0, 1, 0)))];
    const E = one.u.length / C;
    const own = ({ u, v }: typeof one, c: number): number[] => [...u.subarray(c * E, (c + 1) * E), v[c]];
    expect(own(one, 1).some((value) => value !== 0)).toBe(true);
    expect(own(two, 0)).not.toEqual(own(one, 0));
    for (const c of [1, 2]) expect(own(two, c)).toEqual(own(one, c));
    expect(own(alone, 1)).toEqual(own(one, 1));
  });

  it("change nothing in a category's held-out scores at any strength, to the bit", async () => {
    const score = (path: ReturnType<typeof pathOf>): ReturnType<typeof heldOutLogits> =>
      heldOutLogits(path, { fitOnly: false, groupIdOf: path.groupIdOf, categories: full.labels.categories, seed: 0 }, path.selectionRows, () => {});
    const [one, two] = [await score(pathOf(visible)), await score(pathOf(otherwise))];
    for (const k of kappas.keys()) {
      const own = ({ logits, cells }: typeof one, from: number, to: number): number[] => [...logits[k].subarray(cells.start[from], cells.start[to])];
      expect(own(two, 1, 3)).toEqual(own(one, 1, 3));
      expect(own(two, 0, 1)).not.toEqual(own(one, 0, 1));
    }
  });

  it("speak in auto through the pooled strength and acceptance alone", async () => {
    const [one, two] = [await tune(input(visible)), await tune(input(otherwise))];
    // What the example must be to show it: the pools differ, and end at the same strength and decisions.
    expect(two.pooled!.gainMean).not.toBe(one.pooled!.gainMean);
    expect(two.categories[1].evidence!.probability).not.toBe(one.categories[1].evidence!.probability);
    expect(two.pooled!.chosenIndex).toBe(one.pooled!.chosenIndex);
    for (const c of [1, 2]) {
      expect([one, two].map((result) => result.categories[c].status)).toEqual(["tuned", "tuned"]);
      expect(row(two.head, c)).toEqual(row(one.head, c));
      const { probability: __, ...evidence } = one.categories[c].evidence!;
      expect(two.categories[c].evidence).toMatchObject(evidence);
    }
  });
});

describe("the order of the rows", () => {
  const images = Array.from({ length: N }, (_, i) => i);

  function reordered(order: readonly number[], options: Partial<TuneOptions>): TuneInput {
    const values = new Float32Array(N * D);
    order.forEach((image, at) => values.set(full.values.subarray(image * D, (image + 1) * D), at * D));
    const part = Uint8Array.from(order, (image) => full.parts.part[image]);
    return { ...tuneInput({ ...full, features: denseFeatures(values, N, D), labels: labelsOf(visible, order), parts: { part, group: Uint32Array.from(order.keys()), origin: "column" } }, base, options) };
  }

  it.each([
    ["auto", {}],
    ["auto", { selectionSeen: true }],
    ["auto", { metric: "auroc", strict: true }],
    ["bp-bce", {}],
    ["ga", {}],
  ] as const)("changes no decision, and no weight beyond rounding (%s %o)", async (method, options) => {
    const run = (order: readonly number[]): Promise<TuneResult> => tune({ ...reordered(order, { method, ...options }), baseStrategy: "assume-negative" });
    const one = await run(images);
    await check(
      asyncProperty(shuffledSubarray(images, { minLength: N, maxLength: N }), async (order) => {
        const two = await run(order);
        expect(two.categories.map(({ status, reason }) => [status, reason.code])).toEqual(one.categories.map(({ status, reason }) => [status, reason.code]));
        expect(two.pooled?.chosenIndex).toBe(one.pooled?.chosenIndex);
        two.head.weight.forEach((value, j) => expect(Math.abs(value - one.head.weight[j])).toBeLessThan(1e-3));
      }),
      { numRuns: 2, seed: 11 },
    );
  });
});

describe("a kept category", () => {
  it.each([
    ["auto", { strict: true }],
    ["bp-bce", {}],
    ["bp-asl", {}],
    ["ga", {}],
    ["greedy", {}],
  ] as const)("has the base's weights, bit for bit (%s)", async (method, options) => {
    // A base that was trained on every label is one that nothing on a third of them improves for sure.
    const perfect = await baseOf(full, "ignore", () => true);
    const candidates = [{ name: "base again", head: perfect }];
    const result = await tune({ ...input(visible, { method, ...options }), base: perfect }, method === "greedy" ? candidates : []);
    const kept = result.categories.flatMap(({ status }, c) => (status === "kept" ? [c] : []));
    expect(kept.length).toBeGreaterThan(0);
    for (const c of kept) {
      expect(row(result.head, c)).toEqual(row(perfect, c));
      expect(result.categories[c]).toMatchObject({ method: "base", calibration: null, strength: null });
    }
  });
});
