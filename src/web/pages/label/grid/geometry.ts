/** Where tiles lie: rows of equal tiles in a box of a width. Lengths in CSS pixels; indices count from 0. */
export type Size = "S" | "M" | "L";

export const tileWidths: Readonly<Record<Size, number>> = { S: 132, M: 200, L: 300 };
export const gap = 8;
/** Around the tiles, within the box they scroll in: there the ring of a tile with the focus has its place. */
export const margin = 8;
/** Caption under the picture. */
export const caption = 32;

export interface Shape {
  readonly columns: number;
  /** Width of a tile; tiles fill the row. */
  readonly width: number;
  /** Height of a row, with the gap below it. */
  readonly row: number;
}

export function shapeOf(width: number, size: Size): Shape {
  const columns = Math.max(1, Math.floor((width + gap) / (tileWidths[size] + gap)));
  const tile = Math.max(1, (width - gap * (columns - 1)) / columns);
  return { columns, width: tile, row: Math.round(tile * 0.75) + caption + gap };
}

/** How far to scroll so that a tile is in view with the ring around it; as far as now where it is. `height`: of the box, its margins too. A row taller than the box shows its beginning. */
export function scrolledTo(shape: Shape, index: number, scrolled: number, height: number): number {
  const top = Math.floor(index / shape.columns) * shape.row;
  const bottom = top + shape.row - gap + 2 * margin;
  return Math.min(top, Math.max(scrolled, bottom - height));
}

/** The tiles that are wholly in view: first and one past the last; equal where there is none. */
export function whollyInView(shape: Shape, count: number, scrolled: number, height: number): readonly [number, number] {
  const first = Math.max(0, Math.ceil((scrolled - margin) / shape.row - 1e-6));
  const last = Math.floor((scrolled + height - margin + gap) / shape.row + 1e-6);
  const from = Math.min(count, first * shape.columns);
  return [from, Math.max(from, Math.min(count, last * shape.columns))];
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

/** The tiles a rectangle touches; its corners are in the coordinates of the whole list. */
export function touched(shape: Shape, count: number, a: { readonly x: number; readonly y: number }, b: { readonly x: number; readonly y: number }): number[] {
  const step = shape.width + gap;
  const left = clamp(Math.floor((Math.min(a.x, b.x) + gap) / step), shape.columns - 1);
  const right = clamp(Math.floor(Math.max(a.x, b.x) / step), shape.columns - 1);
  const top = Math.max(0, Math.floor((Math.min(a.y, b.y) + gap) / shape.row));
  const bottom = Math.floor(Math.max(a.y, b.y) / shape.row);
  const found: number[] = [];
  for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) if (row * shape.columns + column < count) found.push(row * shape.columns + column);
  return found;
}

export type Move = "left" | "right" | "up" | "down" | "rowStart" | "rowEnd" | "first" | "last" | "pageUp" | "pageDown" | "next" | "back";

/** Where the focus goes; it stays in the list. `page`: rows in view. */
export function moved(from: number, move: Move, columns: number, count: number, page: number): number {
  const rowStart = from - (from % columns);
  const to = {
    left: from - 1,
    right: from + 1,
    up: from - columns,
    down: from + columns,
    rowStart,
    rowEnd: rowStart + columns - 1,
    first: 0,
    last: count - 1,
    pageUp: from - columns * Math.max(1, page),
    pageDown: from + columns * Math.max(1, page),
    next: from + 1,
    back: from - 1,
  }[move];
  // Up from the first row and down from the last stay where they are.
  if ((move === "up" && to < 0) || (move === "down" && to >= count && rowStart + columns >= count)) return from;
  return Math.max(0, Math.min(count - 1, to));
}
