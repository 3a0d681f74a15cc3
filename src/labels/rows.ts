import { CatwiseError } from "../errors.ts";
import type { PartialLabels } from "./partial-labels.ts";
import { sortRow } from "./row-order.ts";

/**
 * A new matrix in which every cell has the value `change` gives it (a CellValue); null makes the cell unknown.
 * `change` gets the cell's position in the compressed rows and its image.
 */
export function changeCells(labels: PartialLabels, change: (cell: number, image: number) => number | null): PartialLabels {
  const category = new Uint32Array(labels.category.length);
  const value = new Int8Array(labels.value.length);
  const weight = new Float32Array(labels.weight.length);
  const rowStart = new Uint32Array(labels.imageIds.length + 1);
  let count = 0;
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) {
      const changed = change(cell, image);
      if (changed === null) continue;
      category[count] = labels.category[cell];
      value[count] = changed;
      weight[count] = labels.weight[cell];
      count += 1;
    }
    rowStart[image + 1] = count;
  }
  return { ...labels, rowStart, category: category.slice(0, count), value: value.slice(0, count), weight: weight.slice(0, count) };
}

/**
 * The matrix with exactly these categories, each once, in this order: cells of other categories are left out, a category that
 * the labels do not have is all unknown.
 */
export function alignToCategories(labels: PartialLabels, categories: readonly string[]): PartialLabels {
  const indexOf = new Map(categories.map((name, index) => [name, index]));
  const newIndex = Int32Array.from(labels.categories, (name) => indexOf.get(name) ?? -1);
  const kept = changeCells(labels, (cell) => (newIndex[labels.category[cell]] < 0 ? null : labels.value[cell]));
  const { rowStart, value, weight } = kept;
  const category = kept.category.map((old) => newIndex[old]);
  for (let image = 0; image < kept.imageIds.length; image += 1) sortRow(rowStart[image], rowStart[image + 1], category, value, weight);
  return { imageIds: labels.imageIds, categories: [...categories], rowStart, category, value, weight };
}

/**
 * The rows in the order of `ids`, as the rows of a feature file are. Images without labels get a row in which every cell is
 * unknown; labelled images that are not among the ids are left out. source (ids): the row in `labels`, -1 where there is none.
 *
 * Errors: features.duplicate-id, labels.images-not-found when not one labelled image is among the ids.
 */
export function alignToIds(labels: PartialLabels, ids: readonly string[]): { labels: PartialLabels; source: Int32Array } {
  const rowOf = new Map<string, number>();
  for (const [row, id] of labels.imageIds.entries()) rowOf.set(id, row);
  const source = new Int32Array(ids.length).fill(-1);
  const rowStart = new Uint32Array(ids.length + 1);
  const seen = new Set<string>();
  let found = 0;
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) throw new CatwiseError("features.duplicate-id", `expected every id once, got "${id}" twice.`);
    seen.add(id);
    const row = rowOf.get(id);
    if (row !== undefined) {
      source[index] = row;
      found += 1;
    }
    rowStart[index + 1] = rowStart[index] + (row === undefined ? 0 : labels.rowStart[row + 1] - labels.rowStart[row]);
  }
  if (found === 0) {
    throw new CatwiseError(
      "labels.images-not-found",
      `expected labelled images such as "${labels.imageIds[0] ?? ""}", got ids such as "${ids[0] ?? ""}"; none is in both.`,
      { remedy: "Write the ids alike in both files (folder, file ending, capitals)." },
    );
  }
  const cells = rowStart[ids.length];
  const aligned = { category: new Uint32Array(cells), value: new Int8Array(cells), weight: new Float32Array(cells) };
  for (const [index, row] of source.entries()) {
    if (row < 0) continue;
    const first = labels.rowStart[row];
    const end = labels.rowStart[row + 1];
    aligned.category.set(labels.category.subarray(first, end), rowStart[index]);
    aligned.value.set(labels.value.subarray(first, end), rowStart[index]);
    aligned.weight.set(labels.weight.subarray(first, end), rowStart[index]);
  }
  return { labels: { imageIds: [...ids], categories: labels.categories, rowStart, ...aligned }, source };
}
