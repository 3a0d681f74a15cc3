import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildPartialLabels, denseLabels, fillUnknownCells, labelsFromDense, labelStatistics, knownCounts, type CellValue, type PartialLabels } from "./index.ts";

const unknown = Number.NaN;
const imageIds = ["a", "b", "c"];
const categories = ["scratch", "dent"];
/** a: scratch yes, dent unknown; b: scratch no, dent uncertain; c: nothing known. */
const labels = buildPartialLabels({
  imageIds,
  categories,
  cells: [
    { image: 0, category: 0, value: 1, weight: 0.5 },
    { image: 1, category: 0, value: 0 },
    { image: 1, category: 1, value: 2 },
  ],
});

const sum = (counts: Uint32Array): number => counts.reduce((total, count) => total + count, 0);
const names = (count: number, of: string): string[] => Array.from({ length: count }, (_, i) => `${of}${i}`);
const arbitraryTable = fc.integer({ min: 1, max: 5 }).chain((C) => fc.array(fc.constantFrom(1, 0, unknown, -1), { minLength: C, maxLength: 7 * C }).map((row) => ({ C, table: row.slice(0, Math.floor(row.length / C) * C) })));

describe("labels as a table of numbers", () => {
  it("has 1, 0 and the codes of what is neither", () => {
    expect([...denseLabels(labels)]).toEqual([1, unknown, 0, unknown, unknown, unknown]);
    expect([...denseLabels(labels, { unknown: -1 })]).toEqual([1, -1, 0, unknown, -1, -1]);
    expect([...denseLabels(labels, { uncertain: -1 })]).toEqual([1, unknown, 0, -1, unknown, unknown]);
  });

  it("comes back the same where the codes differ, trust apart", () => {
    fc.assert(
      fc.property(arbitraryTable, ({ C, table }) => {
        const matrix = labelsFromDense(table, names(table.length / C, "image"), names(C, "category"), { uncertain: -1 });
        expect([...denseLabels(matrix, { uncertain: -1 })]).toEqual(table);
        expect(matrix.weight.every((weight) => weight === 1)).toBe(true);
      }),
      { seed: 526 },
    );
  });

  it("says which cell holds a number that is no label", () => {
    expect(() => labelsFromDense([1, 0, 0, 2, 1, 1], imageIds, categories)).toThrow(/table row 2, column 2: expected 1, 0, NaN for unknown.*got 2/);
    expect(() => labelsFromDense([1, -1], ["a"], categories)).toThrow(/row 1, column 2/);
    expect(() => labelsFromDense([1], ["a"], categories)).toThrow(/1 x 2 = 2 numbers.*got 1/);
  });
});

describe("fillUnknownCells", () => {
  it("turns unknown into the answer asked for and leaves all other cells as they are, trust included", () => {
    expect([...denseLabels(fillUnknownCells(labels, "to-negative"), { uncertain: -1 })]).toEqual([1, 0, 0, -1, 0, 0]);
    const positive = fillUnknownCells(labels, "to-positive");
    expect([...denseLabels(positive, { uncertain: -1 })]).toEqual([1, 1, 0, -1, 1, 1]);
    expect([...positive.weight]).toEqual([0.5, 1, 1, 1, 1, 1]);
    expect([...positive.rowStart]).toEqual([0, 2, 4, 6]);
  });
});

describe("labelStatistics", () => {
  it("counts by hand", () => {
    const { perCategory, perImage, ...totals } = labelStatistics(labels);
    expect(totals).toEqual({ images: 3, categories: 2, cells: 6, positive: 1, negative: 1, uncertain: 1, unknown: 3, known: 2, knownShare: 1 / 3, trainableCategories: 1, judgeableCategories: 1 });
    expect(perCategory).toEqual(knownCounts(labels));
    expect(perImage).toEqual({ positive: Uint32Array.of(1, 0, 0), negative: Uint32Array.of(0, 1, 0) });
  });

  it("adds up, whatever the labels are", () => {
    fc.assert(
      fc.property(arbitraryTable, ({ C, table }) => {
        fc.pre(table.length > 0);
        const matrix: PartialLabels = labelsFromDense(table, names(table.length / C, "image"), names(C, "category"), { uncertain: -1 });
        const found = labelStatistics(matrix);
        expect(found.positive + found.negative + found.uncertain + found.unknown).toBe(table.length);
        expect([sum(found.perImage.positive), sum(found.perImage.negative)]).toEqual([found.positive, found.negative]);
        const column = (c: number): CellValue[] => table.filter((_, at) => at % C === c) as CellValue[];
        expect(found.trainableCategories).toBe(names(C, "").filter((_, c) => column(c).some((value) => value === 0 || value === 1)).length);
        expect(found.judgeableCategories).toBe(names(C, "").filter((_, c) => column(c).includes(0) && column(c).includes(1)).length);
      }),
      { seed: 526 },
    );
  });
});
