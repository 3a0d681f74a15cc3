import type { RandomSource } from "../random.ts";

/** A draw from the gamma distribution with the given shape > 0 and scale 1. Source: Marsaglia and Tsang, ACM TOMS 26 (2000) 363-372. */
export function gammaDraw(random: RandomSource, shape: number): number {
  // Below 1 the method does not hold; a draw of shape + 1 times U^(1/shape) has the shape wanted.
  if (shape < 1) return gammaDraw(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A draw from the beta distribution, a and b > 0. */
export function betaDraw(random: RandomSource, a: number, b: number): number {
  const x = gammaDraw(random, a);
  const y = gammaDraw(random, b);
  return x + y > 0 ? x / (x + y) : 0.5;
}

/** Shares that sum to 1, drawn from the Dirichlet distribution; weights > 0. */
export function dirichletDraw(random: RandomSource, weights: readonly number[]): number[] {
  const parts = weights.map((weight) => gammaDraw(random, weight));
  const sum = parts.reduce((total, part) => total + part, 0);
  return sum > 0 ? parts.map((part) => part / sum) : parts.map(() => 1 / parts.length);
}

/** Up to this many trials are tossed one by one. */
const tossedTrials = 20;

/** A draw from the binomial distribution: exact, by recursion on a median order statistic down to few trials (Relles, JASA 67 (1972) 612-613). */
export function binomialDraw(random: RandomSource, trials: number, probability: number): number {
  let left = trials;
  let p = probability;
  let successes = 0;
  while (left > tossedTrials) {
    // The k-th smallest of `left` even draws is beta distributed; p lies above or below it.
    const k = Math.floor(left / 2) + 1;
    const middle = betaDraw(random, k, left + 1 - k);
    if (middle <= p) {
      successes += k;
      left -= k;
      p = middle < 1 ? (p - middle) / (1 - middle) : 0;
    } else {
      left = k - 1;
      p /= middle;
    }
  }
  for (let i = 0; i < left; i++) if (random.next() < p) successes += 1;
  return successes;
}
