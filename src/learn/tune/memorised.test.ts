import { describe, expect, it } from "vitest";
import { areaUnderRoc, hanleyMcNeilError, plainKernels } from "../../math/index.ts";
import { buildPartialLabels, FIT, SELECTION, type CellValue } from "../../labels/index.ts";
import { tuneInput } from "../drawn-data.cases.ts";
import { denseFeatures } from "../features.ts";
import type { TuneWarning } from "../types.ts";
import { memorisedWarning } from "./memorised.ts";
import { penaltyMetric } from "./penalty-metric.ts";
import { baseLogits, tuneSetting } from "./setting.ts";

/**
 * One category and one feature: evenly spread quantiles of the logistic distribution, the positives' moved up. A head is one slope, so
 * its AUROC is the feature's own. n negatives and n positives in each part.
 */
function memorised(n: number, moved: { readonly fit: number; readonly selection: number }): Promise<TuneWarning | null> {
  const { values, cells, part } = made(n, moved);
  const labels = buildPartialLabels({ imageIds: cells.map(({ image }) => `image-${image}`), categories: ["only"], cells });
  const parts = { part, group: Uint32Array.from(part.keys()), origin: "column" as const };
  const features = denseFeatures(values, values.length, 1);
  const base = { categories: labels.categories, columns: 1, weight: new Float32Array(1), bias: new Float32Array(1) };
  const setting = tuneSetting(tuneInput({ values, features, labels, parts, truth: new Uint8Array(0) }, base), false);
  const logits = baseLogits(setting);
  const kernels = plainKernels();
  const metric = penaltyMetric(kernels, features, setting.rows, setting.fitRows);
  return memorisedWarning(setting, { ...setting, kernels, metric, judgedBy: "ap", fitOffset: logits.fit, selectionOffset: logits.selection }, 6, async () => {});
}

function made(n: number, moved: { readonly fit: number; readonly selection: number }): { values: Float32Array; cells: { image: number; category: number; value: CellValue }[]; part: Uint8Array } {
  const quantile = (i: number): number => Math.log((i + 0.5) / (n - i - 0.5));
  const positive = (image: number): boolean => Math.floor(image / n) % 2 === 1;
  const images = Array.from({ length: 4 * n }, (_, image) => image);
  const part = Uint8Array.from(images, (image) => (image < 2 * n ? FIT : SELECTION));
  const values = Float32Array.from(images, (image) => quantile(image % n) + (positive(image) ? (image < 2 * n ? moved.fit : moved.selection) : 0));
  return { values, cells: images.map((image) => ({ image, category: 0, value: positive(image) ? 1 : 0 })), part };
}

/** Of the feature itself. */
function statistics(n: number, moved: { readonly fit: number; readonly selection: number }): { difference: number; z: number } {
  const { values, cells } = made(n, moved);
  const [fit, selection] = [values.subarray(0, 2 * n), values.subarray(2 * n)].map((own) => areaUnderRoc(own, Uint8Array.from(cells.slice(0, 2 * n), ({ value }) => value)));
  return { difference: fit - selection, z: (fit - selection) / Math.hypot(hanleyMcNeilError(fit, n, n), hanleyMcNeilError(selection, n, n)) };
}

describe("the warning of memorised images", () => {
  it("is given for an AUROC difference above .05 that is clear, with the feature's own figures", async () => {
    const moved = { fit: 4, selection: 2.8 };
    const { difference, z } = statistics(300, moved);
    expect(difference).toBeGreaterThan(0.05);
    const warning = await memorised(300, moved);
    expect(warning).toMatchObject({ code: "memorised", params: { categories: 1 } });
    // The five heads of the folds differ a little in slope, which mixes their scores.
    expect(Math.abs(Number(warning!.params.difference) - difference)).toBeLessThan(0.003);
    expect(Math.abs(Number(warning!.params.z) - z)).toBeLessThan(0.3);
  });

  it("is not given for a difference below .05, however clear", async () => {
    const moved = { fit: 4, selection: 3.2 };
    const { difference, z } = statistics(600, moved);
    expect(difference).toBeGreaterThan(0.03);
    expect(difference).toBeLessThan(0.045);
    expect(z).toBeGreaterThan(3);
    expect(await memorised(600, moved)).toBeNull();
  });

  it("is not given for a large difference that is not clear", async () => {
    const moved = { fit: 4, selection: 2.8 };
    const { difference, z } = statistics(40, moved);
    expect(difference).toBeGreaterThan(0.055);
    expect(z).toBeGreaterThan(1.2);
    expect(z).toBeLessThan(1.8);
    expect(await memorised(40, moved)).toBeNull();
  });
});
