import type { RandomSource } from "../random.ts";

/** A draw from the gamma distribution with the given shape > 0 and scale 1. Source: Marsaglia and Tsang, ACM TOMS 26 (2000) 363-372. */
export function gammaDraw(random: RandomSource, shape: number): number {
  // Below 1 the method does not hold; a draw of shape + 1 times U^(1/shape) has the shape wanted.
  if (shape < 1) return gammaDraw(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - random.next();
    // Nearly all draws pass this bound of the next line, which needs no logarithm.
    if (u < 1 - 0.0331 * x * x * x * x) return d * v;
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A draw from the beta distribution with parameters a and b, both above 0: a number in [0, 1]. */
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

/** Below this mean (of the rarer outcome) counting up from 0 is quicker than rejection, whose bounds hold from here on. */
const leastMean = 10;

/**
 * A draw from the binomial distribution, exact. Few expected: the distribution function is inverted from 0 upwards; else transformed rejection with squeeze, whose time does not grow with the
 * number of trials. Source: Hormann, J. Statist. Comput. Simul. 46 (1993) 101-110 (algorithm BTRS).
 */
export function binomialDraw(random: RandomSource, trials: number, probability: number): number {
  if (trials === 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  const rare = Math.min(probability, 1 - probability);
  const successes = trials * rare < leastMean ? invertedBinomial(random, trials, rare) : rejectedBinomial(random, trials, rare);
  return probability <= 0.5 ? successes : trials - successes;
}

/** P(k + 1) = P(k) (n - k) / (k + 1) p / (1 - p), from P(0) = (1 - p)^n >= e^-14 here. */
function invertedBinomial(random: RandomSource, n: number, p: number): number {
  const ratio = p / (1 - p);
  let mass = Math.exp(n * Math.log1p(-p));
  let left = random.next();
  let k = 0;
  while (left >= mass && k < n) {
    left -= mass;
    mass *= ((n - k) / (k + 1)) * ratio;
    k += 1;
  }
  return k;
}

/** p <= 1/2, np >= 10. */
function rejectedBinomial(random: RandomSource, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const surely = 0.92 - 4.2 / b;
  const odds = p / (1 - p);
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const u = random.next() - 0.5;
    const v = 1 - random.next();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= surely) return k;
    if (!(k >= 0 && k <= n)) continue;
    if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= logMassOverMode(n, k, mode, odds)) return k;
  }
}

/** log P(k) / P(mode) = log mode! (n - mode)! / (k! (n - k)!) + (k - mode) log odds. */
function logMassOverMode(n: number, k: number, mode: number, odds: number): number {
  return logFactorial(mode) + logFactorial(n - mode) - logFactorial(k) - logFactorial(n - k) + (k - mode) * Math.log(odds);
}

const smallFactorials = Float64Array.from({ length: 16 }, (_, n) => Math.log(Array.from({ length: n }, (__, i) => i + 1).reduce((product, factor) => product * factor, 1)));

/** Stirling's series, off by less than 1e-12 from 16 on. */
function logFactorial(n: number): number {
  if (n < smallFactorials.length) return smallFactorials[n];
  const square = n * n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / n;
}
