/**
 * A symmetric float64 matrix, of which the lower triangle is kept, times a vector. Strips of 64 rows are the items; every number is read once and
 * serves twice, for its row and, as part of the strip's own vector of sums, for its column. The caller adds these vectors up in order.
 */
import { multiplyAddWide } from "./vectors";

/** Keep equal to the order in which ../eigen/tridiagonal.ts writes it. */
@unmanaged
export class SymmetricJob {
  /** Rows a multiple of 4 beyond `size` can be read, and hold finite numbers. */
  matrix: usize;
  rowBytes: u32;
  /** The leading size x size block is meant. */
  size: u32;
  /** (size) float64, and zeros up to a multiple of 4. */
  vector: usize;
  /** (strips) vectors of sums, `rowBytes` apart. Of strip s the first 64 (s + 1) numbers are written, size rounded up to 4 at most. */
  sums: usize;
}

const STRIP: u32 = 64;

/** The longest strips are drawn first. */
export function symmetricStrip(job: SymmetricJob, item: u32): void {
  const strips = (job.size + STRIP - 1) / STRIP;
  const strip = strips - 1 - item;
  const end = min((strip + 1) * STRIP, (job.size + 3) & ~3);
  const sums = job.sums + <usize>strip * <usize>job.rowBytes;
  memory.fill(sums, 0, (<usize>end) << 3);
  for (let row = strip * STRIP; row < end; row += 4) fourRows(job, row, sums);
}

function fourRows(job: SymmetricJob, row: u32, sums: usize): void {
  const step: usize = job.rowBytes;
  const x0 = job.matrix + <usize>row * step;
  const x1 = x0 + step, x2 = x1 + step, x3 = x2 + step;
  const vector = job.vector;
  const own = vector + ((<usize>row) << 3);
  const p = v128.load64_splat(own), q = v128.load64_splat(own, 8), r = v128.load64_splat(own, 16), s = v128.load64_splat(own, 24);
  let a = f64x2.splat(0), b = f64x2.splat(0), c = f64x2.splat(0), d = f64x2.splat(0);
  for (let i: usize = 0, bytes = (<usize>row) << 3; i < bytes; i += 16) {
    const v = v128.load(vector + i);
    let sum = v128.load(sums + i);
    let x = v128.load(x0 + i);
    a = multiplyAddWide(x, v, a);
    sum = multiplyAddWide(x, p, sum);
    x = v128.load(x1 + i);
    b = multiplyAddWide(x, v, b);
    sum = multiplyAddWide(x, q, sum);
    x = v128.load(x2 + i);
    c = multiplyAddWide(x, v, c);
    sum = multiplyAddWide(x, r, sum);
    x = v128.load(x3 + i);
    d = multiplyAddWide(x, v, d);
    sum = multiplyAddWide(x, s, sum);
    v128.store(sums + i, sum);
  }
  const at = (<usize>row) << 3;
  addTo(sums + at, f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1));
  addTo(sums + at + 8, f64x2.extract_lane(b, 0) + f64x2.extract_lane(b, 1));
  addTo(sums + at + 16, f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1));
  addTo(sums + at + 24, f64x2.extract_lane(d, 0) + f64x2.extract_lane(d, 1));
  // The corner on the diagonal: 4 x 4.
  for (let i: usize = 0; i < 32; i += 8) {
    const line = x0 + (i >> 3) * step + at;
    for (let j: usize = 0; j < i; j += 8) {
      const value = load<f64>(line + j);
      addTo(sums + at + i, value * load<f64>(own + j));
      addTo(sums + at + j, value * load<f64>(own + i));
    }
    addTo(sums + at + i, load<f64>(line + i) * load<f64>(own + i));
  }
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, value: f64): void {
  store<f64>(to, load<f64>(to) + value);
}
