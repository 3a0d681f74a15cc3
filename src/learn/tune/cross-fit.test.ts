import { describe, expect, it } from "vitest";
import { averagePrecision, mean, plainKernels } from "../../math/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type CellValue, type PartialLabels } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput, type Drawn } from "../drawn-data.cases.ts";
import { evaluateHead } from "../evaluate/index.ts";
import { crossFittedLogits, refitBases } from "./cross-fit.ts";
import { dealGroups, foldCount, noFold } from "./folds.ts";
import type { HeldOut } from "./held-out.ts";
import { tune } from "./index.ts";
import { penaltyMetric } from "./penalty-metric.ts";
import { baseLogits, tuneSetting } from "./setting.ts";
import { kappas } from "./strengths.ts";

const strategy = "assume-negative";

/** Fit and report images, none to select with. */
const data = drawn({ seed: "cross-fit", images: 700, columns: 30, categories: 6, known: (_, image) => (image % 5 < 2 ? 0.3 : 1), partOf: (image) => (image % 5 < 2 ? FIT : REPORT) });
const base = await baseOf(data, strategy, (part) => part === FIT);

/** The same labels with other values, or none, for some cells. */
function relabelled(given: Drawn, change: (image: number, category: number, value: CellValue) => CellValue | null): PartialLabels {
  const { labels } = given;
  const cells = labels.imageIds.flatMap((_, image) =>
    Array.from(labels.category.subarray(labels.rowStart[image], labels.rowStart[image + 1]), (category, k) => {
      const value = change(image, category, labels.value[labels.rowStart[image] + k] as CellValue);
      return value === null ? [] : [{ image, category, value }];
    }).flat(),
  );
  return buildPartialLabels({ imageIds: labels.imageIds, categories: labels.categories, cells });
}

async function crossFitted(labels: PartialLabels): Promise<HeldOut & { foldOfRow: Uint8Array; rows: Uint32Array }> {
  const setting = tuneSetting({ ...tuneInput({ ...data, labels }, base), baseStrategy: strategy }, false);
  const { raw } = baseLogits(setting);
  const bases = await refitBases(setting, strategy, raw);
  const metric = penaltyMetric(setting.input.kernels, data.features, setting.rows, setting.fitRows);
  const { fitCells, selectionCells, wanted, pause } = setting;
  const path = { kernels: plainKernels(), metric, judgedBy: "ap" as const, wanted, pause, fitCells, fitOffset: new Float32Array(fitCells.row.length), selectionCells, selectionOffset: new Float32Array(selectionCells.row.length) };
  return { ...(await crossFittedLogits(path, bases, setting.fitRows, () => ({ cells: setting.fitCells, offset: new Float32Array(setting.fitCells.row.length) }), () => {})), foldOfRow: bases.foldOfRow, rows: setting.rows };
}

/** Of three categories with 120 cells each. */
const meansOf = (logits: Float32Array): number[] => [0, 1, 2].map((c) => mean([...logits.subarray(c * 120, (c + 1) * 120)]));

