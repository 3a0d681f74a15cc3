/**
 * X^T X in blocks of 128 rows: float32 within a block, float64 across. Blocks are first packed, because rows of 2,048
 * floats lie a power of two apart and would all fall into the same few lines of the cache:
 *
 *   packed | block 0: panel 0 (128 rows x 24 columns), panel 1 ... | block 1 ...
 *
 * Two panels lie in the first-level cache together: 24 x 24 products, in tiles of six columns of one by eight of the other.
 */
import { multiplyAdd } from "./vectors";

/** Keep equal to the order in which ../gram.ts writes it. */
@unmanaged
export class GramJob {
  x: usize;
  strideBytes: u32;
  /** Row numbers, or 0: then the rows are first, first + 1 ... */
  rows: usize;
  first: u32;
  count: u32;
  packed: usize;
  blocks: u32;
  panels: u32;
  /** (24 panels x 24 panels) float64; only the panels on and left of the diagonal are written. */
  out: usize;
}

const ROWS_PER_BLOCK: u32 = 128;
const PANEL: usize = 24;
const ROW_BYTES: usize = PANEL * 4;
const PANEL_BYTES: usize = 128 * ROW_BYTES;

/** Packs one block; rows beyond the count and columns beyond the matrix are zero. */
export function packBlock(job: GramJob, block: u32): void {
  const base = job.packed + <usize>block * <usize>job.panels * PANEL_BYTES;
  for (let r: u32 = 0; r < ROWS_PER_BLOCK; r++) {
    const i = block * ROWS_PER_BLOCK + r;
    let to = base + <usize>r * ROW_BYTES;
    let left = i < job.count ? <usize>job.strideBytes : 0;
    const row: usize = left == 0 ? 0 : job.rows == 0 ? job.first + i : load<u32>(job.rows + ((<usize>i) << 2));
    let from = job.x + row * <usize>job.strideBytes;
    for (let p: u32 = 0; p < job.panels; p++, to += PANEL_BYTES) {
      for (let at: usize = 0; at < ROW_BYTES; at += 32) {
        if (left == 0) {
          memory.fill(to + at, 0, 32);
          continue;
        }
        v128.store(to + at, v128.load(from));
        v128.store(to + at, v128.load(from, 16), 16);
        from += 32;
        left -= 32;
      }
    }
  }
}

/** Adds all packed blocks, in their order, to 24 rows of the result; the longest rows are drawn first. */
export function gramPanel(job: GramJob, item: u32): void {
  const panels: usize = job.panels;
  const a: usize = panels - 1 - <usize>item;
  const width = panels * PANEL * 8;
  const out = job.out + a * PANEL * width;
  for (let block: usize = 0; block < job.blocks; block++) {
    const base = job.packed + block * panels * PANEL_BYTES;
    for (let b: usize = 0; b <= a; b++) {
      for (let right: usize = 0; right < PANEL; right += 8) {
        for (let left: usize = 0; left < PANEL; left += 6) {
          addTile(base + a * PANEL_BYTES + (left << 2), base + b * PANEL_BYTES + (right << 2), out + left * width + ((b * PANEL + right) << 3), width);
        }
      }
    }
  }
}

/** Six columns of one panel by eight of another: twelve accumulators, two vectors and one number, as many as there are registers. */
function addTile(left: usize, right: usize, out: usize, width: usize): void {
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0), e0 = f32x4.splat(0), f0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0), c1 = f32x4.splat(0), d1 = f32x4.splat(0), e1 = f32x4.splat(0), f1 = f32x4.splat(0);
  for (const end = left + PANEL_BYTES; left < end; left += ROW_BYTES, right += ROW_BYTES) {
    const v = v128.load(right);
    const u = v128.load(right, 16);
    let x = v128.load32_splat(left);
    a0 = multiplyAdd(x, v, a0);
    a1 = multiplyAdd(x, u, a1);
    x = v128.load32_splat(left, 4);
    b0 = multiplyAdd(x, v, b0);
    b1 = multiplyAdd(x, u, b1);
    x = v128.load32_splat(left, 8);
    c0 = multiplyAdd(x, v, c0);
    c1 = multiplyAdd(x, u, c1);
    x = v128.load32_splat(left, 12);
    d0 = multiplyAdd(x, v, d0);
    d1 = multiplyAdd(x, u, d1);
    x = v128.load32_splat(left, 16);
    e0 = multiplyAdd(x, v, e0);
    e1 = multiplyAdd(x, u, e1);
    x = v128.load32_splat(left, 20);
    f0 = multiplyAdd(x, v, f0);
    f1 = multiplyAdd(x, u, f1);
  }
  addWide(out, a0, a1);
  addWide(out + width, b0, b1);
  addWide(out + 2 * width, c0, c1);
  addWide(out + 3 * width, d0, d1);
  addWide(out + 4 * width, e0, e1);
  addWide(out + 5 * width, f0, f1);
}

// @ts-ignore: decorator
@inline
function addWide(out: usize, low: v128, high: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(low)));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(v128.shuffle<f32>(low, low, 2, 3, 2, 3))), 16);
  v128.store(out, f64x2.add(v128.load(out, 32), f64x2.promote_low_f32x4(high)), 32);
  v128.store(out, f64x2.add(v128.load(out, 48), f64x2.promote_low_f32x4(v128.shuffle<f32>(high, high, 2, 3, 2, 3))), 48);
}
