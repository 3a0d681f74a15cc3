/** Nested shares of the known cells: four quarters, and what can be put together from them. */
import type { KnownCells } from "../cells.ts";
import { dealFolds } from "../tune/folds.ts";

/** A share of the known cells to learn from: which of the quarters, and how much of the whole they are. */
export interface Subset {
  readonly quarters: readonly number[];
  readonly share: number;
}

/**
 * Every quarter, four of the six halves, every three quarters, and all. Every cell is in as many subsets of a share as any other, so that which cells there happen to be moves the mean of every
 * share alike, to first order, and not the differences between them.
 */
export const subsets: readonly Subset[] = [[0], [1], [2], [3], [0, 1], [2, 3], [0, 2], [1, 3], [1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2, 3]].map((quarters) => ({ quarters, share: quarters.length / 4 }));

/** The shares of the subsets, ascending. */
export const shares: readonly number[] = [...new Set(subsets.map(({ share }) => share))];

/** The quarter (0 .. 3) of every cell (M): by category, stratified by label, groups whole, by a hash of names. */
export function dealQuarters(cells: KnownCells, groupIdOf: (row: number) => string, categories: readonly string[], seed: number): Uint8Array {
  return dealFolds(cells, groupIdOf, categories, `learning curve\u0000${seed}`, 4);
}