describe("cross-fitting", () => {
  it("scores every fold by bases and changes that have not seen its labels", async () => {
    const one = await crossFitted(data.labels);
    const foldOfImage = new Map([...one.rows].map((image, row) => [image, one.foldOfRow[row]]));
    const two = await crossFitted(relabelled(data, (image, _, value) => (foldOfImage.get(image) === 2 ? ((1 - value) as CellValue) : value)));
    const inFold = [...one.fold.keys()].filter((i) => one.fold[i] === 2);
    expect(inFold.length).toBeGreaterThan(20);
    for (const scores of [(each: HeldOut) => each.base, (each: HeldOut) => each.logits[6], (each: HeldOut) => each.logits[10]]) {
      expect(inFold.map((i) => scores(two)[i])).toEqual(inFold.map((i) => scores(one)[i]));
      expect([...scores(two)]).not.toEqual([...scores(one)]);
    }
  });

  it("shows the base as it does on new images, where scoring the images it was trained on would flatter it", async () => {
    const heldOut = await crossFitted(data.labels);
    const categories = [0, 1, 2, 3, 4, 5];
    const range = (c: number): [number, number] => [heldOut.cells.start[c], heldOut.cells.start[c + 1]];
    const crossed = mean(categories.map((c) => averagePrecision(heldOut.base.subarray(...range(c)), heldOut.cells.positive.subarray(...range(c)))));
    const on = (part: number): number => mean(evaluateHead({ ...data, part, kernels: plainKernels(), head: base }).map((one) => one.ap));
    expect(on(FIT) - on(REPORT)).toBeGreaterThan(0.1);
    expect(Math.abs(crossed - on(REPORT))).toBeLessThan(0.06);
  });

  it("gives every refitted base the mean logit that the fit images have under the real base, so that a fold's class counts do not show", async () => {
    // Every fit cell is known, so that the mean over a category's cells is that over the fit images.
    const known = drawn({ seed: "mean logit", images: 120, columns: 5, categories: 3, known: () => 1, partOf: () => FIT });
    const real = await baseOf(known, strategy, () => true);
    // A bias that no refitting would find.
    const shifted = { ...real, bias: real.bias.map((b, c) => b + 2 + c) };
    const setting = tuneSetting({ ...tuneInput(known, shifted), baseStrategy: strategy }, false);
    const { raw, fit } = baseLogits(setting);
    const { logits } = await refitBases(setting, strategy, raw);
    expect(logits.length).toBe(foldCount);
    for (const one of logits) {
      meansOf(one).forEach((value, c) => expect(Math.abs(value - meansOf(fit)[c])).toBeLessThan(1e-5));
      expect([...one]).not.toEqual([...fit]);
    }
  });

  it("lets auto choose and accept without a selection part, and gain on the report part", async () => {
    const result = await tune({ ...tuneInput(data, base), baseStrategy: strategy });
    expect(result.pooled).toMatchObject({ verified: true, decidedOn: "cross-fitting", folds: foldCount });
    expect(result.warnings.map((warning) => warning.code)).not.toContain("no-selection-part");
    const ap = (head: typeof base): number[] => evaluateHead({ ...data, part: REPORT, kernels: plainKernels(), head }).map((one) => one.ap);
    const [before, after] = [ap(base), ap(result.head)];
    const gain = after.reduce((sum, value, c) => sum + value - before[c], 0) / after.length;
    expect(gain).toBeGreaterThan(0.01);
    for (const category of result.categories) {
      expect(category.selectionCells).toEqual(category.fit);
      expect(category.evidence).not.toBeNull();
      if (category.status === "tuned") expect(kappas).toContain(category.strength);
    }
  });

  it("is not used for a base that was brought along", async () => {
    const { pooled, warnings } = await tune(tuneInput(data, base));
    expect(pooled).toMatchObject({ verified: false, decidedOn: "nothing" });
    expect(warnings.map((warning) => warning.code)).toContain("no-selection-part");
  });

  it("treats selection images that the base has seen as fit images", async () => {
    const parts = { ...data.parts, part: data.parts.part.map((own, image) => (own === FIT && image % 2 === 0 ? SELECTION : own)) };
    const merged = await tune({ ...tuneInput(data, base), baseStrategy: strategy });
    const seen = await tune({ ...tuneInput({ ...data, parts }, base, { selectionSeen: true }), baseStrategy: strategy });
    expect(seen.head).toEqual(merged.head);
    expect(seen.categories).toEqual(merged.categories);
    expect(seen.warnings[0].code).toBe("leak-confirmed");
  });

  it("keeps seen selection images in the refitted bases, and out of the heads, under fit only", async () => {
    const parts = { ...data.parts, part: data.parts.part.map((own, image) => (own === FIT && image % 2 === 0 ? SELECTION : own)) };
    const result = await tune({ ...tuneInput({ ...data, parts }, base, { selectionSeen: true, fitOnly: true }), baseStrategy: strategy });
    expect(result.pooled).toMatchObject({ verified: true, decidedOn: "cross-fitting" });
    const merged = await tune({ ...tuneInput(data, base), baseStrategy: strategy });
    result.categories.forEach((category, c) => expect(category.selectionCells.positive).toBeLessThan(merged.categories[c].selectionCells.positive));
  });

  it("lets the others speak for a category whose positives stand in one fold", async () => {
    const lone = data.labels.imageIds.findIndex((_, image) => data.parts.part[image] === FIT && data.truth[image * 6] === 1 && data.labels.category[data.labels.rowStart[image]] === 0);
    expect(lone).toBeGreaterThanOrEqual(0);
    const labels = relabelled(data, (image, category, value) => (category === 0 && value === 1 && image !== lone && data.parts.part[image] === FIT ? null : value));
    const result = await tune({ ...tuneInput({ ...data, labels }, base), baseStrategy: strategy });
    expect(result.categories[0].fit.positive).toBe(1);
    expect(result.categories[0].evidence).toMatchObject({ gain: null, deviation: null });
    expect(result.categories[0].evidence!.probability).toBeGreaterThan(0);
  });

  it("refuses a strategy that does not exist", async () => {
    await expect(tune({ ...tuneInput(data, base), baseStrategy: "guess" })).rejects.toMatchObject({ code: "usage.invalid-value" });
  });
});

const group = (row: number): string => `patient-${Math.floor(row / 3)}`;

describe("folds of images", () => {
  it("keep groups whole, are of one size, and hang on names alone", () => {
    const images = Uint32Array.from({ length: 60 }, (_, i) => i + 6);
    const fold = dealGroups(images, 70, group, 4);
    expect([...fold.subarray(0, 6), ...fold.subarray(66)]).toEqual(new Array(10).fill(noFold));
    for (const row of images) expect(fold[row]).toBe(fold[row - (row % 3)]);
    for (let f = 0; f < foldCount; f++) expect(images.filter((row) => fold[row] === f).length).toBe(12);
    const turned = dealGroups(Uint32Array.from(images, (row) => 69 - row).reverse(), 70, (row) => group(69 - row), 4);
    expect([...turned].reverse()).toEqual([...fold]);
  });
});
