import { describe, expect, it } from "vitest";
import { areaUnderRoc, averagePrecision, bootstrapWeights, brierScore, expectedCalibrationError, plainKernels, randomSource } from "../../math/index.ts";
import { buildPartialLabels, FIT, REPORT, type CellValue, type Parts } from "../../labels/index.ts";
import { denseFeatures } from "../features.ts";
import type { Head } from "../types.ts";
import { compareHeads, compareScores, knownLogits, type HeadComparison } from "./index.ts";

const [N, D, C, repeats] = [120, 3, 3, 60];
const random = randomSource("compare");
const values = Float32Array.from({ length: N * D }, () => random.normal());
const categories = ["a", "b", "never positive"];
const cells = Array.from({ length: N * C }, (_, i) => ({ image: Math.floor(i / C), category: i % C, value: (i % C === 2 || random.next() < 0.7 ? 0 : 1) as CellValue })).filter(
  () => random.next() < 0.6,
);
const labels = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, i) => `image-${i}`), categories, cells });
const parts: Parts = {
  part: Uint8Array.from({ length: N }, (_, i) => (i % 4 === 0 ? FIT : REPORT)),
  group: Uint32Array.from({ length: N }, (_, i) => i >> 1),
  origin: "hash-of-group",
};
const head = (): Head => ({ categories, columns: D, weight: Float32Array.from({ length: C * D }, () => random.normal()), bias: Float32Array.from({ length: C }, () => random.normal()) });
const [before, after] = [head(), head()];
const compared = compareHeads({ features: denseFeatures(values, N, D), labels, parts, part: REPORT, kernels: plainKernels(), before, after, seed: 5, repeats });

/** The cells repeated as often as a replicate draws their image: the plain metrics of that list are the replicate's figures. */
function repeated(c: number, draw: Uint16Array, images: readonly number[]): { before: number[]; after: number[]; labels: number[] } {
  const list = { before: [] as number[], after: [] as number[], labels: [] as number[] };
  const own = cells.filter((cell) => cell.category === c && images.includes(cell.image));
  own.forEach((cell, i) => {
    for (let times = draw[images.indexOf(cell.image)]; times > 0; times--) {
      list.before.push(compared.categories[c].before.logits[i]);
      list.after.push(compared.categories[c].after.logits[i]);
      list.labels.push(cell.value);
    }
  });
  return list;
}

describe("comparing two heads", () => {
  const images = [...parts.part.keys()].filter((image) => parts.part[image] === REPORT);
  const names = images.map((image) => [`image-${image & ~1}`, `image-${image | 1}`].sort()[0]);
  const draws = bootstrapWeights(names, repeats, 5);
  const figures = {
    ap: averagePrecision,
    auroc: areaUnderRoc,
    ece: (s: number[], y: number[]) => expectedCalibrationError(s, y, { from: "logits" }),
    brier: (s: number[], y: number[]) => brierScore(s, y, { from: "logits" }),
  };

  it.each(["ap", "auroc", "ece", "brier"] as const)("gives %s the interval that metrics of drawn-out replicates give", (figure) => {
    for (const c of [0, 1]) {
      const differences = draws
        .map((draw) => repeated(c, draw, images))
        .map((list) => figures[figure](list.after, list.labels) - figures[figure](list.before, list.labels))
        .sort((a, b) => a - b);
      const interval = compared.categories[c][figure].interval!;
      expect(interval[0]).toBeCloseTo(differences[Math.round(0.025 * (repeats - 1))], 10);
      expect(interval[1]).toBeCloseTo(differences[Math.round(0.975 * (repeats - 1))], 10);
    }
  });

  it("says why a category without positives has no figure and no interval", () => {
    expect(compared.categories[2].before.reason).toBe("no known positive in this part");
    expect(compared.categories[2].ap.interval).toBeNull();
    expect(compared.categories[2].ap.before).toBeNaN();
  });

  it("finds no change between a head and itself", () => {
    const same = compareHeads({ features: denseFeatures(values, N, D), labels, parts, part: REPORT, kernels: plainKernels(), before, after: before, seed: 5, repeats });
    expect(same.mean.ap.interval).toEqual([0, 0]);
  });

  it("moves the upper ends of AP and AUROC out on request, no further than a perfect score, and nothing else", () => {
    const { cells: known, rows, logits } = knownLogits({ features: denseFeatures(values, N, D), labels, parts, part: REPORT, kernels: plainKernels() }, [before, after]);
    const given = { categories, cells: known, groups: Array.from(rows, (image) => `image-${image >> 1}`), before: { logits: logits[0] }, after: { logits: logits[1] }, seed: 5, repeats };
    const [plain, twice, far] = [1, 2, 1000].map((upperFactor) => compareScores({ ...given, upperFactor }));
    for (const figure of ["ap", "auroc"] as const) {
      for (const of of [(each: HeadComparison) => each.mean, (each: HeadComparison) => each.categories[0]]) {
        const [one, two, three] = [plain, twice, far].map((each) => of(each)[figure]);
        const gain = one.after - one.before;
        expect(two.interval![0]).toBe(one.interval![0]);
        expect(two.interval![1]).toBeCloseTo(Math.min(1 - one.before, gain + 2 * (one.interval![1] - gain)), 12);
        expect(three.interval).toEqual([one.interval![0], 1 - one.before]);
      }
    }
    for (const figure of ["ece", "brier"] as const) expect(twice.categories[0][figure]).toEqual(plain.categories[0][figure]);
  });
});
