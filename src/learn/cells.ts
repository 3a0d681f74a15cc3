import type { Cells } from "../math/index.ts";
import { categoryCells, type PartialLabels, type Parts } from "../labels/index.ts";

/** Known cells of every category in some parts, with rows counted in a chosen subset of the images. */
export interface KnownCells {
  /** (C+1) */
  readonly start: Uint32Array;
  /** (M): index into `rows` of the subset. */
  readonly row: Uint32Array;
  readonly positive: Uint8Array;
  readonly weight: Float32Array;
}

/** The images of some parts, ascending, and where each image stands among them (-1: not there). */
export interface RowSubset {
  readonly rows: Uint32Array;
  readonly position: Int32Array;
}

export function rowsOf(parts: Parts, wanted: readonly number[]): RowSubset {
  const rows: number[] = [];
  const position = new Int32Array(parts.part.length).fill(-1);
  parts.part.forEach((part, image) => {
    if (!wanted.includes(part)) return;
    position[image] = rows.length;
    rows.push(image);
  });
  return { rows: Uint32Array.from(rows), position };
}

/** Known cells of the given parts with rows renumbered for the subset. */
export function knownCellsIn(labels: PartialLabels, parts: Parts, wanted: readonly number[], subset: RowSubset): KnownCells {
  const cells = categoryCells(labels, parts, wanted);
  return {
    start: cells.start,
    row: cells.row.map((image) => subset.position[image]),
    positive: cells.positive,
    weight: cells.weight,
  };
}

/** The kernel form of known cells; `offset` (M) is added to every logit (zeros when absent). */
export function kernelCells(cells: KnownCells, offset?: Float32Array): Cells {
  return {
    headStart: cells.start,
    row: cells.row,
    target: Float32Array.from(cells.positive),
    weight: cells.weight,
    offset: offset ?? new Float32Array(cells.row.length),
  };
}

/** Positives and negatives of one category among the cells. */
export function countClasses(cells: KnownCells, category: number): { positive: number; negative: number } {
  let positive = 0;
  for (let i = cells.start[category]; i < cells.start[category + 1]; i++) positive += cells.positive[i];
  return { positive, negative: cells.start[category + 1] - cells.start[category] - positive };
}

/** Sum of the cells' weights per category (C). */
export function weightSums(cells: KnownCells): Float64Array {
  const sums = new Float64Array(cells.start.length - 1);
  for (let c = 0; c < sums.length; c++) {
    for (let i = cells.start[c]; i < cells.start[c + 1]; i++) sums[c] += cells.weight[i];
  }
  return sums;
}

/** Cells of `first` and those cells of `second` for which `take` says yes, category by category, rows ascending. */
export function mergeCells(first: KnownCells, second: KnownCells, take: (cell: number) => boolean): KnownCells & { readonly source: Int32Array } {
  const C = first.start.length - 1;
  const start = new Uint32Array(C + 1);
  const picked: { row: number; positive: number; weight: number; source: number }[] = [];
  for (let c = 0; c < C; c++) {
    const from = picked.length;
    for (let i = first.start[c]; i < first.start[c + 1]; i++) {
      picked.push({ row: first.row[i], positive: first.positive[i], weight: first.weight[i], source: i });
    }
    for (let i = second.start[c]; i < second.start[c + 1]; i++) {
      if (take(i)) picked.push({ row: second.row[i], positive: second.positive[i], weight: second.weight[i], source: -1 - i });
    }
    const sorted = picked.splice(from).sort((a, b) => a.row - b.row);
    for (const cell of sorted) picked.push(cell);
    start[c + 1] = picked.length;
  }
  return {
    start,
    row: Uint32Array.from(picked, (cell) => cell.row),
    positive: Uint8Array.from(picked, (cell) => cell.positive),
    weight: Float32Array.from(picked, (cell) => cell.weight),
    /** Cell i of `first` as i, cell j of `second` as -1 - j. */
    source: Int32Array.from(picked, (cell) => cell.source),
  };
}
