import { hashOf } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";

export const foldCount = 5;

/**
 * Deals the cells of each category into five folds, stratified by label: positives and negatives are each dealt round in the
 * order of a hash of (seed, category, image id), so that a cell's fold hangs on names and never on its place in a file.
 * Negatives start where the positives ended, which keeps fold sizes within one of each other. Returns fold per cell (M).
 */
export function dealFolds(cells: KnownCells, imageIdOf: (row: number) => string, categories: readonly string[], seed: number): Uint8Array {
  const fold = new Uint8Array(cells.row.length);
  categories.forEach((category, c) => {
    let next = 0;
    for (const label of [1, 0]) {
      const members: { cell: number; hash: number; id: string }[] = [];
      for (let i = cells.start[c]; i < cells.start[c + 1]; i++) {
        if (cells.positive[i] !== label) continue;
        const id = imageIdOf(cells.row[i]);
        members.push({ cell: i, hash: hashOf(`${seed}\u0000${category}\u0000${id}`), id });
      }
      members.sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
      for (const { cell } of members) fold[cell] = next++ % foldCount;
    }
  });
  return fold;
}
