import { hashOf } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";

export const foldCount = 5;
export const noFold = 255;

/**
 * Deals the cells of each category into five folds, stratified by label and groups whole: images that belong together would else tell on
 * each other across folds. Groups with a known positive, then the others, are dealt round in the order of a hash of (seed, category, group),
 * so that a cell's fold hangs on names and never on its place in a file. The others start where the first ended, which keeps the numbers of
 * groups within one of each other. An image alone is its own group. Returns fold per cell (M). `count`: another number of folds.
 */
export function dealFolds(cells: KnownCells, groupIdOf: (row: number) => string, categories: readonly string[], seed: number | string, count = foldCount): Uint8Array {
  const { names, groupOfCell } = groupsOf(cells, groupIdOf);
  const fold = new Uint8Array(cells.row.length);
  const hash = new Uint32Array(names.length);
  const foldOfGroup = new Uint8Array(names.length);
  const hasPositive = new Uint8Array(names.length);
  const byHash = (a: number, b: number): number => hash[a] - hash[b] || (names[a] < names[b] ? -1 : 1);
  categories.forEach((category, c) => {
    const [from, to] = [cells.start[c], cells.start[c + 1]];
    const groups = Uint32Array.from(new Set(groupOfCell.subarray(from, to)));
    for (const group of groups) {
      hash[group] = hashOf(`${seed}\u0000${category}\u0000${names[group]}`);
      hasPositive[group] = 0;
    }
    for (let i = from; i < to; i++) if (cells.positive[i] === 1) hasPositive[groupOfCell[i]] = 1;
    let next = 0;
    for (const label of [1, 0]) for (const group of groups.filter((one) => hasPositive[one] === label).sort(byHash)) foldOfGroup[group] = next++ % count;
    for (let i = from; i < to; i++) fold[i] = foldOfGroup[groupOfCell[i]];
  });
  return fold;
}

/** The groups' names, and each cell's group as an index into them. */
function groupsOf(cells: KnownCells, groupIdOf: (row: number) => string): { names: string[]; groupOfCell: Uint32Array } {
  const names: string[] = [];
  const index = new Map<string, number>();
  const groupOfRow = new Map<number, number>();
  const groupOfCell = cells.row.map((row) => {
    const known = groupOfRow.get(row);
    if (known !== undefined) return known;
    const name = groupIdOf(row);
    const group = index.get(name) ?? names.push(name) - 1;
    index.set(name, group);
    groupOfRow.set(row, group);
    return group;
  });
  return { names, groupOfCell };
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
