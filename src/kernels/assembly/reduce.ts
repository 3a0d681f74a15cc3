/** The end of a pass: what the partitions added, put together. See cells.ts for how copies and sums lie. */
import { CellJob, SUMS } from "./cells";

/** Adds the partitions' sums of one slot, in their order, in float64. */
export function reduceHead(job: CellJob, curved: bool, slot: usize): void {
  if (load<u8>(job.active + slot) == 0) return;
  const stride: usize = job.strideBytes;
  const head: usize = load<u32>(job.slotHead + (slot << 2));
  const out = (curved ? job.product : job.gradient) + ((head * <usize>job.columns) << 3);
  const columns: usize = job.columns;
  const step = <usize>job.slots * stride;
  const end = job.copies + <usize>job.partitions * step;
  const paired = columns & ~3;
  for (let j: usize = 0; j < paired; j += 4) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let from = job.copies + slot * stride + (j << 2); from < end; from += step) {
      const four = v128.load(from);
      low = f64x2.add(low, f64x2.promote_low_f32x4(four));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3)));
    }
    v128.store(out + (j << 3), low);
    v128.store(out + (j << 3), high, 16);
  }
  for (let j = paired; j < columns; j++) {
    let sum: f64 = 0;
    for (let from = job.copies + slot * stride + (j << 2); from < end; from += step) sum += <f64>load<f32>(from);
    store<f64>(out + (j << 3), sum);
  }
  let loss: f64 = 0;
  let factors: f64 = 0;
  let curvatures: f64 = 0;
  for (let p: usize = 0; p < job.partitions; p++) {
    const at = job.sums + (p * <usize>job.slots + slot) * SUMS;
    loss += load<f64>(at);
    factors += load<f64>(at, 8);
    curvatures += load<f64>(at, 16);
  }
  if (curved) {
    store<f64>(job.interceptProduct + (head << 3), factors);
  } else {
    store<f64>(job.lossOut + (head << 3), loss);
    store<f64>(job.interceptGradient + (head << 3), factors);
    store<f64>(job.interceptCurvature + (head << 3), curvatures);
  }
}
