/**
 * The inverse power law through a few points, y(s) = a - b s^-c, s the share of what there is to learn from (1: all of it), b >= 0: more to learn from does no harm in the mean. `growth` times as much gives y(growth) - y(1) = b (1 - growth^-c).
 */

/**
 * (n): numbers w such that b = sum w_i y_i is the weighted least squares fit of a and b for exponent c > 0. Points weigh s^2: those near all there is say most about what lies beyond, and with few labels heads stay near their base, where no power law holds.
 * shares (n) in (0, 1], at least two different ones.
 */
export function scaleWeights(shares: readonly number[], exponent: number): number[] {
  const x = shares.map((share) => share ** -exponent);
  const weight = shares.map((share) => share * share);
  const total = weight.reduce((sum, each) => sum + each, 0);
  const mean = x.reduce((sum, each, i) => sum + weight[i] * each, 0) / total;
  const squares = x.reduce((sum, each, i) => sum + weight[i] * (each - mean) ** 2, 0);
  return x.map((each, i) => (-weight[i] * (each - mean)) / squares);
}

/** (y(growth) - y(1)) / b. */
export function growthFactor(exponent: number, growth: number): number {
  return 1 - growth ** -exponent;
}
