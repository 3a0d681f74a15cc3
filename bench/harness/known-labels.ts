/** A seeded file of people's image-level labels in the form of Open Images, and sums by which a reader can be held to what was written. */
import { closeSync, openSync, writeSync } from "node:fs";
import { quickNumbers } from "./problem.ts";

export interface LabelSums {
  readonly images: number;
  readonly categories: number;
  readonly cells: number;
  readonly positives: number;
  /** Of all cells, by image, category and value; a sum of whole numbers below 2^53, so that it depends on no order. */
  readonly hash: number;
}

/** A number below 2^21 for a cell, by the names of what it is about. */
export function cellHash(image: number, category: number, positive: boolean): number {
  let hash = Math.imul(image + 1, 0x9e3779b1) ^ Math.imul(category + 1, 0x85ebca6b) ^ (positive ? 0x27d4eb2f : 0);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 11;
}

/** The number in the name of an image, and of a category, as they are written below. */
export const imageNumber = (id: string): number => Number.parseInt(id.slice(8, 16), 16);
export const categoryNumber = (code: string): number => Number.parseInt(code.slice(4), 36);

/**
 * Writes `cells` rows, each of another cell, over `categories` categories, six to an image on average, a third of them "no"; every category has a row. Names are as long as those of
 * Open Images.
 */
export function writeKnownLabels(path: string, { cells, categories }: { readonly cells: number; readonly categories: number }): LabelSums {
  const next = quickNumbers(60);
  const codes = Array.from({ length: categories }, (_, category) => `/m/0${category.toString(36).padStart(4, "0")}`);
  const file = openSync(path, "w");
  const sums = { images: 0, categories, cells, positives: 0, hash: 0 };
  let text = "ImageID,Source,LabelName,Confidence\n";
  try {
    for (let cell = 0, image = -1, left = 0, category = 0; cell < cells; cell++, left--) {
      if (left === 0) {
        image += 1;
        sums.images += 1;
        left = 1 + Math.floor(next() * 11);
        category = cell < categories ? cell : Math.floor(next() * categories);
      }
      const positive = next() >= 1 / 3;
      // Steps through the categories, so that no image has one twice.
      text += `${scattered(image)},verification,${codes[category % categories]},${positive ? 1 : 0}\n`;
      sums.hash += cellHash(image, category % categories, positive);
      if (positive) sums.positives += 1;
      category += cell < categories ? 1 : 1 + Math.floor(next() * 40);
      if (text.length < 1 << 20) continue;
      writeSync(file, text);
      text = "";
    }
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  return sums;
}

/** Sixteen hexadecimal digits, the last eight the number: as unalike at their beginnings as real ones. */
function scattered(image: number): string {
  return (Math.imul(image + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0") + image.toString(16).padStart(8, "0");
}
