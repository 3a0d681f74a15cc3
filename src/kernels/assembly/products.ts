/**
 * Products of float64 matrices, out (m x n) = or += factor * left (m x k) right (k x n). Both are packed first, so that the inner loop reads
 * nothing but contiguous memory, whatever the rows and columns of the matrices are:
 *
 *   left    | panel 0: k times 6 rows    | panel 1 ...      right   | panel 0: k times 4 columns | panel 1 ...
 */
import { multiplyAddWide } from "./vectors";

/** Keep equal to the order in which ../eigen/products.ts writes it. */
@unmanaged
export class ProductJob {
  left: usize;
  /** Bytes from one row of `left` to the next, and from one column. */
  leftRow: u32;
  leftColumn: u32;
  right: usize;
  rightRow: u32;
  rightColumn: u32;
  m: u32;
  n: u32;
  k: u32;
  packedLeft: usize;
  packedRight: usize;
  out: usize;
  /** Bytes from one row of `out` to the next; its columns lie side by side. */
  outRow: u32;
  /** 1: adds to what `out` holds. */
  add: u32;
  /** 1: of a square `out` only the lower triangle is asked for; tiles on the diagonal are written whole. */
  lower: u32;
  factor: f64;
}

const TILE_ROWS: u32 = 6;
const TILE_COLUMNS: u32 = 4;
/** Keep equal to panelsPerItem in ../eigen/products.ts: so many panels of 256 columns are 192 KiB. */
const PANELS_PER_ITEM: u32 = 16;

/** Item p packs the p-th panel, the left ones first; rows and columns beyond the matrix are zero. */
export function packPanel(job: ProductJob, item: u32): void {
  const leftPanels = (job.m + TILE_ROWS - 1) / TILE_ROWS;
  if (item < leftPanels) {
    const first = item * TILE_ROWS;
    const to = job.packedLeft + <usize>first * <usize>job.k * 8;
    pack(job.left + <usize>first * <usize>job.leftRow, job.leftRow, job.leftColumn, min(TILE_ROWS, job.m - first), TILE_ROWS, job.k, job.factor, to);
  } else {
    const first = (item - leftPanels) * TILE_COLUMNS;
    const to = job.packedRight + <usize>first * <usize>job.k * 8;
    if (job.rightColumn == 8 && first + TILE_COLUMNS <= job.n) return packFour(job.right + ((<usize>first) << 3), job.rightRow, job.k, to);
    pack(job.right + <usize>first * <usize>job.rightColumn, job.rightColumn, job.rightRow, min(TILE_COLUMNS, job.n - first), TILE_COLUMNS, job.k, 1, to);
  }
}

/** Four columns that lie side by side. */
function packFour(from: usize, step: usize, k: u32, to: usize): void {
  for (let at: u32 = 0; at < k; at++, from += step, to += 32) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
}

/** `lines` of `width` lines, each `k` numbers long, side by side. */
// @ts-ignore: decorator
@inline
function pack(from: usize, line: usize, step: usize, lines: u32, width: u32, k: u32, factor: f64, to: usize): void {
  for (let at: u32 = 0; at < k; at++, from += step) {
    for (let r: u32 = 0; r < width; r++, to += 8) store<f64>(to, r < lines ? factor * load<f64>(from + <usize>r * line) : 0);
  }
}

/** Item b: sixteen panels of rows by all columns. A panel of the right one stays in the first-level cache while the rows pass over it. */
export function multiplyBlock(job: ProductJob, block: u32, scratch: usize): void {
  const firstRow = block * PANELS_PER_ITEM * TILE_ROWS;
  const endRow = min(firstRow + PANELS_PER_ITEM * TILE_ROWS, job.m);
  const endColumn = job.lower ? min(endRow, job.n) : job.n;
  const k: usize = job.k;
  for (let column: u32 = 0; column < endColumn; column += TILE_COLUMNS) {
    const right = job.packedRight + <usize>column * k * 8;
    for (let row = firstRow; row < endRow; row += TILE_ROWS) {
      if (job.lower && column >= row + TILE_ROWS) continue;
      const left = job.packedLeft + <usize>row * k * 8;
      const out = job.out + <usize>row * <usize>job.outRow + ((<usize>column) << 3);
      if (row + TILE_ROWS <= job.m && column + TILE_COLUMNS <= job.n) tile(left, right, k, out, job.outRow, job.add);
      else {
        tile(left, right, k, scratch, TILE_COLUMNS << 3, 0);
        putPart(scratch, out, job.outRow, min(TILE_ROWS, job.m - row), min(TILE_COLUMNS, job.n - column), job.add);
      }
    }
  }
}

function putPart(from: usize, out: usize, outRow: usize, rows: u32, columns: u32, add: u32): void {
  for (let r: u32 = 0; r < rows; r++, from += TILE_COLUMNS << 3, out += outRow) {
    for (let c: u32 = 0; c < columns; c++) {
      const value = load<f64>(from + ((<usize>c) << 3));
      const to = out + ((<usize>c) << 3);
      store<f64>(to, add ? load<f64>(to) + value : value);
    }
  }
}

/** Twelve accumulators, two vectors of the right panel and one number of the left: as many as there are registers. */
function tile(left: usize, right: usize, k: usize, out: usize, outRow: usize, add: u32): void {
  let a0 = f64x2.splat(0), b0 = f64x2.splat(0), c0 = f64x2.splat(0), d0 = f64x2.splat(0), e0 = f64x2.splat(0), f0 = f64x2.splat(0);
  let a1 = f64x2.splat(0), b1 = f64x2.splat(0), c1 = f64x2.splat(0), d1 = f64x2.splat(0), e1 = f64x2.splat(0), f1 = f64x2.splat(0);
  for (const end = right + (k << 5); right < end; right += 32, left += 48) {
    const u = v128.load(right);
    const v = v128.load(right, 16);
    let x = v128.load64_splat(left);
    a0 = multiplyAddWide(x, u, a0);
    a1 = multiplyAddWide(x, v, a1);
    x = v128.load64_splat(left, 8);
    b0 = multiplyAddWide(x, u, b0);
    b1 = multiplyAddWide(x, v, b1);
    x = v128.load64_splat(left, 16);
    c0 = multiplyAddWide(x, u, c0);
    c1 = multiplyAddWide(x, v, c1);
    x = v128.load64_splat(left, 24);
    d0 = multiplyAddWide(x, u, d0);
    d1 = multiplyAddWide(x, v, d1);
    x = v128.load64_splat(left, 32);
    e0 = multiplyAddWide(x, u, e0);
    e1 = multiplyAddWide(x, v, e1);
    x = v128.load64_splat(left, 40);
    f0 = multiplyAddWide(x, u, f0);
    f1 = multiplyAddWide(x, v, f1);
  }
  put(out, a0, a1, add);
  put(out + outRow, b0, b1, add);
  put(out + 2 * outRow, c0, c1, add);
  put(out + 3 * outRow, d0, d1, add);
  put(out + 4 * outRow, e0, e1, add);
  put(out + 5 * outRow, f0, f1, add);
}

// @ts-ignore: decorator
@inline
function put(out: usize, low: v128, high: v128, add: u32): void {
  if (add) {
    low = f64x2.add(low, v128.load(out));
    high = f64x2.add(high, v128.load(out, 16));
  }
  v128.store(out, low);
  v128.store(out, high, 16);
}
