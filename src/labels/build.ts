import { CatwiseError, expected } from "../errors.ts";
import { CellList } from "./cell-list.ts";
import type { CellColumns } from "./cell-list.ts";
import type { CellValue, PartialLabels } from "./partial-labels.ts";
import { UNCERTAIN } from "./partial-labels.ts";

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
  readonly cells: Iterable<LabelCell> | CellColumns;
  /** What a cell said with two values is; default: an error. */
  readonly disagreement?: "error" | "uncertain";
}

const valueNames = ["negative", "positive", "uncertain"] as const;

/**
 * The partial-label matrix of a list of cells, in time linear in images, categories and cells.
 *
 * A cell said twice with one value is one cell, with the larger of the two trusts; said with two values it is an error, or uncertain where that is asked for.
 * Errors: labels.no-images, labels.no-categories, labels.duplicate-image, labels.conflicting-cell, labels.invalid-value,
 * usage.invalid-value (an index outside its list, a trust outside (0, 1], a repeated category).
 */
export function buildPartialLabels({ imageIds, categories, cells, disagreement = "error" }: LabelSource): PartialLabels {
  checkNames(imageIds, categories);
  const listed = "count" in cells ? cells : toColumns(cells, imageIds.length, categories.length);
  checkColumns(listed, imageIds.length, categories.length);
  const order = rowOrder(listed, imageIds.length, categories.length);
  const category = new Uint32Array(listed.count);
  const value = new Int8Array(listed.count);
  const weight = new Float32Array(listed.count);
  const rowStart = new Uint32Array(imageIds.length + 1);
  let count = 0;
  let previous = -1;
  for (const cell of order) {
    if (previous >= 0 && listed.image[previous] === listed.image[cell] && listed.category[previous] === listed.category[cell]) {
      if (value[count - 1] !== listed.value[cell]) {
        if (disagreement === "error") throw conflict(listed, previous, cell, imageIds, categories);
        value[count - 1] = UNCERTAIN;
      }
      weight[count - 1] = Math.max(weight[count - 1], listed.weight[cell]);
      continue;
    }
    category[count] = listed.category[cell];
    value[count] = listed.value[cell];
    weight[count] = listed.weight[cell];
    count += 1;
    rowStart[listed.image[cell] + 1] += 1;
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

function toColumns(cells: Iterable<LabelCell>, images: number, categories: number): CellColumns {
  const list = new CellList();
  for (const cell of cells) {
    // Before they go into arrays of whole numbers, which would make something else of them.
    checkIndex("image", cell.image, images);
    checkIndex("category", cell.category, categories);
    checkValue(cell.value, cell.image, cell.category);
    list.push(cell.image, cell.category, cell.value, cell.weight ?? 1);
  }
  return list;
}

function checkColumns({ count, image, category, value, weight }: CellColumns, images: number, categories: number): void {
  for (let cell = 0; cell < count; cell += 1) {
    checkIndex("image", image[cell], images);
    checkIndex("category", category[cell], categories);
    checkValue(value[cell], image[cell], category[cell]);
    if (!(weight[cell] > 0 && weight[cell] <= 1)) throw expected("weight", "a trust in (0, 1]", weight[cell]);
  }
}

function checkIndex(name: string, index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) throw expected(name, `a whole number in 0 .. ${length - 1}`, index);
}

function checkValue(value: number, image: number, category: number): void {
  if (valueNames[value] !== undefined) return;
  throw new CatwiseError("labels.invalid-value", `expected the value 0, 1 or 2 (uncertain) of image ${image}, category ${category}, got ${String(value)}.`);
}

/** The cells row by row, category ascending, as they came where both are equal: two stable counting sorts. */
function rowOrder({ count, image, category }: CellColumns, images: number, categories: number): Uint32Array {
  const asGiven = new Uint32Array(count);
  for (let cell = 0; cell < count; cell += 1) asGiven[cell] = cell;
  return countingOrder(image, countingOrder(category, asGiven, categories), images);
}

function countingOrder(keyOf: Uint32Array, order: Uint32Array, keys: number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (const cell of order) next[keyOf[cell] + 1] += 1;
  for (let key = 0; key < keys; key += 1) next[key + 1] += next[key];
  const sorted = new Uint32Array(order.length);
  for (const cell of order) {
    const key = keyOf[cell];
    sorted[next[key]] = cell;
    next[key] += 1;
  }
  return sorted;
}

function conflict(listed: CellColumns, one: number, other: number, imageIds: readonly string[], categories: readonly string[]): CatwiseError {
  const where = `image "${imageIds[listed.image[one]]}", category "${categories[listed.category[one]]}"`;
  const said = [one, other].map((cell) => valueNames[listed.value[cell]]).join(" and ");
  return new CatwiseError("labels.conflicting-cell", `${where}: expected one label, got ${said}.`, { remedy: "Keep one of them, or call the cell uncertain." });
}
