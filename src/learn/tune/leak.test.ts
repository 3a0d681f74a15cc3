import { describe, expect, it } from "vitest";
import { buildPartialLabels, FIT, type CellValue } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import type { TuneResult } from "../types.ts";
import { tune } from "./index.ts";
import { defaultStrengthIndex, kappas } from "./strengths.ts";

const codes = (result: TuneResult): string[] => result.warnings.map((warning) => warning.code);
const tests = (result: TuneResult): unknown[] => result.warnings.filter((warning) => warning.code === "leak-suspected").map((warning) => warning.params.test);

/** Few images for many features, so that a base remembers what it was trained on. */
const data = drawn({ seed: "leak", images: 400, columns: 150, categories: 8, known: () => 0.5 });
const clean = await baseOf(data, "assume-negative", (part) => part === FIT);
const leaky = await baseOf(data, "assume-negative", () => true);

describe("the tests for a leak", () => {
  it("leave a clean base alone", async () => {
    expect(tests(await tune(tuneInput(data, clean, { missingAtRandom: true })))).toEqual([]);
  });

  it.each(["auto", "bp-bce", "greedy"] as const)("suspect a base trained on the selection images, by both (%s)", async (method) => {
    expect(tests(await tune(tuneInput(data, leaky, { method, missingAtRandom: true }), [{ name: "clean", head: clean }]))).toEqual(["fit against selection", "known against unknown"]);
  });

  it("compare known with unknown cells only where labels are said to be missing at random", async () => {
    expect(tests(await tune(tuneInput(data, leaky)))).toEqual(["fit against selection"]);
    const positivesFirst = drawn({ seed: "not at random", images: 500, columns: 60, categories: 6, known: (positive) => (positive ? 0.8 : 0.2) });
    const base = await baseOf(positivesFirst, "assume-negative", (part) => part === FIT);
    expect(tests(await tune(tuneInput(positivesFirst, base)))).toEqual([]);
    // Why it must be said: known cells that are positive more often are found by any good base.
    expect(tests(await tune(tuneInput(positivesFirst, base, { missingAtRandom: true })))).toEqual(["known against unknown"]);
  });

  it("have nothing to compare where every selection cell is known", async () => {
    const full = drawn({ seed: "full", images: 500, columns: 60, categories: 6, known: (_, image) => (image % 2 === 0 ? 0.4 : 1) });
    const base = await baseOf(full, "assume-negative", (part) => part === FIT);
    expect(tests(await tune(tuneInput(full, base, { missingAtRandom: true })))).toEqual([]);
  });
});

describe("a confirmed leak", () => {
  it("leaves the default strength for every eligible category, nothing chosen or accepted, and says so", async () => {
    const result = await tune(tuneInput(data, leaky, { selectionSeen: true }));
    expect(codes(result)).toEqual(["leak-confirmed"]);
    expect(result.pooled!.verified).toBe(false);
    const fitted = result.categories.reduce((sum, { fit, selectionCells: cells }) => sum + fit.positive + fit.negative + cells.positive + cells.negative, 0);
    const strength = kappas[defaultStrengthIndex(fitted / result.categories.length)];
    for (const category of result.categories) {
      expect(category).toMatchObject({ status: "tuned", reason: { code: "unverified-default" }, strength, evidence: null, calibration: null, selection: { before: null, after: null } });
    }
  });

  it("lets the selection labels say nothing at all when they are kept out of the fit too", async () => {
    const cells = Array.from(data.labels.imageIds.keys()).flatMap((image) =>
      Array.from({ length: data.labels.rowStart[image + 1] - data.labels.rowStart[image] }, (_, k) => {
        const i = data.labels.rowStart[image] + k;
        const value = data.labels.value[i];
        return { image, category: data.labels.category[i], value: (data.parts.part[image] === FIT ? value : 1 - value) as CellValue };
      }),
    );
    const turned = { ...data, labels: buildPartialLabels({ ...data.labels, cells }) };
    const [one, two] = [data, turned].map((each) => tune(tuneInput(each, leaky, { selectionSeen: true, fitOnly: true })));
    expect((await two).head).toEqual((await one).head);
  });

  it("warns of the paper's variants, which select on it all the same", async () => {
    const result = await tune(tuneInput(data, leaky, { method: "bp-bce", selectionSeen: true }));
    expect(codes(result)).toEqual(["leak-confirmed"]);
    expect(result.categories[0].selection.before).not.toBeNull();
  });
});
