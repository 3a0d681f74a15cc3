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

/**
 * Lane i is w . x_i over `bytes` bytes, a multiple of 32, for the first `count` of four rows; the other lanes are 0. One load of w serves all. A lane is the same
 * whatever the others are. Functions of one count each: what is known when they are compiled costs nothing when they run.
 */
// @ts-ignore: decorator
@inline
function dot(count: u32, w: usize, x0: usize, x1: usize, x2: usize, x3: usize, bytes: usize): v128 {
  let a0 = f32x4.splat(0), b0 = f32x4.splat(0), c0 = f32x4.splat(0), d0 = f32x4.splat(0);
  let a1 = f32x4.splat(0), b1 = f32x4.splat(0), c1 = f32x4.splat(0), d1 = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 32) {
    const v = v128.load(w + i);
    const u = v128.load(w + i, 16);
    a0 = multiplyAdd(v128.load(x0 + i), v, a0);
    if (count > 1) b0 = multiplyAdd(v128.load(x1 + i), v, b0);
    if (count > 2) c0 = multiplyAdd(v128.load(x2 + i), v, c0);
    if (count > 3) d0 = multiplyAdd(v128.load(x3 + i), v, d0);
    a1 = multiplyAdd(v128.load(x0 + i, 16), u, a1);
    if (count > 1) b1 = multiplyAdd(v128.load(x1 + i, 16), u, b1);
    if (count > 2) c1 = multiplyAdd(v128.load(x2 + i, 16), u, c1);
    if (count > 3) d1 = multiplyAdd(v128.load(x3 + i, 16), u, d1);
  }
  return sumLanes(f32x4.add(a0, a1), f32x4.add(b0, b1), f32x4.add(c0, c1), f32x4.add(d0, d1));
}

export function dotFour(w: usize, x0: usize, x1: usize, x2: usize, x3: usize, bytes: usize): v128 {
  return dot(4, w, x0, x1, x2, x3, bytes);
}

export function dotThree(w: usize, x0: usize, x1: usize, x2: usize, bytes: usize): v128 {
  return dot(3, w, x0, x1, x2, x2, bytes);
}

export function dotTwo(w: usize, x0: usize, x1: usize, bytes: usize): v128 {
  return dot(2, w, x0, x1, x1, x1, bytes);
}

export function dotOne(w: usize, x0: usize, bytes: usize): v128 {
  return dot(1, w, x0, x0, x0, x0, bytes);
}

/** total += f0 x0 + f1 x1 + f2 x2 + f3 x3, over `bytes` bytes, a multiple of 32, as far as `count` goes. The total is read and written once for all rows. */
// @ts-ignore: decorator
@inline
function add(count: u32, total: usize, x0: usize, x1: usize, x2: usize, x3: usize, f: v128, bytes: usize): void {
  const p = v128.shuffle<f32>(f, f, 0, 0, 0, 0), q = v128.shuffle<f32>(f, f, 1, 1, 1, 1), r = v128.shuffle<f32>(f, f, 2, 2, 2, 2), s = v128.shuffle<f32>(f, f, 3, 3, 3, 3);
  for (let i: usize = 0; i < bytes; i += 32) {
    let low = v128.load(total + i);
    let high = v128.load(total + i, 16);
    low = multiplyAdd(v128.load(x0 + i), p, low);
    high = multiplyAdd(v128.load(x0 + i, 16), p, high);
    if (count > 1) low = multiplyAdd(v128.load(x1 + i), q, low);
    if (count > 1) high = multiplyAdd(v128.load(x1 + i, 16), q, high);
    if (count > 2) low = multiplyAdd(v128.load(x2 + i), r, low);
    if (count > 2) high = multiplyAdd(v128.load(x2 + i, 16), r, high);
    if (count > 3) low = multiplyAdd(v128.load(x3 + i), s, low);
    if (count > 3) high = multiplyAdd(v128.load(x3 + i, 16), s, high);
    v128.store(total + i, low);
    v128.store(total + i, high, 16);
  }
}

export function addFour(total: usize, x0: usize, x1: usize, x2: usize, x3: usize, factors: v128, bytes: usize): void {
  add(4, total, x0, x1, x2, x3, factors, bytes);
}

export function addThree(total: usize, x0: usize, x1: usize, x2: usize, factors: v128, bytes: usize): void {
  add(3, total, x0, x1, x2, x2, factors, bytes);
}

export function addTwo(total: usize, x0: usize, x1: usize, factors: v128, bytes: usize): void {
  add(2, total, x0, x1, x1, x1, factors, bytes);
}

export function addOne(total: usize, x0: usize, factors: v128, bytes: usize): void {
  add(1, total, x0, x0, x0, x0, factors, bytes);
}
