import { describe, expect, it } from "vitest";
import { buildPartialLabels, FIT, SELECTION, type CellValue } from "../../labels/index.ts";
import { tuneInput } from "../drawn-data.cases.ts";
import { denseFeatures } from "../features.ts";
import type { TuneWarning } from "../types.ts";
import golden from "./golden/decisions.json" with { type: "json" };
import { leakWarnings } from "./leak.ts";
import { baseLogits, tuneSetting } from "./setting.ts";

interface Image {
  readonly part: number;
  /** Per category: the base's logit, and the label where it is known. */
  readonly cells: readonly { readonly logit: number; readonly value?: CellValue }[];
}

/** The warnings of a base whose logits are the features themselves. */
function warningsOf(images: readonly Image[]): TuneWarning[] {
  const C = images[0].cells.length;
  const labels = buildPartialLabels({
    imageIds: images.map((_, i) => `image-${i}`),
    categories: Array.from({ length: C }, (_, c) => `category-${c}`),
    cells: images.flatMap(({ cells }, image) => cells.flatMap(({ value }, category) => (value === undefined ? [] : [{ image, category, value }]))),
  });
  const part = Uint8Array.from(images, (image) => image.part);
  const values = Float32Array.from(images.flatMap(({ cells }) => cells.map(({ logit }) => logit)));
  const features = denseFeatures(values, images.length, C);
  const weight = Float32Array.from({ length: C * C }, (_, at) => (at % (C + 1) === 0 ? 1 : 0));
  const base = { categories: labels.categories, columns: C, weight, bias: new Float32Array(C) };
  const parts = { part, group: Uint32Array.from(part.keys()), origin: "column" as const };
  const setting = tuneSetting(tuneInput({ values, features, labels, parts, truth: new Uint8Array(0) }, base, { missingAtRandom: true }), false);
  return leakWarnings(setting, baseLogits(setting));
}

/** n positives of each category, `above[c]` of them above its n negatives and the others below. */
function imagesOf(which: number, n: number, above: readonly number[]): Image[] {
  return Array.from({ length: 2 * n }, (_, i) => ({
    part: which,
    cells: above.map((count) => ({ value: (i < n ? 1 : 0) as CellValue, logit: i >= n ? 0 : i < count ? 1 : -1 })),
  }));
}

/** n known selection cells of each category, `above[c]` of them above its n unknown ones and the others level with them. */
function halfKnown(n: number, above: readonly number[]): Image[] {
  return Array.from({ length: 2 * n }, (_, i) => ({ part: SELECTION, cells: above.map((count) => (i < n ? { value: 1 as const, logit: i < count ? 1 : 0 } : { logit: 0 })) }));
}

describe("the borders of the tests for a leak", () => {
  it.each(golden.partDifference.filter((one) => one.z < 2))("fit against selection: warns below 2, by the difference and z of an independent script ($z)", ({ each, fit, selection, difference, z }) => {
    const [warning, ...others] = warningsOf([...imagesOf(FIT, each, fit), ...imagesOf(SELECTION, each, selection)]);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code: "leak-suspected", params: { test: "fit against selection", categories: fit.length } });
    expect(warning.params.difference).toBeCloseTo(difference, 12);
    expect(warning.params.z).toBeCloseTo(z, 10);
  });

  it.each(golden.partDifference.filter((one) => one.z >= 2))("fit against selection: says nothing from 2 on ($z)", ({ each, fit, selection }) => {
    expect(warningsOf([...imagesOf(FIT, each, fit), ...imagesOf(SELECTION, each, selection)])).toEqual([]);
  });

  it.each(golden.separation.filter((one) => one.z > 3))("known against unknown: warns above 3, by the difference and z of an independent script ($z)", ({ each, above, difference, z }) => {
    const [warning, ...others] = warningsOf(halfKnown(each, above));
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code: "leak-suspected", params: { test: "known against unknown", categories: above.length } });
    expect(warning.params.difference).toBeCloseTo(difference, 12);
    expect(warning.params.z).toBeCloseTo(z, 10);
  });

  it.each(golden.separation.filter((one) => one.z <= 3))("known against unknown: says nothing up to 3 ($z)", ({ each, above }) => {
    expect(warningsOf(halfKnown(each, above))).toEqual([]);
  });
});
