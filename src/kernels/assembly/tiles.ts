/**
 * Dots and gradients of six heads over up to 128 neighbouring rows, all pairs of them: what a pass does where most of the cells are known. Each number is
 * summed in the order in which vectors.ts sums it, so that a block may be passed over either way and gives the same bits.
 *
 *   sums    | row 0: head 0 (two vectors) ... head 5 | row 1 ...
 *   factors | row 0: head 0 (f32) ... head 5 | row 1 ...
 *
 * Registers are what bounds the tiles: three rows by two heads, two sums each, and six heads by two vectors both fill sixteen of them but one.
 */
import { multiplyAdd, sumLanes } from "./vectors";

export const TILE_HEADS: usize = 6;
/** Keep equal to rowsPerBlock in ../cell-runs.ts. */
export const TILE_ROWS: usize = 128;
/** Bytes of one row's sums, and of its factors. */
const ROW_SUMS: usize = TILE_HEADS * 32;
const ROW_FACTORS: usize = TILE_HEADS * 4;
/** Rows come in threes. */
export const FACTORS_AT: usize = (TILE_ROWS + 1) * ROW_SUMS;
/** Of a row, at a time: six heads' share of this stays in the first-level cache while the rows pass by. */
const PIECE: usize = 2048;

/** Leaves x_i . w_h in the factors of row i, head h. `heads`: six pointers to weights. */
export function dotTile(x: usize, rows: usize, stride: usize, heads: usize, scratch: usize): void {
  const last = rows - 1;
  for (let from: usize = 0; from < stride; from += PIECE) {
    const bytes = min(PIECE, stride - from);
    for (let pair: usize = 0; pair < 3; pair++) {
      const w0 = load<usize>(heads + (pair << 3)) + from;
      const w1 = load<usize>(heads + (pair << 3), 4) + from;
      for (let i: usize = 0; i < rows; i += 3) {
        const at = scratch + i * ROW_SUMS + (pair << 6);
        dotPiece(w0, w1, x + i * stride + from, x + min(i + 1, last) * stride + from, x + min(i + 2, last) * stride + from, bytes, at, from == 0);
      }
    }
  }
  for (let i: usize = 0; i < rows; i++) {
    const at = scratch + i * ROW_SUMS;
    const to = scratch + FACTORS_AT + i * ROW_FACTORS;
    v128.store(to, sumLanes(both(at), both(at + 32), both(at + 64), both(at + 96)));
    const rest = sumLanes(both(at + 128), both(at + 160), f32x4.splat(0), f32x4.splat(0));
    v128.store64_lane(to, rest, 0, 16);
  }
}

// @ts-ignore: decorator
@inline
function both(at: usize): v128 {
  return f32x4.add(v128.load(at), v128.load(at, 16));
}

