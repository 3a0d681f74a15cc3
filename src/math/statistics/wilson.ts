/** Two-sided 95 % point of the standard normal. */
const z95 = 1.959963984540054;

/**
 * Wilson's score interval (95 %) of a proportion: (p + z^2/2n +- z * sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n), inside [0, 1].
 *
 * share in [0, 1], n > 0 observations (may be an effective number, not whole). Unlike p +- z*sd it has a width at p = 0 and p = 1.
 * [0, 1] for n = 0. Source: Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
 */
export function wilsonInterval(share: number, n: number): readonly [number, number] {
  if (!(n > 0)) return [0, 1];
  const square = (z95 * z95) / n;
  const centre = share + square / 2;
  const reach = Math.sqrt(square * (share * (1 - share) + square / 4));
  return [Math.max(0, (centre - reach) / (1 + square)), Math.min(1, (centre + reach) / (1 + square))];
}
