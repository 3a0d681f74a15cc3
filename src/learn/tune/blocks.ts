/** Categories whose heads are walked together: as many as their cells leave room for. */
import type { KnownCells } from "../cells.ts";
import type { PathSetting } from "./path.ts";

/** Categories [from, to). */
export interface CategoryBlock {
  readonly from: number;
  readonly to: number;
}

/**
 * All categories (C) in blocks of neighbours of about as many cells each, so few that none holds more than `most` by more than one category. `cells` (C): how many each takes. One block where all fit.
 */
export function categoryBlocks(cells: ArrayLike<number>, most: number): CategoryBlock[] {
  const C = cells.length;
  const all = Array.from(cells).reduce((sum, each) => sum + each, 0);
  const count = Math.max(1, Math.ceil(all / most));
  const blocks: CategoryBlock[] = [];
  let [from, held] = [0, 0];
  // The last one takes what is left, categories without cells too.
  for (let c = 0; c < C - 1 && blocks.length < count - 1; c++) {
    held += cells[c];
    if (held < ((blocks.length + 1) * all) / count) continue;
    blocks.push({ from, to: c + 1 });
    from = c + 1;
  }
  return [...blocks, { from, to: C }];
}

/**
 * Blocks for walking `trainings` of each category at once, of all fit and selection cells about. The same whether the features are in memory or not, although in memory trainings are walked one after another: the sums of a head's passes are cut where all cells of its problem say,
 * so that other blocks would give other roundings.
 */
export function blocksFor({ kernels, fitCells, selectionCells, wanted }: Pick<PathSetting, "kernels" | "fitCells" | "selectionCells" | "wanted">, trainings: number): CategoryBlock[] {
  const cells = Array.from(wanted, (want, c) => (want === 1 ? trainings * (countOf(fitCells, c) + countOf(selectionCells, c)) : 0));
  return categoryBlocks(cells, kernels.cellsAtOnce);
}

/** The cells of a block, as those of all categories of which the others have none. Views: nothing is copied. */
export function cellsOfBlock({ start, row, positive, weight }: KnownCells, { from, to }: CategoryBlock): KnownCells {
  const [first, end] = [start[from], start[to]];
  return { start: start.map((at) => Math.min(Math.max(at, first), end) - first), row: row.subarray(first, end), positive: positive.subarray(first, end), weight: weight.subarray(first, end) };
}

/** Numbers (M) of a block's cells; a view. */
export function numbersOfBlock<T extends Float32Array | Uint8Array>(numbers: T, { start }: KnownCells, { from, to }: CategoryBlock): T {
  return numbers.subarray(start[from], start[to]) as T;
}

/** (C): 1 for the wanted categories of a block. */
export function wantedOfBlock(wanted: Uint8Array, { from, to }: CategoryBlock): Uint8Array {
  return wanted.map((want, c) => (c >= from && c < to ? want : 0));
}

/** The setting of one block: its categories alone are worked on, on their own cells. */
export function settingOfBlock(setting: PathSetting, block: CategoryBlock): PathSetting {
  const { fitCells, fitOffset, selectionCells, selectionOffset, wanted } = setting;
  return {
    ...setting,
    wanted: wantedOfBlock(wanted, block),
    fitCells: cellsOfBlock(fitCells, block),
    fitOffset: numbersOfBlock(fitOffset, fitCells, block),
    selectionCells: cellsOfBlock(selectionCells, block),
    selectionOffset: numbersOfBlock(selectionOffset, selectionCells, block),
  };
}

function countOf({ start }: KnownCells, c: number): number {
  return start[c + 1] - start[c];
}
