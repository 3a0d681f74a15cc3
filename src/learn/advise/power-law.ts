/**
 * The power law through a few points: y(s) = a + b h(s), h(s) = (1 - s^-c) / c, for c = 0 ln s; s is the share of what there is to learn from (1: all of it), b the slope in ln s at s = 1. With c > 0 it is the inverse power law a' - b' s^-c, which levels off; with c < 0 it still
 * bends upwards, as learning curves do at their beginning.
 */

/** Nearer to 0 than this an exponent is as good as 0. */
const asGoodAsZero = 1e-9;

/** h(s), also for s > 1. */
export function bent(share: number, exponent: number): number {
  const logarithm = Math.log(share);
  return Math.abs(exponent) < asGoodAsZero ? logarithm : -Math.expm1(-exponent * logarithm) / exponent;
}

/**
 * (n): numbers w such that b = sum w_i y_i is the weighted least squares fit of a and b for an exponent. Points weigh s^2: those near all there is say most about what lies beyond. shares (n) in (0, 1], at least two different ones.
 */
export function slopeWeights(shares: readonly number[], exponent: number): number[] {
  const x = shares.map((share) => bent(share, exponent));
  const weight = shares.map((share) => share * share);
  const total = weight.reduce((sum, each) => sum + each, 0);
  const mean = x.reduce((sum, each, i) => sum + weight[i] * each, 0) / total;
  const squares = x.reduce((sum, each, i) => sum + weight[i] * (each - mean) ** 2, 0);
  return x.map((each, i) => (weight[i] * (each - mean)) / squares);
}

/**
 * (n-2) lists of (n) numbers: by how much each inner point is off the straight line in h through the points before and behind it; 0 where all lie on one law of this exponent. shares (n) ascending.
 */
export function bends(shares: readonly number[], exponent: number): number[][] {
  const x = shares.map((share) => bent(share, exponent));
  return shares.slice(2).map((_, i) => {
    const row = shares.map(() => 0);
    const way = (x[i + 1] - x[i]) / (x[i + 2] - x[i]);
    row[i] = way - 1;
    row[i + 1] = 1;
    row[i + 2] = -way;
    return row;
  });
}
