/** The ladder of METHOD 4.2.2: kappa_k = 10^(-k/2), k = 0 (strongest) to 10; lambda = kappa * trace. */
export const kappas: readonly number[] = Array.from({ length: 11 }, (_, k) => 10 ** (-k / 2));

/** k0 = clip(6 + round(2*log10(max(1, n/200))), 6, 9), n = mean known cells per category used to fit (METHOD 4.2.4). */
export function defaultStrengthIndex(meanKnownCells: number): number {
  const index = 6 + Math.round(2 * Math.log10(Math.max(1, meanKnownCells / 200)));
  return Math.min(9, Math.max(6, index));
}

/**
 * The one strength for all categories: argmax over k of [A(k) - A(k0) - SD(A(k) - A(k0))].
 *
 * mean (11): mean metric over the categories that can be scored; replicates (R of 11): the same per bootstrap replicate.
 * The default scores 0, so another strength is taken only where it is better by more than its own doubt. Ties: the default, then the
 * stronger penalty. NaN means count as not better.
 */
export function chooseStrength(mean: readonly number[], replicates: readonly (readonly number[])[], defaultIndex: number): number {
  let best = defaultIndex;
  let bestScore = 0;
  for (let k = 0; k < mean.length; k++) {
    if (k === defaultIndex) continue;
    const differences = replicates.map((row) => row[k] - row[defaultIndex]).filter((difference) => Number.isFinite(difference));
    const score = mean[k] - mean[defaultIndex] - standardDeviation(differences);
    if (score > bestScore) {
      best = k;
      bestScore = score;
    }
  }
  return best;
}

function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return Number.POSITIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
