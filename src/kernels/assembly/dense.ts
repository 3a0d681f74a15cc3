/**
 * Rows of X times rows of W: out[i][h] = x_i . w_h + b_h. W comes packed, so that the inner loop reads eight heads at once, in chunks of columns short
 * enough for a panel to stay in the first-level cache while the rows of a block pass over it:
 *
 *   w   | chunk 0: panel 0 (columns x 8 heads), panel 1 ... | chunk 1 ...
 *
 * Every sum runs over the columns of a chunk one by one, and then over the chunks, whichever rows and heads share a tile with it.
 */
import { multiplyAdd } from "./vectors";

/** Keep equal to the order in which ../dense.ts writes it. */
@unmanaged
export class DenseJob {
  x: usize;
  strideBytes: u32;
  columns: u32;
  /** (count) row numbers, or 0: then the rows are 0, 1 ... */
  rows: usize;
  count: u32;
  /** (chunks x panels x columns x 8) float32. */
  w: usize;
  heads: u32;
  /** (heads) float64, or 0. */
  intercepts: usize;
  out: usize;
  /** Floats from one row of `out` to the next. */
  outStride: u32;
}

/** Keep equal to those in ../dense.ts. */
const ROWS_PER_ITEM: u32 = 96;
const COLUMNS_PER_CHUNK: u32 = 256;
const PANEL: u32 = 8;
const TILE_ROWS: u32 = 6;
const FEW_PANELS: u32 = 2;

export function denseBlock(job: DenseJob, block: u32, scratch: usize): void {
  const start = block * ROWS_PER_ITEM;
  const end = min(start + ROWS_PER_ITEM, job.count);
  const panels = (job.heads + PANEL - 1) / PANEL;
  // For few heads the rows come straight from memory, which is fastest when each is read from its beginning to its end.
  const together = panels <= FEW_PANELS ? TILE_ROWS : ROWS_PER_ITEM;
  for (let row = start; row < end; row += together) someRows(job, row, min(row + together, end), panels, scratch);
}

function someRows(job: DenseJob, start: u32, end: u32, panels: u32, scratch: usize): void {
  for (let column: u32 = 0; column < job.columns; column += COLUMNS_PER_CHUNK) {
    const columns = min(COLUMNS_PER_CHUNK, job.columns - column);
    const isLast = column + columns == job.columns;
    for (let h: u32 = 0; h < job.heads; h += PANEL) {
      const w = job.w + ((<usize>column * <usize>panels * PANEL + <usize>h * <usize>columns) << 2);
      const heads = min(PANEL, job.heads - h);
      for (let i = start; i < end; i += TILE_ROWS) {
        const rows = min(TILE_ROWS, end - i);
        const whole = rows == TILE_ROWS && heads == PANEL && !(isLast && job.intercepts != 0);
        const out = job.out + ((<usize>i * <usize>job.outStride + <usize>h) << 2);
        const to = whole ? out : scratch;
        const step: usize = whole ? (<usize>job.outStride) << 2 : 32;
        const add = whole && column > 0;
        if (heads > 4) wideTile(job, i, end - 1, column, w, columns, to, step, add);
        else narrowTile(job, i, end - 1, column, w, columns, to);
        if (!whole) putPart(job, scratch, out, rows, h, heads, column > 0, isLast);
      }
    }
  }
}

/** From scratch to `out` what is part of it; the last chunk brings the intercepts. */
function putPart(job: DenseJob, from: usize, out: usize, rows: u32, head: u32, heads: u32, add: bool, isLast: bool): void {
  for (let r: u32 = 0; r < rows; r++, from += 32, out += (<usize>job.outStride) << 2) {
    for (let h: u32 = 0; h < heads; h++) {
      const to = out + ((<usize>h) << 2);
      let sum = load<f32>(from + ((<usize>h) << 2));
      if (add) sum = load<f32>(to) + sum;
      store<f32>(to, isLast && job.intercepts != 0 ? <f32>(<f64>sum + load<f64>(job.intercepts + ((<usize>(head + h)) << 3))) : sum);
    }
  }
}

