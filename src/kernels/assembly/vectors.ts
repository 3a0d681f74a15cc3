/**
 * Lanes. Rows are padded with zeros to a multiple of 8 floats, so no loop here has a tail:
 *
 *   row   | 0 1 2 3 | 4 5 6 7 | 8 9 ...      one step takes two vectors of each of four rows
 */

/** a * b + accumulator. The accumulator comes third: engines then keep it in its register. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, accumulator: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, accumulator);
  return f32x4.add(f32x4.mul(a, b), accumulator);
}

/** multiplyAdd on float64. */
// @ts-ignore: decorator
@inline
export function multiplyAddWide(a: v128, b: v128, accumulator: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, accumulator);
  return f64x2.add(f64x2.mul(a, b), accumulator);
}

/** Four vectors to one: lane i is the sum of the lanes of the i-th. */
// @ts-ignore: decorator
@inline
export function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Lane i is w . x_i over `bytes` bytes, a multiple of 32. One load of w serves four rows. */
export function dotFour(w: usize, x0: usize, x1: usize, x2: usize, x3: usize, bytes: usize): v128 {
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0), c1 = f32x4.splat(0), d1 = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 32) {
    const v = v128.load(w + i);
    const u = v128.load(w + i, 16);
    a0 = multiplyAdd(v128.load(x0 + i), v, a0);
    b0 = multiplyAdd(v128.load(x1 + i), v, b0);
    c0 = multiplyAdd(v128.load(x2 + i), v, c0);
    d0 = multiplyAdd(v128.load(x3 + i), v, d0);
    a1 = multiplyAdd(v128.load(x0 + i, 16), u, a1);
    b1 = multiplyAdd(v128.load(x1 + i, 16), u, b1);
    c1 = multiplyAdd(v128.load(x2 + i, 16), u, c1);
    d1 = multiplyAdd(v128.load(x3 + i, 16), u, d1);
  }
  return sumLanes(f32x4.add(a0, a1), f32x4.add(b0, b1), f32x4.add(c0, c1), f32x4.add(d0, d1));
}

/** total += f0 x0 + f1 x1 + f2 x2 + f3 x3, over `bytes` bytes, a multiple of 32. The total is read and written once for four rows. */
export function addFour(total: usize, x0: usize, x1: usize, x2: usize, x3: usize, f0: f32, f1: f32, f2: f32, f3: f32, bytes: usize): void {
  const p = f32x4.splat(f0), q = f32x4.splat(f1), r = f32x4.splat(f2), s = f32x4.splat(f3);
  for (let i: usize = 0; i < bytes; i += 32) {
    let low = v128.load(total + i);
    let high = v128.load(total + i, 16);
    low = multiplyAdd(v128.load(x0 + i), p, low);
    high = multiplyAdd(v128.load(x0 + i, 16), p, high);
    low = multiplyAdd(v128.load(x1 + i), q, low);
    high = multiplyAdd(v128.load(x1 + i, 16), q, high);
    low = multiplyAdd(v128.load(x2 + i), r, low);
    high = multiplyAdd(v128.load(x2 + i, 16), r, high);
    low = multiplyAdd(v128.load(x3 + i), s, low);
    high = multiplyAdd(v128.load(x3 + i, 16), s, high);
    v128.store(total + i, low);
    v128.store(total + i, high, 16);
  }
}
