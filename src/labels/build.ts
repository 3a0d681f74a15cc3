import { CatwiseError, expected } from "../errors.ts";
import { CellRecords } from "./cell-records.ts";
import type { CellValue, PartialLabels } from "./partial-labels.ts";
import { UNCERTAIN } from "./partial-labels.ts";
import { sortRow } from "./row-order.ts";

/** One labelled cell. */
export interface LabelCell {
  /** Index into imageIds. */
  readonly image: number;
  /** Index into categories. */
  readonly category: number;
  readonly value: CellValue;
  /** Trust in (0, 1]; 1 when absent. */
  readonly weight?: number;
}

/** What a label matrix is made of: ids, categories, and the cells that somebody labelled. */
export interface LabelSource {
  readonly imageIds: readonly string[];
  readonly categories: readonly string[];
  /** In any order. */
  readonly cells: Iterable<LabelCell> | CellRecords;
  /** What a cell said with two values is; default: an error. */
  readonly disagreement?: "error" | "uncertain";
  /** Every image and category is known to be there once: of millions of images the check needs as much memory as their names. */
  readonly distinct?: boolean;
  /** The records are not needed any more: their memory is given back while the matrix is made, and they are empty afterwards. */
  readonly consume?: boolean;
  /** The error for a cell said with two values, for those who know more of where that was. */
  readonly conflict?: (image: number, category: number) => CatwiseError | null;
}

/** The share of memory that may be left unused at the end of the matrix. */
const negligible = 0.1;
const valueNames = ["negative", "positive", "uncertain"] as const;

/**
 * The partial-label matrix of a list of cells, in time linear in images, categories and cells where the cells of an image come by ascending category, as files mostly have them
 * (else every row is sorted), and in memory of 9 bytes a cell besides the list.
 *
 * A cell said twice with one value is one cell, with the larger of the two trusts; said with two values it is an error, or uncertain where that is asked for.
 * Errors: labels.no-images, labels.no-categories, labels.duplicate-image, labels.conflicting-cell, labels.invalid-value,
 * usage.invalid-value (an index outside its list, a trust outside (0, 1], a repeated category).
 */
export function buildPartialLabels({ imageIds, categories, cells, disagreement = "error", distinct = false, consume = false, conflict }: LabelSource): PartialLabels {
  checkNames(imageIds, categories, distinct);
  const records = cells instanceof CellRecords ? cells : toRecords(cells, imageIds.length, categories.length);
  // One array of the images' length is all that is needed: first where the cells of each begin, then where the next of its cells goes, last where its row begins.
  const rowStart = new Uint32Array(imageIds.length + 1);
  records.forEach((image, of, told, trust) => {
    checkIndex("image", image, imageIds.length);
    checkIndex("category", of, categories.length);
    checkValue(told, image, of);
    if (!(trust > 0 && trust <= 1)) throw expected("weight", "a trust in (0, 1]", trust);
    rowStart[image + 1] += 1;
  });
  for (let image = 0; image < imageIds.length; image += 1) rowStart[image + 1] += rowStart[image];
  const category = new Uint32Array(records.count);
  const value = new Int8Array(records.count);
  const weight = new Float32Array(records.count);
  const place = (image: number, of: number, told: number, trust: number): void => {
    const at = rowStart[image];
    rowStart[image] += 1;
    category[at] = of;
    value[at] = told;
    weight[at] = trust;
  };
  if (consume) records.drain(place);
  else records.forEach(place);
  let [count, begin] = [0, 0];
  for (let image = 0; image < imageIds.length; image += 1) {
    const end = rowStart[image];
    sortRow(begin, end, category, value, weight);
    const first = count;
    rowStart[image] = first;
    for (let cell = begin; cell < end; cell += 1) {
      if (count > first && category[count - 1] === category[cell]) {
        if (value[count - 1] !== value[cell]) {
          if (disagreement === "error") throw conflict?.(image, category[cell]) ?? disagreeing(imageIds[image], categories[category[cell]], [value[count - 1], value[cell]]);
          value[count - 1] = UNCERTAIN;
        }
        weight[count - 1] = Math.max(weight[count - 1], weight[cell]);
        continue;
      }
      category[count] = category[cell];
      value[count] = value[cell];
      weight[count] = weight[cell];
      count += 1;
    }
    begin = end;
  }
  rowStart[imageIds.length] = count;
  // Where few cells were said twice, a copy to save their places would need more memory than they do.
  const cut = count < (1 - negligible) * category.length ? "slice" : "subarray";
  return {
    imageIds: distinct ? imageIds : [...imageIds],
    categories: [...categories],
    rowStart,
    category: category[cut](0, count),
    value: value[cut](0, count),
    weight: weight[cut](0, count),
  };
}

function checkNames(imageIds: readonly string[], categories: readonly string[], distinct: boolean): void {
  if (imageIds.length === 0) throw new CatwiseError("labels.no-images", "expected at least one image, got none.");
  if (categories.length === 0) throw new CatwiseError("labels.no-categories", "expected at least one category, got none.");
  if (distinct) return;
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

function toRecords(cells: Iterable<LabelCell>, images: number, categories: number): CellRecords {
  const records = new CellRecords();
  let current = -1;
  for (const { image, category, value, weight = 1 } of cells) {
    // Before they go into arrays of whole numbers, which would make something else of them.
    checkIndex("image", image, images);
    checkIndex("category", category, categories);
    checkValue(value, image, category);
    if (image !== current) records.begin(image, 0);
    current = image;
    records.push(category, value, weight);
  }
  return records;
}

function checkIndex(name: string, index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) throw expected(name, `a whole number in 0 .. ${length - 1}`, index);
}

function checkValue(value: number, image: number, category: number): void {
  if (valueNames[value] !== undefined) return;
  throw new CatwiseError("labels.invalid-value", `expected the value 0, 1 or 2 (uncertain) of image ${image}, category ${category}, got ${String(value)}.`);
}

function disagreeing(image: string, category: string, said: readonly number[]): CatwiseError {
  const words = said.map((value) => valueNames[value]).join(" and ");
  return new CatwiseError("labels.conflicting-cell", `image "${image}", category "${category}": expected one label, got ${words}.`, { remedy: "Keep one of them, or call the cell uncertain." });
}