/** Three rows by two heads; goes on from the sums at `at` and leaves them there. */
function dotPiece(w0: usize, w1: usize, x0: usize, x1: usize, x2: usize, bytes: usize, at: usize, fresh: bool): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0;
  let d0 = a0, d1 = a0, e0 = a0, e1 = a0, f0 = a0, f1 = a0;
  if (!fresh) {
    a0 = v128.load(at);
    a1 = v128.load(at, 16);
    d0 = v128.load(at, 32);
    d1 = v128.load(at, 48);
    b0 = v128.load(at, ROW_SUMS);
    b1 = v128.load(at, ROW_SUMS + 16);
    e0 = v128.load(at, ROW_SUMS + 32);
    e1 = v128.load(at, ROW_SUMS + 48);
    c0 = v128.load(at, 2 * ROW_SUMS);
    c1 = v128.load(at, 2 * ROW_SUMS + 16);
    f0 = v128.load(at, 2 * ROW_SUMS + 32);
    f1 = v128.load(at, 2 * ROW_SUMS + 48);
  }
  for (let i: usize = 0; i < bytes; i += 32) {
    let v = v128.load(w0 + i);
    let u = v128.load(w1 + i);
    let x = v128.load(x0 + i);
    a0 = multiplyAdd(x, v, a0);
    d0 = multiplyAdd(x, u, d0);
    x = v128.load(x1 + i);
    b0 = multiplyAdd(x, v, b0);
    e0 = multiplyAdd(x, u, e0);
    x = v128.load(x2 + i);
    c0 = multiplyAdd(x, v, c0);
    f0 = multiplyAdd(x, u, f0);
    v = v128.load(w0 + i, 16);
    u = v128.load(w1 + i, 16);
    x = v128.load(x0 + i, 16);
    a1 = multiplyAdd(x, v, a1);
    d1 = multiplyAdd(x, u, d1);
    x = v128.load(x1 + i, 16);
    b1 = multiplyAdd(x, v, b1);
    e1 = multiplyAdd(x, u, e1);
    x = v128.load(x2 + i, 16);
    c1 = multiplyAdd(x, v, c1);
    f1 = multiplyAdd(x, u, f1);
  }
  v128.store(at, a0);
  v128.store(at, a1, 16);
  v128.store(at, d0, 32);
  v128.store(at, d1, 48);
  v128.store(at, b0, ROW_SUMS);
  v128.store(at, b1, ROW_SUMS + 16);
  v128.store(at, e0, ROW_SUMS + 32);
  v128.store(at, e1, ROW_SUMS + 48);
  v128.store(at, c0, 2 * ROW_SUMS);
  v128.store(at, c1, 2 * ROW_SUMS + 16);
  v128.store(at, f0, 2 * ROW_SUMS + 32);
  v128.store(at, f1, 2 * ROW_SUMS + 48);
}

/** total_h += sum over rows i of factor_ih x_i, in the order of the rows. `totals`: six pointers. */
export function addTile(x: usize, rows: usize, stride: usize, totals: usize, factors: usize): void {
  const t0 = load<usize>(totals), t1 = load<usize>(totals, 4), t2 = load<usize>(totals, 8);
  const t3 = load<usize>(totals, 12), t4 = load<usize>(totals, 16), t5 = load<usize>(totals, 20);
  const end = factors + rows * ROW_FACTORS;
  for (let j: usize = 0; j < stride; j += 32) {
    let a0 = v128.load(t0 + j), a1 = v128.load(t0 + j, 16);
    let b0 = v128.load(t1 + j), b1 = v128.load(t1 + j, 16);
    let c0 = v128.load(t2 + j), c1 = v128.load(t2 + j, 16);
    let d0 = v128.load(t3 + j), d1 = v128.load(t3 + j, 16);
    let e0 = v128.load(t4 + j), e1 = v128.load(t4 + j, 16);
    let f0 = v128.load(t5 + j), f1 = v128.load(t5 + j, 16);
    let from = x + j;
    for (let at = factors; at < end; at += ROW_FACTORS, from += stride) {
      const u = v128.load(from);
      const v = v128.load(from, 16);
      let p = v128.load32_splat(at);
      a0 = multiplyAdd(u, p, a0);
      a1 = multiplyAdd(v, p, a1);
      p = v128.load32_splat(at, 4);
      b0 = multiplyAdd(u, p, b0);
      b1 = multiplyAdd(v, p, b1);
      p = v128.load32_splat(at, 8);
      c0 = multiplyAdd(u, p, c0);
      c1 = multiplyAdd(v, p, c1);
      p = v128.load32_splat(at, 12);
      d0 = multiplyAdd(u, p, d0);
      d1 = multiplyAdd(v, p, d1);
      p = v128.load32_splat(at, 16);
      e0 = multiplyAdd(u, p, e0);
      e1 = multiplyAdd(v, p, e1);
      p = v128.load32_splat(at, 20);
      f0 = multiplyAdd(u, p, f0);
      f1 = multiplyAdd(v, p, f1);
    }
    v128.store(t0 + j, a0);
    v128.store(t0 + j, a1, 16);
    v128.store(t1 + j, b0);
    v128.store(t1 + j, b1, 16);
    v128.store(t2 + j, c0);
    v128.store(t2 + j, c1, 16);
    v128.store(t3 + j, d0);
    v128.store(t3 + j, d1, 16);
    v128.store(t4 + j, e0);
    v128.store(t4 + j, e1, 16);
    v128.store(t5 + j, f0);
    v128.store(t5 + j, f1, 16);
  }
}
