/**
 * A long list of plane rotations applied to pairs of neighbouring rows of a float64 matrix. Columns do not mix, so each
 * item is a strip of columns narrow enough to stay in the cache while the whole list runs over it.
 */

/** Keep equal to the order in which ../eigen.ts writes it. */
@unmanaged
export class TurnJob {
  /** (n x stride) float64. */
  rows: usize;
  /** Float64s from one row to the next: even. */
  stride: u32;
  /** (count) row numbers i: the rotation mixes rows i and i + 1. */
  index: usize;
  /** (count) pairs (c, s). */
  turns: usize;
  count: u32;
  /** Columns of a strip: even. */
  width: u32;
}

/** (x, y) -> (c x - s y, s x + c y). */
export function turnStrip(job: TurnJob, strip: u32): void {
  const rowBytes = (<usize>job.stride) << 3;
  const first = (<usize>(strip * job.width)) << 3;
  const bytes = (<usize>min(job.width, job.stride - strip * job.width)) << 3;
  for (let k: usize = 0; k < job.count; k++) {
    let x = job.rows + <usize>load<u32>(job.index + (k << 2)) * rowBytes + first;
    const c = f64x2.splat(load<f64>(job.turns + (k << 4)));
    const s = f64x2.splat(load<f64>(job.turns + (k << 4), 8));
    for (const end = x + bytes; x < end; x += 16) {
      const u = v128.load(x);
      const v = v128.load(x + rowBytes);
      v128.store(x, f64x2.sub(f64x2.mul(c, u), f64x2.mul(s, v)));
      v128.store(x + rowBytes, f64x2.add(f64x2.mul(s, u), f64x2.mul(c, v)));
    }
  }
}
