import { CatwiseError, expected } from "../errors.ts";
import type { CellValue, PartialLabels } from "./partial-labels.ts";

export interface LabelCell {
  /** Index into imageIds. */
  readonly image: number;
  /** Index into categories. */
  readonly category: number;
  readonly value: CellValue;
  /** Trust in (0, 1]; 1 when absent. */
  readonly weight?: number;
}

export interface LabelSource {
  readonly imageIds: readonly string[];
  readonly categories: readonly string[];
  /** In any order. */
  readonly cells: Iterable<LabelCell>;
}

const valueNames = ["negative", "positive", "uncertain"] as const;

/**
 * The partial-label matrix of a list of cells, in time linear in images, categories and cells.
 *
 * A cell said twice with one value is one cell, with the larger of the two trusts; said with two values it is an error.
 * Errors: labels.no-images, labels.no-categories, labels.duplicate-image, labels.conflicting-cell, labels.invalid-value,
 * usage.invalid-value (an index outside its list, a trust outside (0, 1], a repeated category).
 */
export function buildPartialLabels({ imageIds, categories, cells }: LabelSource): PartialLabels {
  checkNames(imageIds, categories);
  const listed = [...cells];
  for (const cell of listed) checkCell(cell, imageIds.length, categories.length);
  // Two stable counting sorts: by category, then by image.
  const byCategory = countingOrder(listed, Uint32Array.from(listed.keys()), categories.length, categoryOf);
  const order = countingOrder(listed, byCategory, imageIds.length, imageOf);
  const category = new Uint32Array(listed.length);
  const value = new Int8Array(listed.length);
  const weight = new Float32Array(listed.length);
  const rowStart = new Uint32Array(imageIds.length + 1);
  let count = 0;
  let previous: LabelCell | null = null;
  for (const index of order) {
    const cell = listed[index];
    const trust = Math.fround(cell.weight ?? 1);
    if (previous !== null && previous.image === cell.image && previous.category === cell.category) {
      if (previous.value !== cell.value) throw conflict(previous, cell, imageIds, categories);
      weight[count - 1] = Math.max(weight[count - 1], trust);
      continue;
    }
    category[count] = cell.category;
    value[count] = cell.value;
    weight[count] = trust;
    count += 1;
    rowStart[cell.image + 1] += 1;
    previous = cell;
  }
  for (let image = 0; image < imageIds.length; image += 1) rowStart[image + 1] += rowStart[image];
  return {
    imageIds: [...imageIds],
    categories: [...categories],
    rowStart,
    category: category.slice(0, count),
    value: value.slice(0, count),
    weight: weight.slice(0, count),
  };
}

function checkNames(imageIds: readonly string[], categories: readonly string[]): void {
  if (imageIds.length === 0) throw new CatwiseError("labels.no-images", "expected at least one image, got none.");
  if (categories.length === 0) throw new CatwiseError("labels.no-categories", "expected at least one category, got none.");
  const twice = firstRepeated(imageIds);
  if (twice !== null) {
    throw new CatwiseError("labels.duplicate-image", `expected every image once, got "${twice}" twice.`, { remedy: "Merge its rows." });
  }
  const categoryTwice = firstRepeated(categories);
  if (categoryTwice !== null) throw expected("categories", "every name once", categoryTwice);
}

function firstRepeated(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

function checkCell(cell: LabelCell, images: number, categories: number): void {
  checkIndex("image", cell.image, images);
  checkIndex("category", cell.category, categories);
  if (valueNames[cell.value] === undefined) {
    throw new CatwiseError("labels.invalid-value", `expected the value 0, 1 or 2 (uncertain) of image ${cell.image}, category ${cell.category}, got ${String(cell.value)}.`);
  }
  const trust = Math.fround(cell.weight ?? 1);
  if (!(trust > 0 && trust <= 1)) throw expected("weight", "a trust in (0, 1]", cell.weight);
}

function checkIndex(name: string, index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) throw expected(name, `a whole number in 0 .. ${length - 1}`, index);
}

function imageOf(cell: LabelCell): number {
  return cell.image;
}

function categoryOf(cell: LabelCell): number {
  return cell.category;
}

function countingOrder(cells: readonly LabelCell[], order: Uint32Array, keys: number, keyOf: (cell: LabelCell) => number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (const cell of cells) next[keyOf(cell) + 1] += 1;
  for (let key = 0; key < keys; key += 1) next[key + 1] += next[key];
  const sorted = new Uint32Array(order.length);
  for (const index of order) {
    const key = keyOf(cells[index]);
    sorted[next[key]] = index;
    next[key] += 1;
  }
  return sorted;
}

function conflict(one: LabelCell, other: LabelCell, imageIds: readonly string[], categories: readonly string[]): CatwiseError {
  const where = `image "${imageIds[one.image]}", category "${categories[one.category]}"`;
  return new CatwiseError("labels.conflicting-cell", `${where}: expected one label, got ${valueNames[one.value]} and ${valueNames[other.value]}.`, {
    remedy: "Keep one of them, or call the cell uncertain.",
  });
}
