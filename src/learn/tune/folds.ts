import { hashOf } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";

export const foldCount = 5;
export const noFold = 255;

/**
 * Deals the cells of each category into five folds, stratified by label: positives and negatives are each dealt round in the
 * order of a hash of (seed, category, image id), so that a cell's fold hangs on names and never on its place in a file.
 * Negatives start where the positives ended, which keeps fold sizes within one of each other. Returns fold per cell (M).
 */
export function dealFolds(cells: KnownCells, imageIdOf: (row: number) => string, categories: readonly string[], seed: number): Uint8Array {
  const fold = new Uint8Array(cells.row.length);
  const hash = new Uint32Array(cells.row.length);
  const byHash = (a: number, b: number): number => hash[a] - hash[b] || (imageIdOf(cells.row[a]) < imageIdOf(cells.row[b]) ? -1 : 1);
  categories.forEach((category, c) => {
    const [from, to] = [cells.start[c], cells.start[c + 1]];
    for (let i = from; i < to; i++) hash[i] = hashOf(`${seed}\u0000${category}\u0000${imageIdOf(cells.row[i])}`);
    let next = 0;
    for (const label of [1, 0]) {
      const members = new Uint32Array(to - from);
      let count = 0;
      for (let i = from; i < to; i++) if (cells.positive[i] === label) members[count++] = i;
      for (const cell of members.subarray(0, count).sort(byHash)) fold[cell] = next++ % foldCount;
    }
  });
  return fold;
}

/**
 * Deals images into five folds, groups whole, in the order of a hash of (seed, group): a fold hangs on names and never on places.
 * `images` are positions among `rows` rows. Returns the fold per row (rows), `noFold` for rows that are not among the images.
 */
export function dealGroups(images: Uint32Array, rows: number, groupIdOf: (row: number) => string, seed: number): Uint8Array {
  const groups = Array.from(new Set(Array.from(images, groupIdOf)), (name) => ({ name, hash: hashOf(`${seed}\u0000image folds\u0000${name}`) }));
  groups.sort((a, b) => a.hash - b.hash || (a.name < b.name ? -1 : 1));
  const foldOf = new Map(groups.map(({ name }, i) => [name, i % foldCount]));
  const fold = new Uint8Array(rows).fill(noFold);
  for (const row of images) fold[row] = foldOf.get(groupIdOf(row))!;
  return fold;
}
