import { CatwiseError } from "../../errors.ts";

/** The eigenproblem of diag(d) + rho z z^T: d ascending and apart, rho > 0, |z| = 1, no z 0. */
export interface Secular {
  readonly d: Float64Array;
  readonly z: Float64Array;
  readonly rho: number;
}

/**
 * Eigenvalue j, the root of 1/rho + sum of z_i^2 / (d_i - x) between d[j] and d[j+1] (beyond the last: between d[n-1] and d[n-1] + rho); fills
 * `gaps` (n) with d_i - x, to full relative precision, as x is sought as a distance from the nearer of the two.
 *
 * Each step solves c + s / (d_j - x) + S / (d_(j+1) - x) = 0, of which s and S have the slopes of the sums on either side (Bunch, Nielsen & Sorensen
 * 1978; Li, LAPACK Working Note 89), and halves the bracket where that leads out of it.
 */
export function secularRoot({ d, z, rho }: Secular, j: number, gaps: Float64Array): number {
  const n = d.length;
  const isLast = j === n - 1;
  const sums = { below: 0, above: 0, slopeBelow: 0, slopeAbove: 0 };
  const evaluate = (origin: number, tau: number): number => {
    let [below, slopeBelow, above, slopeAbove] = [0, 0, 0, 0];
    for (let i = 0; i <= j; i++) {
      const term = z[i] / (d[i] - origin - tau);
      below += z[i] * term;
      slopeBelow += term * term;
    }
    for (let i = j + 1; i < n; i++) {
      const term = z[i] / (d[i] - origin - tau);
      above += z[i] * term;
      slopeAbove += term * term;
    }
    sums.below = below;
    sums.slopeBelow = slopeBelow;
    sums.above = above;
    sums.slopeAbove = slopeAbove;
    return 1 / rho + below + above;
  };
  const width = isLast ? 2 * rho : d[j + 1] - d[j];
  let origin = d[j];
  let tau = width / 2;
  let value = evaluate(origin, tau);
  let [low, high] = [0, width];
  if (!isLast && value < 0) {
    origin = d[j + 1];
    [low, high] = [tau - width, 0];
    tau = low;
  } else if (value < 0) low = tau;
  else high = tau;
  const [left, right] = [d[j] - origin, isLast ? Infinity : d[j + 1] - origin];
  for (let round = 0; ; round++) {
    if (round === 200) throw new CatwiseError("internal.unexpected", `Root ${j} of ${n} of a secular equation did not converge.`);
    if (value === 0 || Math.abs(value) <= Number.EPSILON * (1 / rho - sums.below + sums.above)) break;
    if (value < 0) low = tau;
    else high = tau;
    let next = tau + step(value, left - tau, right - tau, sums);
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    // Next to each other in float64: nothing lies between.
    if (next === tau || next <= low || next >= high) break;
    const moved = Math.abs(next - tau);
    tau = next;
    value = evaluate(origin, tau);
    if (moved <= Number.EPSILON * Math.abs(tau)) break;
  }
  for (let i = 0; i < n; i++) gaps[i] = d[i] - origin - tau;
  return origin + tau;
}

interface Sums {
  readonly below: number;
  readonly above: number;
  readonly slopeBelow: number;
  readonly slopeAbove: number;
}

/** How far from x the interpolating function is 0; toLeft = d_j - x < 0, toRight = d_(j+1) - x > 0, or Infinity where there is none. */
function step(value: number, toLeft: number, toRight: number, { slopeBelow, slopeAbove }: Sums): number {
  if (toRight === Infinity) {
    const c = value - toLeft * slopeBelow;
    return toLeft + (slopeBelow * toLeft * toLeft) / c;
  }
  const a = value - toLeft * slopeBelow - toRight * slopeAbove;
  const b = a * (toLeft + toRight) + slopeBelow * toLeft * toLeft + slopeAbove * toRight * toRight;
  const c = toLeft * toRight * value;
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  return b <= 0 ? (b - root) / (2 * a) : (2 * c) / (b + root);
}

/**
 * The z of which the computed eigenvalues are the exact ones (Gu & Eisenstat 1995): eigenvectors made from it are orthogonal to working precision,
 * however close eigenvalues are. gaps(j) gives d - eigenvalue j. Up to a factor.
 */
export function consistentZ({ d, z }: Pick<Secular, "d" | "z">, gaps: (j: number) => Float64Array): Float64Array {
  const n = d.length;
  const squares = new Float64Array(n).fill(1);
  for (let j = 0; j < n; j++) {
    const gap = gaps(j);
    const own = d[j];
    for (let i = 0; i < j; i++) squares[i] = squares[i] * (gap[i] / (d[i] - own));
    squares[j] = squares[j] * gap[j];
    for (let i = j + 1; i < n; i++) squares[i] = squares[i] * (gap[i] / (d[i] - own));
  }
  return squares.map((square, i) => (z[i] < 0 ? -1 : 1) * Math.sqrt(Math.abs(square)));
}