/** Column `column` of the i-th row asked for, of the last one where there are no more. */
// @ts-ignore: decorator
@inline
function rowAt(job: DenseJob, i: u32, last: u32, column: u32): usize {
  const at = min(i, last);
  const row: usize = job.rows == 0 ? at : load<u32>(job.rows + ((<usize>at) << 2));
  return job.x + row * <usize>job.strideBytes + ((<usize>column) << 2);
}

/** Six rows by eight heads: twelve accumulators, two vectors of weights and one number of a row, as many as there are registers. */
function wideTile(job: DenseJob, i: u32, last: u32, column: u32, w: usize, columns: u32, to: usize, step: usize, add: bool): void {
  const p = rowAt(job, i, last, column), q = rowAt(job, i + 1, last, column), r = rowAt(job, i + 2, last, column);
  const s = rowAt(job, i + 3, last, column), t = rowAt(job, i + 4, last, column), o = rowAt(job, i + 5, last, column);
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0), e0 = f32x4.splat(0), f0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0), c1 = f32x4.splat(0), d1 = f32x4.splat(0), e1 = f32x4.splat(0), f1 = f32x4.splat(0);
  const bytes = (<usize>columns) << 2;
  for (let at: usize = 0; at < bytes; at += 4, w += 32) {
    const u = v128.load(w);
    const v = v128.load(w, 16);
    let x = v128.load32_splat(p + at);
    a0 = multiplyAdd(x, u, a0);
    a1 = multiplyAdd(x, v, a1);
    x = v128.load32_splat(q + at);
    b0 = multiplyAdd(x, u, b0);
    b1 = multiplyAdd(x, v, b1);
    x = v128.load32_splat(r + at);
    c0 = multiplyAdd(x, u, c0);
    c1 = multiplyAdd(x, v, c1);
    x = v128.load32_splat(s + at);
    d0 = multiplyAdd(x, u, d0);
    d1 = multiplyAdd(x, v, d1);
    x = v128.load32_splat(t + at);
    e0 = multiplyAdd(x, u, e0);
    e1 = multiplyAdd(x, v, e1);
    x = v128.load32_splat(o + at);
    f0 = multiplyAdd(x, u, f0);
    f1 = multiplyAdd(x, v, f1);
  }
  put(to, a0, a1, add);
  put(to + step, b0, b1, add);
  put(to + 2 * step, c0, c1, add);
  put(to + 3 * step, d0, d1, add);
  put(to + 4 * step, e0, e1, add);
  put(to + 5 * step, f0, f1, add);
}

// @ts-ignore: decorator
@inline
function put(to: usize, low: v128, high: v128, add: bool): void {
  if (add) {
    low = f32x4.add(v128.load(to), low);
    high = f32x4.add(v128.load(to, 16), high);
  }
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** Six rows by the first four heads of a panel, rows of eight numbers apart. */
function narrowTile(job: DenseJob, i: u32, last: u32, column: u32, w: usize, columns: u32, to: usize): void {
  const p = rowAt(job, i, last, column), q = rowAt(job, i + 1, last, column), r = rowAt(job, i + 2, last, column);
  const s = rowAt(job, i + 3, last, column), t = rowAt(job, i + 4, last, column), o = rowAt(job, i + 5, last, column);
  let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0), e = f32x4.splat(0), f = f32x4.splat(0);
  const bytes = (<usize>columns) << 2;
  for (let at: usize = 0; at < bytes; at += 4, w += 32) {
    const u = v128.load(w);
    a = multiplyAdd(v128.load32_splat(p + at), u, a);
    b = multiplyAdd(v128.load32_splat(q + at), u, b);
    c = multiplyAdd(v128.load32_splat(r + at), u, c);
    d = multiplyAdd(v128.load32_splat(s + at), u, d);
    e = multiplyAdd(v128.load32_splat(t + at), u, e);
    f = multiplyAdd(v128.load32_splat(o + at), u, f);
  }
  v128.store(to, a);
  v128.store(to, b, 32);
  v128.store(to, c, 64);
  v128.store(to, d, 96);
  v128.store(to, e, 128);
  v128.store(to, f, 160);
}
