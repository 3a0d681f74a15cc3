import { describe, expect, it } from "vitest";
import { plainKernels, randomSource } from "../../math/index.ts";
import { buildPartialLabels, FIT, SELECTION, type CellValue } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput, type Drawn } from "../drawn-data.cases.ts";
import { denseFeatures } from "../features.ts";
import type { TuneMethod, TuneResult, TuneWarning } from "../types.ts";
import { featureLimitWarning } from "./feature-limit.ts";
import { tune } from "./index.ts";
import { nameSome } from "./warnings.ts";

const find = (result: TuneResult, code: TuneWarning["code"]): TuneWarning | undefined => result.warnings.find((warning) => warning.code === code);

describe("too few labels", () => {
  const data = drawn({ seed: "few", images: 400, columns: 6, categories: 3, known: (positive, image) => (positive && image % 40 > 3 ? 0.9 : 0.5) });
  /** Leaves the first category with some of its positives alone. */
  const cells = Array.from(data.labels.category, (category, i) => ({ image: data.labels.rowStart.findIndex((start) => start > i) - 1, category, value: data.labels.value[i] as CellValue }));
  const labels = buildPartialLabels({ ...data.labels, cells: cells.filter(({ image, category, value }) => category !== 0 || value === 0 || image < 80) });

  it.each(["auto", "bp-bce"] as const satisfies TuneMethod[])("names the categories with fewer than 20 positives to choose by (%s)", async (method) => {
    const base = await baseOf(data, "assume-negative", (part) => part === FIT);
    const result = await tune(tuneInput({ ...data, labels }, base, { method }));
    expect(result.categories[0].selectionCells.positive).toBeLessThan(20);
    expect(find(result, "too-few-labels")?.params).toEqual({ categories: 1, eligible: 3, names: "category-0" });
    expect(find(await tune(tuneInput(data, base, { method })), "too-few-labels")).toBeUndefined();
  });

  it("shortens a long list of names", () => {
    expect(nameSome(["a", "b"])).toBe("a, b");
    expect(nameSome(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d, e, f");
    expect(nameSome(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, e and 2 more");
  });
});

const asValue = (yes: boolean): CellValue => (yes ? 1 : 0);

describe("the features are the limit", () => {
  it("is said of a category that no linear head can tell, and not of one that the base tells badly", async () => {
    const random = randomSource("limit");
    const [N, D] = [1200, 4];
    const values = Float32Array.from({ length: N * D }, () => random.normal());
    const cells = Array.from({ length: N }, (_, image) => {
      const z = values.subarray(image * D, (image + 1) * D);
      return [
        { image, category: 0, value: asValue(z[0] * z[1] > 0) },
        { image, category: 1, value: asValue(z[2] + 0.3 * random.normal() > 0.5) },
      ];
    }).flat();
    const labels = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, i) => `i${i}`), categories: ["crossed", "plain"], cells });
    const part = Uint8Array.from({ length: N }, (_, i) => (i % 2 === 0 ? FIT : SELECTION));
    const data: Drawn = { values, features: denseFeatures(values, N, D), labels, parts: { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" }, truth: new Uint8Array(0) };
    const trained = await baseOf(data, "ignore", () => true);
    const base = { ...trained, weight: Float32Array.from(trained.weight, (w, j) => (j < D ? w : w + (j === D ? 2 : 0))) };
    for (const metric of ["ap", "auroc"] as const) {
      const result = await tune(tuneInput(data, base, { metric }));
      expect(find(result, "features-are-the-limit")?.params).toEqual({ categories: 1, names: "crossed" });
    }
  });

  it("needs enough positives, a poor optimum and a base no worse than it", () => {
    const scores = { positives: Uint32Array.of(19, 20, 20, 20), base: Float64Array.of(0.5, 0.5, 0.895, 0.5), optimum: Float64Array.of(0.505, 0.505, 0.9, 0.52) };
    expect(featureLimitWarning(scores, ["few", "limited", "good", "improvable"])?.params).toEqual({ categories: 1, names: "limited" });
    expect(featureLimitWarning({ ...scores, positives: new Uint32Array(4) }, ["few", "limited", "good", "improvable"])).toBeNull();
  });
});

describe("a network that memorised its training images", () => {
  const data = drawn({ seed: "memorised", images: 500, columns: 12, categories: 4, known: () => 0.6 });
  /** As a network that fitted its training labels does: features of the fit images that carry their labels. */
  const values = data.values.map((value, at) => {
    const [image, column] = [Math.floor(at / 12), at % 12];
    return column < 4 && data.parts.part[image] === FIT ? value + 2 * data.truth[image * 4 + column] : value;
  });

  it("is told by heads that rank unseen fit images better than selection images", async () => {
    const memorised = { ...data, values, features: denseFeatures(values, 500, 12) };
    const base = await baseOf(memorised, "assume-negative", (part) => part === FIT);
    const warning = find(await tune(tuneInput(memorised, base)), "memorised");
    expect(warning?.params.difference).toBeGreaterThan(0.05);
    expect(warning?.params.z).toBeGreaterThan(2);
    // Nothing can be told where the network has memorised the selection images as well.
    expect(find(await tune(tuneInput(memorised, base, { selectionSeen: true })), "memorised")).toBeUndefined();
  });

  it("is not suspected of features that were never trained", async () => {
    const base = await baseOf(data, "assume-negative", (part) => part === FIT);
    expect(find(await tune(tuneInput(data, base)), "memorised")).toBeUndefined();
  });
});

describe("a base with nothing to undo", () => {
  const masked = drawn({ seed: "masked", images: 300, columns: 5, categories: 2, known: () => 0.5 });
  const complete = drawn({ seed: "complete", images: 300, columns: 5, categories: 2, known: () => 1 });

  it.each([
    ["ignore", masked, true],
    ["assume-negative", masked, false],
    ["assume-negative", complete, true],
  ] as const)("is one that was trained here without wrong pseudo-labels (%s)", async (strategy, data, said) => {
    const base = await baseOf(data, strategy, (part) => part === FIT);
    const kernels = plainKernels();
    for (const method of ["auto", "bp-bce"] as const) {
      expect(find(await tune({ ...tuneInput(data, base, { method }), kernels, baseStrategy: strategy }), "base-undoes-nothing") !== undefined).toBe(said);
    }
    expect(find(await tune(tuneInput(data, base)), "base-undoes-nothing")).toBeUndefined();
  });
});
