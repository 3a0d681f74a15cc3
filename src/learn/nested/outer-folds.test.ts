import { describe, expect, it } from "vitest";
import { randomSource } from "../../math/index.ts";
import { buildPartialLabels, FIT, NO_PART, SELECTION, type CellValue, type Parts } from "../../labels/index.ts";
import { dealOuterFolds, noFold, type OuterFoldsInput } from "./outer-folds.ts";

const [N, C, folds] = [300, 4, 5];
const random = randomSource("outer folds");
/** Category c is positive in about a (c+2)th of its known cells; half of the cells are known. */
const cells = Array.from({ length: N * C }, (_, i) => ({ image: Math.floor(i / C), category: i % C, value: (random.next() < 1 / (2 + 3 * (i % C)) ? 1 : 0) as CellValue })).filter(() => random.next() < 0.5);

function input(change: { readonly order?: readonly number[]; readonly groupOf?: (image: number) => number; readonly partOf?: (image: number) => number; readonly scoredPart?: number } = {}): OuterFoldsInput {
  const order = change.order ?? Array.from({ length: N }, (_, i) => i);
  const place = new Map(order.map((image, at) => [image, at]));
  const partOf = change.partOf ?? ((image: number) => (image % 5 < 3 ? FIT : SELECTION));
  const labels = buildPartialLabels({
    imageIds: order.map((image) => `image-${image}`),
    categories: Array.from({ length: C }, (_, c) => `category-${c}`),
    cells: cells.map((cell) => ({ ...cell, image: place.get(cell.image)! })),
  });
  const parts: Parts = { part: Uint8Array.from(order, partOf), group: Uint32Array.from(order, change.groupOf ?? ((image) => image)), origin: "column" };
  const scored = parts.part.map((part) => (part !== NO_PART && (change.scoredPart === undefined || part === change.scoredPart) ? 1 : 0));
  return { labels, parts, scored, folds, seed: 3 };
}

/** Cells of one kind per fold. */
function counts(given: OuterFoldsInput, fold: Uint8Array, category: number, value: number, part?: number): number[] {
  const { labels, parts } = given;
  const found = new Array<number>(folds).fill(0);
  for (let image = 0; image < N; image++) {
    if (part !== undefined && parts.part[image] !== part) continue;
    for (let k = labels.rowStart[image]; k < labels.rowStart[image + 1]; k++) if (labels.category[k] === category && labels.value[k] === value && fold[image] < folds) found[fold[image]] += 1;
  }
  return found;
}

const spread = (numbers: readonly number[]): number => Math.max(...numbers) - Math.min(...numbers);

describe("outer folds", () => {
  it("spread every category's known positives and negatives evenly, and within each part", () => {
    const given = input();
    const fold = dealOuterFolds(given);
    expect(spread(Array.from({ length: folds }, (_, f) => fold.filter((own) => own === f).length))).toBeLessThanOrEqual(3);
    for (let c = 0; c < C; c++) {
      const positives = counts(given, fold, c, 1);
      expect(spread(positives)).toBeLessThanOrEqual(2);
      // What chance alone would do with the commonest: a standard deviation of about 3.5.
      expect(spread(counts(given, fold, c, 0))).toBeLessThanOrEqual(6);
      for (const part of [FIT, SELECTION]) expect(spread(counts(given, fold, c, 1, part))).toBeLessThanOrEqual(3);
    }
  });

  it("give each fold one of five positives, though they stand alone among hundreds of images", () => {
    const labels = buildPartialLabels({
      imageIds: Array.from({ length: N }, (_, i) => `image-${i}`),
      categories: ["rare"],
      cells: Array.from({ length: N }, (_, image) => ({ image, category: 0, value: (image % 60 === 7 ? 1 : 0) as CellValue })),
    });
    for (let seed = 0; seed < 20; seed++) {
      const given = { ...input(), labels, seed };
      expect(counts(given, dealOuterFolds(given), 0, 1)).toEqual([1, 1, 1, 1, 1]);
    }
  });

  it("keep groups whole, the images of a group that are not scored included", () => {
    const given = input({ groupOf: (image) => image >> 2, partOf: (image) => (image % 4 === 3 ? NO_PART : image % 4 === 0 || image >= 280 ? FIT : SELECTION), scoredPart: SELECTION });
    const fold = dealOuterFolds(given);
    for (let image = 0; image < N; image++) {
      if (image % 4 === 3 || image >= 280) expect(fold[image]).toBe(noFold);
      else expect(fold[image]).toBe(fold[(image & ~3) + 1]);
    }
    expect(new Set(fold.subarray(0, 280))).toEqual(new Set([0, 1, 2, 3, 4, noFold]));
  });

  it("hang on names and the seed, and not on the order of the rows", () => {
    const straight = dealOuterFolds(input({ groupOf: (image) => image >> 1 }));
    const order = randomSource("turned").shuffle(Array.from({ length: N }, (_, i) => i));
    const turned = dealOuterFolds(input({ order, groupOf: (image) => image >> 1 }));
    expect(order.map((image) => straight[image])).toEqual([...turned]);
    expect([...dealOuterFolds({ ...input(), seed: 4 })]).not.toEqual([...dealOuterFolds(input())]);
  });

  it("refuse more folds than there are groups, and fewer than two", () => {
    const few = input({ groupOf: (image) => image % 4 });
    expect(() => dealOuterFolds(few)).toThrow(/folds: expected at most 4/);
    expect(() => dealOuterFolds({ ...few, folds: 1 })).toThrow(/folds: expected a whole number from 2/);
  });
});
