/** Rows of X times rows of W: out[i][h] = x_i . w_h + b_h, tiles of four rows by two heads held in registers. */
import { multiplyAdd, sumLanes } from "./vectors";

/** Keep equal to the order in which ../dense.ts writes it. */
@unmanaged
export class DenseJob {
  x: usize;
  strideBytes: u32;
  /** (count) row numbers, or 0: then the rows are first, first + 1 ... */
  rows: usize;
  first: u32;
  count: u32;
  /** (heads x stride) float32. */
  w: usize;
  heads: u32;
  /** (heads) float64, or 0. */
  intercepts: usize;
  out: usize;
  /** Floats from one row of `out` to the next. */
  outStride: u32;
}

const ROWS_PER_BLOCK: u32 = 128;

export function denseBlock(job: DenseJob, block: u32, scratch: usize): void {
  const start = block * ROWS_PER_BLOCK;
  const end = min(start + ROWS_PER_BLOCK, job.count);
  const stride: usize = job.strideBytes;
  for (let h: u32 = 0; h < job.heads; h += 2) {
    const two = h + 1 < job.heads;
    const w0 = job.w + <usize>h * stride;
    const w1 = two ? w0 + stride : w0;
    for (let i = start; i < end; i += 4) {
      const last = end - 1;
      tile(w0, w1, rowAt(job, i), rowAt(job, min(i + 1, last)), rowAt(job, min(i + 2, last)), rowAt(job, min(i + 3, last)), stride, scratch);
      for (let r: u32 = 0; r < 4 && i + r < end; r++) {
        const to = job.out + ((<usize>(i + r) * <usize>job.outStride + <usize>h) << 2);
        put(job, to, h, load<f32>(scratch + ((<usize>r) << 2)));
        if (two) put(job, to + 4, h + 1, load<f32>(scratch + ((<usize>r) << 2), 16));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function put(job: DenseJob, to: usize, head: u32, dot: f32): void {
  store<f32>(to, job.intercepts == 0 ? dot : <f32>(<f64>dot + load<f64>(job.intercepts + ((<usize>head) << 3))));
}

// @ts-ignore: decorator
@inline
function rowAt(job: DenseJob, i: u32): usize {
  const row: usize = job.rows == 0 ? job.first + i : load<u32>(job.rows + ((<usize>i) << 2));
  return job.x + row * <usize>job.strideBytes;
}

/** Stores the four dots with w0, then the four with w1. */
function tile(w0: usize, w1: usize, x0: usize, x1: usize, x2: usize, x3: usize, bytes: usize, to: usize): void {
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0), c1 = f32x4.splat(0), d1 = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = v128.load(w0 + i);
    const u = v128.load(w1 + i);
    let x = v128.load(x0 + i);
    a0 = multiplyAdd(x, v, a0);
    a1 = multiplyAdd(x, u, a1);
    x = v128.load(x1 + i);
    b0 = multiplyAdd(x, v, b0);
    b1 = multiplyAdd(x, u, b1);
    x = v128.load(x2 + i);
    c0 = multiplyAdd(x, v, c0);
    c1 = multiplyAdd(x, u, c1);
    x = v128.load(x3 + i);
    d0 = multiplyAdd(x, v, d0);
    d1 = multiplyAdd(x, u, d1);
  }
  v128.store(to, sumLanes(a0, b0, c0, d0));
  v128.store(to, sumLanes(a1, b1, c1, d1), 16);
}
