import { CatwiseError, expected } from "../errors.ts";

/**
 * Eigenvalues (descending) and eigenvectors of a symmetric n x n matrix, of which the lower triangle is read.
 * Row k of `vectors` is the unit vector that belongs to values[k]; its largest component is positive.
 *
 * Householder reduction to a tridiagonal matrix, then the implicit QL method with Wilkinson's shift (Golub & Van Loan,
 * ch. 8). The eigenvectors are kept as rows throughout, so that every reflection and rotation runs over contiguous
 * memory. About 9 n^3 operations. Throws when a number is not finite.
 */
export function symmetricEigen(symmetric: Float64Array, n: number): Eigen {
  checkSymmetric(symmetric, n);
  const work = symmetric.slice();
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const factors = reduce(work, n, diagonal, beside);
  const rows = reflections(work, factors, n);
  tridiagonalEigen(diagonal, beside, rows, n);
  return descending(diagonal, (k) => rows.subarray(k * n, (k + 1) * n), n);
}

/** Eigenvalues (n), descending, and eigenvectors as rows (n*n). */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Throws unless there are n x n finite numbers. */
export function checkSymmetric(symmetric: Float64Array, n: number): void {
  if (symmetric.length !== n * n) throw expected("symmetric", `${n} x ${n} numbers`, symmetric.length);
  for (let i = 0; i < symmetric.length; i++) {
    if (!Number.isFinite(symmetric[i])) throw expected(`symmetric[${i}]`, "a finite number", symmetric[i]);
  }
}

/**
 * Reduces the lower triangle of `a` to tridiagonal form from the last row up. Leaves in row i the Householder vector v
 * of step i (length i), returns the factors tau: the reflection is I - tau v v^T. beside[i] couples i and i-1.
 */
function reduce(a: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): Float64Array {
  const factors = new Float64Array(n);
  const p = new Float64Array(n);
  for (let i = n - 1; i >= 1; i--) {
    const v = a.subarray(i * n, i * n + i);
    diagonal[i] = a[i * n + i];
    let scale = 0;
    for (let j = 0; j < i - 1; j++) scale = Math.max(scale, Math.abs(v[j]));
    if (scale === 0) {
      beside[i] = v[i - 1];
      continue;
    }
    scale = Math.max(scale, Math.abs(v[i - 1]));
    let square = 0;
    for (let j = 0; j < i; j++) {
      v[j] = v[j] / scale;
      square += v[j] * v[j];
    }
    const last = v[i - 1];
    const length = last > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[i] = scale * length;
    v[i - 1] = last - length;
    const tau = 1 / (square - last * length);
    factors[i] = tau;
    applyReflection(a, n, i, v, tau, p);
  }
  diagonal[0] = a[0];
  return factors;
}

/** A := H A H on the leading i x i block, lower triangle, H = I - tau v v^T. */
function applyReflection(a: Float64Array, n: number, i: number, v: Float64Array, tau: number, p: Float64Array): void {
  p.fill(0, 0, i);
  for (let r = 0; r < i; r++) {
    const at = r * n;
    const x = v[r];
    let sum = 0;
    for (let c = 0; c < r; c++) {
      const value = a[at + c];
      sum += value * v[c];
      p[c] = p[c] + value * x;
    }
    p[r] = p[r] + sum + a[at + r] * x;
  }
  let along = 0;
  for (let r = 0; r < i; r++) {
    p[r] = p[r] * tau;
    along += p[r] * v[r];
  }
  const half = (tau * along) / 2;
  for (let r = 0; r < i; r++) p[r] = p[r] - half * v[r];
  for (let r = 0; r < i; r++) {
    const at = r * n;
    const x = v[r];
    const y = p[r];
    for (let c = 0; c <= r; c++) a[at + c] = a[at + c] - x * p[c] - y * v[c];
  }
}

/** Q^T of A = Q T Q^T: the product of the reflections, grown from the smallest leading block. */
function reflections(a: Float64Array, factors: Float64Array, n: number): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let i = 2; i < n; i++) {
    const tau = factors[i];
    if (tau === 0) continue;
    const v = a.subarray(i * n, i * n + i);
    for (let r = 0; r < i; r++) {
      const row = q.subarray(r * n, r * n + i);
      let sum = 0;
      for (let c = 0; c < i; c++) sum += row[c] * v[c];
      sum *= tau;
      for (let c = 0; c < i; c++) row[c] = row[c] - sum * v[c];
    }
  }
  return q;
}

/**
 * Diagonalises a tridiagonal n x n matrix by the implicit QL method: d (n), its diagonal, becomes the eigenvalues, in no order; e (n), of which e[i]
 * couples i - 1 and i, is used up; `rows` (n*n) Q^T becomes the rows of (Q V)^T, V the eigenvectors: from the identity, the eigenvectors as rows.
 */
export function tridiagonalEigen(d: Float64Array, e: Float64Array, rows: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  if (n > 0) e[n - 1] = 0;
  // Relative to the whole matrix: a singular matrix has a tail of zeros that no comparison with neighbours would end.
  let negligible = 0;
  for (let i = 0; i < n; i++) negligible = Math.max(negligible, Number.EPSILON * (Math.abs(d[i]) + Math.abs(e[i])));
  for (let l = 0; l < n; l++) {
    for (let round = 0; ; round++) {
      const m = endOfBlock(e, l, n, negligible);
      if (m === l) break;
      if (round === 60) throw new CatwiseError("internal.unexpected", `Eigenvalue ${l} of ${n} did not converge.`);
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          // The block has split: take the shift back and start again on the smaller block.
          d[i + 1] = d[i + 1] - p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        rotateRows(rows, i * n, n, c, s);
      }
      if (r === 0 && i >= l) continue;
      d[l] = d[l] - p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

function endOfBlock(e: Float64Array, l: number, n: number, negligible: number): number {
  let m = l;
  while (m < n - 1 && Math.abs(e[m]) > negligible) m++;
  return m;
}

/** Rows at `at` and `at + n`: (x, y) -> (c x - s y, s x + c y). */
function rotateRows(rows: Float64Array, at: number, n: number, c: number, s: number): void {
  const below = at + n;
  for (let k = 0; k < n; k++) {
    const x = rows[at + k];
    const y = rows[below + k];
    rows[below + k] = s * x + c * y;
    rows[at + k] = c * x - s * y;
  }
}

/** Sorts by value; `row` k gives the (n) eigenvector that belongs to diagonal[k]. */
export function descending(diagonal: Float64Array, row: (k: number) => Float64Array, n: number): Eigen {
  const order = Array.from({ length: n }, (_, k) => k).sort((a, b) => diagonal[b] - diagonal[a] || a - b);
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    values[k] = diagonal[order[k]];
    const from = row(order[k]);
    let largest = 0;
    for (const value of from) if (Math.abs(value) > Math.abs(largest)) largest = value;
    const sign = largest < 0 ? -1 : 1;
    for (let j = 0; j < n; j++) vectors[k * n + j] = sign * from[j];
  }
  return { values, vectors };
}
