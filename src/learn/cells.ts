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
  const N = parts.part.length;
  const position = new Int32Array(N).fill(-1);
  const rows = new Uint32Array(N);
  let count = 0;
  for (let image = 0; image < N; image++) {
    if (!wanted.includes(parts.part[image])) continue;
    rows[count] = image;
    position[image] = count++;
  }
  return { rows: rows.slice(0, count), position };
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

/** Cells gathered from others: where each came from. */
export interface GatheredCells extends KnownCells {
  /** (M): cell i of the first list as i, cell j of the second as -1 - j. */
  readonly source: Int32Array;
}

/**
 * Cells of `first` and those cells of `second` for which `take` says yes, category by category, rows ascending; at one row the
 * first list's cell comes first. One pass over two ascending lists, without an object per cell: there may be millions.
 */
export function mergeCells(first: KnownCells, second: KnownCells, take: (cell: number) => boolean): GatheredCells {
  const C = first.start.length - 1;
  const start = new Uint32Array(C + 1);
  const source = new Int32Array(first.row.length + second.row.length);
  let at = 0;
  for (let c = 0; c < C; c++) {
    let i = first.start[c];
    const end = first.start[c + 1];
    for (let j = second.start[c]; j < second.start[c + 1]; j++) {
      if (!take(j)) continue;
      while (i < end && first.row[i] <= second.row[j]) source[at++] = i++;
      source[at++] = -1 - j;
    }
    while (i < end) source[at++] = i++;
    start[c + 1] = at;
  }
  return gather(first, second, start, source.slice(0, at));
}

/** The cells for which `take` says yes; `source` is their place among the given ones. */
export function filterCells(cells: KnownCells, take: (cell: number) => boolean): GatheredCells {
  const C = cells.start.length - 1;
  const start = new Uint32Array(C + 1);
  const source = new Int32Array(cells.row.length);
  let at = 0;
  for (let c = 0; c < C; c++) {
    for (let i = cells.start[c]; i < cells.start[c + 1]; i++) if (take(i)) source[at++] = i;
    start[c + 1] = at;
  }
  return gather(cells, cells, start, source.slice(0, at));
}

/** A number per gathered cell (M), from the numbers of the cells it was gathered from. */
export function gatherNumbers(source: Int32Array, first: Float32Array, second: Float32Array): Float32Array {
  const out = new Float32Array(source.length);
  for (let i = 0; i < source.length; i++) out[i] = source[i] >= 0 ? first[source[i]] : second[-1 - source[i]];
  return out;
}

function gather(first: KnownCells, second: KnownCells, start: Uint32Array, source: Int32Array): GatheredCells {
  const M = source.length;
  const row = new Uint32Array(M);
  const positive = new Uint8Array(M);
  const weight = new Float32Array(M);
  for (let i = 0; i < M; i++) {
    const from = source[i] >= 0 ? first : second;
    const cell = source[i] >= 0 ? source[i] : -1 - source[i];
    row[i] = from.row[cell];
    positive[i] = from.positive[cell];
    weight[i] = from.weight[cell];
  }
  return { start, row, positive, weight, source };
}
