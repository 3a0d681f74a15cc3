/**
 * Sums of numbers that cells have: of every head with factors of its own, in float64. Sources lie one behind another.
 *
 *   sources | source 0: M floats, stride bytes | source 1 ...
 *   factors | head 0: count f64 | head 1 ...
 *   pieces  | head | first cell | end |  ...
 */
import { multiplyAddWide } from "./vectors";

/** Keep equal to the order in which ../cell-sums.ts writes it. */
@unmanaged
export class SumsJob {
  sources: usize;
  strideBytes: usize;
  count: u32;
  factors: usize;
  pieces: usize;
  /** (heads) bytes. */
  active: usize;
  /** (M) float32. */
  out: usize;
}

/** out[i] = sum over the sources, in their order, of factor x source[i]. */
export function sumPiece(job: SumsJob, item: usize): void {
  const piece = job.pieces + 12 * item;
  const head: usize = load<u32>(piece);
  if (load<u8>(job.active + head) == 0) return;
  const stride = job.strideBytes;
  const factors = job.factors + ((head * <usize>job.count) << 3);
  const factorsEnd = factors + ((<usize>job.count) << 3);
  const end: usize = load<u32>(piece, 8);
  let i: usize = load<u32>(piece, 4);
  for (; i + 8 <= end; i += 8) {
    let a = f64x2.splat(0), b = a, c = a, d = a;
    let from = job.sources + (i << 2);
    for (let at = factors; at < factorsEnd; at += 8, from += stride) {
      const factor = v128.load64_splat(at);
      const low = v128.load(from);
      const high = v128.load(from, 16);
      a = multiplyAddWide(f64x2.promote_low_f32x4(low), factor, a);
      b = multiplyAddWide(f64x2.promote_low_f32x4(v128.shuffle<f32>(low, low, 2, 3, 2, 3)), factor, b);
      c = multiplyAddWide(f64x2.promote_low_f32x4(high), factor, c);
      d = multiplyAddWide(f64x2.promote_low_f32x4(v128.shuffle<f32>(high, high, 2, 3, 2, 3)), factor, d);
    }
    const to = job.out + (i << 2);
    v128.store(to, v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(f32x4.demote_f64x2_zero(c), f32x4.demote_f64x2_zero(d), 0, 1, 4, 5), 16);
  }
  for (; i < end; i++) {
    // In a lane, so that the last cells are rounded as all others.
    let sum = f64x2.splat(0);
    let from = job.sources + (i << 2);
    for (let at = factors; at < factorsEnd; at += 8, from += stride) sum = multiplyAddWide(f64x2.promote_low_f32x4(v128.load32_splat(from)), v128.load64_splat(at), sum);
    store<f32>(job.out + (i << 2), f32x4.extract_lane(f32x4.demote_f64x2_zero(sum), 0));
  }
}
