/**
 * exp and log1p for the two lanes of a vector, on the ranges the logistic loss needs, to about one unit in the last place of float64. The engine's own
 * are called once for every number and took longer than all the rest of a cell of 256 features.
 */

/**
 * exp(x) for x <= 0. x = k ln 2 + r with |r| <= ln 2 / 2: exp(r) by its series to r^13 (the rest is below 4e-18), then k added to the exponent.
 * Below -708, where the result would leave the normal numbers, it is exp(-708) = 3e-308; NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function exponentialOfNegative(x: v128): v128 {
  // 1.5 * 2^52: adding it leaves a whole number in the low bits.
  const shifter = f64x2.splat(6755399441055744);
  const bounded = f64x2.max(x, f64x2.splat(-708));
  const shifted = f64x2.add(f64x2.mul(bounded, f64x2.splat(1.4426950408889634)), shifter);
  const k = f64x2.sub(shifted, shifter);
  // ln 2 in two parts, the first short enough that k times it is exact.
  const r = f64x2.sub(f64x2.sub(bounded, f64x2.mul(k, f64x2.splat(0.6931471803691238))), f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)));
  let sum = f64x2.splat(1.0 / 6227020800.0);
  sum = step(sum, r, 1.0 / 479001600.0);
  sum = step(sum, r, 1.0 / 39916800.0);
  sum = step(sum, r, 1.0 / 3628800.0);
  sum = step(sum, r, 1.0 / 362880.0);
  sum = step(sum, r, 1.0 / 40320.0);
  sum = step(sum, r, 1.0 / 5040.0);
  sum = step(sum, r, 1.0 / 720.0);
  sum = step(sum, r, 1.0 / 120.0);
  sum = step(sum, r, 1.0 / 24.0);
  sum = step(sum, r, 1.0 / 6.0);
  sum = step(sum, r, 0.5);
  sum = step(sum, r, 1.0);
  sum = step(sum, r, 1.0);
  return i64x2.add(sum, i64x2.shl(shifted, 52));
}

/**
 * log(1 + e) for 0 <= e <= 1. With f = e, or from sqrt(2) - 1 on (e - 1) / 2 and ln 2 apart, and z = f / (2 + f): log(1 + f) = 2 (z + z^3/3 + z^5/5 ...);
 * z^2 <= .03, so that what follows z^23/23 is below 1e-18.
 */
// @ts-ignore: decorator
@inline
export function logarithmOfOnePlus(e: v128): v128 {
  const large = f64x2.ge(e, f64x2.splat(0.41421356237309503));
  const f = v128.bitselect(f64x2.mul(f64x2.sub(e, f64x2.splat(1)), f64x2.splat(0.5)), e, large);
  const z = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const square = f64x2.mul(z, z);
  let sum = f64x2.splat(1.0 / 23.0);
  sum = step(sum, square, 1.0 / 21.0);
  sum = step(sum, square, 1.0 / 19.0);
  sum = step(sum, square, 1.0 / 17.0);
  sum = step(sum, square, 1.0 / 15.0);
  sum = step(sum, square, 1.0 / 13.0);
  sum = step(sum, square, 1.0 / 11.0);
  sum = step(sum, square, 1.0 / 9.0);
  sum = step(sum, square, 1.0 / 7.0);
  sum = step(sum, square, 1.0 / 5.0);
  sum = step(sum, square, 1.0 / 3.0);
  const twice = f64x2.add(z, z);
  const result = f64x2.add(twice, f64x2.mul(f64x2.mul(twice, square), sum));
  return f64x2.add(result, v128.and(large, f64x2.splat(0.6931471805599453)));
}

/** sum * x + coefficient */
// @ts-ignore: decorator
@inline
function step(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient));
}
