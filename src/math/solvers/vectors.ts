/** Loops over vectors. Sums run four at once, in float64: one alone waits for each addition. */

/** a . b over the numbers of `a`; `b` may be longer. */
export function dot(a: Float64Array, b: Float64Array): number {
  let [p, q, r, s] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 4 <= a.length; j += 4) {
    p += a[j] * b[j];
    q += a[j + 1] * b[j + 1];
    r += a[j + 2] * b[j + 2];
    s += a[j + 3] * b[j + 3];
  }
  for (; j < a.length; j++) p += a[j] * b[j];
  return p + q + (r + s);
}

/**
 * out -= a * x + b * y, in place; returns the new out . next. Both in one reading of `out`, because that is what takes the time. Over the numbers of `out`; the others may be longer.
 */
export function subtractThenDot(out: Float64Array, a: number, x: Float64Array, b: number, y: Float64Array, next: Float64Array): number {
  let [p, q, r, s] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 4 <= out.length; j += 4) {
    p += (out[j] -= a * x[j] + b * y[j]) * next[j];
    q += (out[j + 1] -= a * x[j + 1] + b * y[j + 1]) * next[j + 1];
    r += (out[j + 2] -= a * x[j + 2] + b * y[j + 2]) * next[j + 2];
    s += (out[j + 3] -= a * x[j + 3] + b * y[j + 3]) * next[j + 3];
  }
  for (; j < out.length; j++) p += (out[j] -= a * x[j] + b * y[j]) * next[j];
  return p + q + (r + s);
}

/** out += a * x, in place; returns the new out . (y + b * z). As subtractThenDot. */
export function addThenDot(out: Float64Array, a: number, x: Float64Array, y: Float64Array, b: number, z: Float64Array): number {
  let [p, q, r, s] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 4 <= out.length; j += 4) {
    p += (out[j] += a * x[j]) * (y[j] + b * z[j]);
    q += (out[j + 1] += a * x[j + 1]) * (y[j + 1] + b * z[j + 1]);
    r += (out[j + 2] += a * x[j + 2]) * (y[j + 2] + b * z[j + 2]);
    s += (out[j + 3] += a * x[j + 3]) * (y[j + 3] + b * z[j + 3]);
  }
  for (; j < out.length; j++) p += (out[j] += a * x[j]) * (y[j] + b * z[j]);
  return p + q + (r + s);
}
