/** Small labels for tests: eight images and five categories unless told otherwise. */
import * as fc from "fast-check";
import { buildPartialLabels, type CellValue, type LabelCell, type PartialLabels } from "./index.ts";

export const seeded = { seed: 526, numRuns: 100 };

export function build(cells: readonly LabelCell[], images = 8): PartialLabels {
  return buildPartialLabels({
    imageIds: Array.from({ length: images }, (_, image) => `image-${image}`),
    categories: Array.from({ length: 5 }, (_, category) => `category-${category}`),
    cells,
  });
}

export function arbitraryCells(): fc.Arbitrary<LabelCell[]> {
  const cell = fc.record({ image: fc.nat({ max: 7 }), category: fc.nat({ max: 4 }), value: fc.constantFrom<CellValue>(0, 1, 2) });
  return fc.uniqueArray(cell, { selector: ({ image, category }) => image * 5 + category });
}

export function rowOf(labels: PartialLabels, image: number): number[][] {
  const cells: number[][] = [];
  for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) cells.push([labels.category[cell], labels.value[cell]]);
  return cells;
}

export function asMap(labels: PartialLabels): Map<string, number> {
  const values = new Map<string, number>();
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    for (const [category, value] of rowOf(labels, image)) values.set(`${image} ${category}`, value ?? -1);
  }
  return values;
}
