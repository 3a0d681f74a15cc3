/**
 * X^T X in blocks of 128 rows: float32 within a block, float64 across. Blocks are first packed, because rows of 2,048
 * floats lie a power of two apart and would all fall into the same few lines of the cache:
 *
 *   packed | block 0: panel 0 (128 rows x 8 columns), panel 1 ... | block 1 ...
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
  /** (8 panels x 8 panels) float64; only the panels on and left of the diagonal are written. */
  out: usize;
}

const ROWS_PER_BLOCK: u32 = 128;
const PANEL_BYTES: usize = 128 * 32;

/** Packs one block; rows beyond the count are zero. */
export function packBlock(job: GramJob, block: u32): void {
  const panels: usize = job.panels;
  const base = job.packed + <usize>block * panels * PANEL_BYTES;
  for (let r: u32 = 0; r < ROWS_PER_BLOCK; r++) {
    const i = block * ROWS_PER_BLOCK + r;
    let to = base + ((<usize>r) << 5);
    if (i >= job.count) {
      for (let p: usize = 0; p < panels; p++, to += PANEL_BYTES) memory.fill(to, 0, 32);
      continue;
    }
    const row: usize = job.rows == 0 ? job.first + i : load<u32>(job.rows + ((<usize>i) << 2));
    let from = job.x + row * <usize>job.strideBytes;
    for (let p: usize = 0; p < panels; p++, to += PANEL_BYTES, from += 32) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  }
}

/** Adds all packed blocks, in their order, to eight rows of the result; the longest rows are drawn first. */
export function gramPanel(job: GramJob, item: u32): void {
  const panels: usize = job.panels;
  const a: usize = panels - 1 - <usize>item;
  const width = panels << 6;
  const out = job.out + (a << 3) * width;
  for (let block: usize = 0; block < job.blocks; block++) {
    const base = job.packed + block * panels * PANEL_BYTES;
    for (let b: usize = 0; b <= a; b++) {
      for (let half: usize = 0; half < 2; half++) {
        addTile(base + a * PANEL_BYTES + (half << 4), base + b * PANEL_BYTES, out + (half << 2) * width + (b << 6), width);
      }
    }
  }
}

/** Four columns of one panel by the eight of another. */
function addTile(left: usize, right: usize, out: usize, width: usize): void {
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0), c1 = f32x4.splat(0), d1 = f32x4.splat(0);
  for (let i: usize = 0; i < PANEL_BYTES; i += 32) {
    const v = v128.load(right + i);
    const u = v128.load(right + i, 16);
    let x = v128.load32_splat(left + i);
    a0 = multiplyAdd(x, v, a0);
    a1 = multiplyAdd(x, u, a1);
    x = v128.load32_splat(left + i, 4);
    b0 = multiplyAdd(x, v, b0);
    b1 = multiplyAdd(x, u, b1);
    x = v128.load32_splat(left + i, 8);
    c0 = multiplyAdd(x, v, c0);
    c1 = multiplyAdd(x, u, c1);
    x = v128.load32_splat(left + i, 12);
    d0 = multiplyAdd(x, v, d0);
    d1 = multiplyAdd(x, u, d1);
  }
  addWide(out, a0, a1);
  addWide(out + width, b0, b1);
  addWide(out + 2 * width, c0, c1);
  addWide(out + 3 * width, d0, d1);
}

// @ts-ignore: decorator
@inline
function addWide(out: usize, low: v128, high: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(low)));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(v128.shuffle<f32>(low, low, 2, 3, 2, 3))), 16);
  v128.store(out, f64x2.add(v128.load(out, 32), f64x2.promote_low_f32x4(high)), 32);
  v128.store(out, f64x2.add(v128.load(out, 48), f64x2.promote_low_f32x4(v128.shuffle<f32>(high, high, 2, 3, 2, 3))), 48);
}
