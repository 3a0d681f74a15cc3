/** From figures of shares of the labels to what more labels are expected to bring, with what is not known about it. */
import { derSimonianLaird, percentileInterval, quantile, randomSource, standardDeviation } from "../../math/index.ts";
import { growthFactor, scaleWeights } from "./power-law.ts";
import { shares, subsets } from "./quarters.ts";

/** The measure of every subset's head, in the order of `subsets`: on the cells as they are, and in each bootstrap draw in which all of them are defined. */
export interface Readings {
  readonly category: string;
  /** Known positives that the head of all cells was fitted to. */
  readonly positives: number;
  readonly here: readonly number[];
  readonly draws: readonly (readonly number[])[];
}

/** Gains of one category, in the order of the growths: the median, and the central 95 %. */
export interface Expected {
  readonly gains: readonly { readonly gain: number; readonly low: number; readonly high: number }[];
}

/** Exponents thought equally likely: learning curves of linear heads bend between these, and a few uncertain points cannot tell where. */
const exponents: readonly number[] = Array.from({ length: 16 }, (_, at) => 0.25 + 0.05 * at);
/** For every exponent. */
const drawsEach = 100;
/** Gains of categories are taken to differ by at least this, and by at least half of their mean. */
const smallestSpread = 0.01;
/** The variance a figure has because the labels happen to be these, times the positives, is at least this (.02 of deviation at 100): strength and acceptance too are decided anew each time. */
const smallestLuck = 0.04;
/** How much of that luck is left in the mean of a share's heads: all that does not add up over the labels (what does moves every share alike). */
const luckLeft = 0.5;

/**
 * For each exponent c: the gain of twice as many labels is e = (1 - 2^-c) b, b by least squares, with the variance v of e over the bootstrap draws (what the images to judge on leave open) and of luck. Categories are pooled as their acceptance is (METHOD 4.2.5), as if one law of the number of positives n held
 * in all of them: n^c e ~ N(theta_c, n^2c v), theta_c ~ N(mu, spread^2), spread by DerSimonian-Laird, at least .01 and mu / 2 (in units of a category with as many positives as the geometric mean); so that a category with few labels goes by the others. Of each posterior 100 gains are drawn, none below 0 or above what is
 * left to `highest`, and carried to every growth by the power law; as which labels come next is chance, a normal number with the variance luck^2 (1 - 1/growth) is added, luck^2 in inverse proportion to n and pooled too. Drawn by the seed and the category's name. What holds of the intervals: docs/decisions/0095.
 */
export function expectedGains(all: readonly Readings[], growths: readonly number[], { seed, highest }: { readonly seed: number; readonly highest: number }): Expected[] {
  if (all.length === 0) return [];
  const ofOnePositive = Math.max(smallestLuck, all.reduce((sum, one) => sum + one.positives * varianceOfChoice(one), 0) / all.length);
  const luck = all.map(({ positives }) => Math.sqrt(ofOnePositive / positives));
  const meanSize = Math.exp(all.reduce((sum, { positives }) => sum + Math.log(positives), 0) / all.length);
  const points = all.map(({ here }) => meansOf(here));
  const drawnPoints = all.map(({ draws }) => draws.map(meansOf));
  const random = all.map(({ category }) => randomSource(`learning curve\u0000${seed}\u0000${category}`));
  const drawn = all.map(() => growths.map((): number[] => []));
  for (const exponent of exponents) {
    const doubled = growthFactor(exponent, 2);
    const weights = scaleWeights(shares, exponent).map((weight) => weight * doubled);
    const estimate = (values: readonly number[]): number => values.reduce((sum, value, at) => sum + weights[at] * value, 0);
    const squares = luckLeft * weights.reduce((sum, weight) => sum + weight * weight, 0);
    const size = all.map(({ positives }) => (positives / meanSize) ** exponent);
    const gains = Float64Array.from(points, (values, c) => size[c] * estimate(values));
    const deviations = Float64Array.from(drawnPoints, (values, c) => size[c] * Math.sqrt(standardDeviation(values.map(estimate)) ** 2 + squares * luck[c] ** 2));
    posteriors(gains, deviations).forEach(({ mean, deviation }, c) => {
      const left = highest - points[c].at(-1)!;
      for (let draw = 0; draw < drawsEach; draw++) {
        const [gain, chance] = [Math.max(0, mean + deviation * random[c].normal()) / size[c], luck[c] * random[c].normal()];
        growths.forEach((growth, at) => drawn[c][at].push(Math.min(left, (gain * growthFactor(exponent, growth)) / doubled) + chance * Math.sqrt(1 - 1 / growth)));
      }
    });
  }
  return drawn.map((values) => ({ gains: values.map((some) => ({ gain: quantile(some, 0.5), ...percentileInterval(some) })) }));
}

/** theta_c given all estimates. */
function posteriors(gains: Float64Array, deviations: Float64Array): { readonly mean: number; readonly deviation: number }[] {
  const first = derSimonianLaird(gains, deviations, smallestSpread);
  const { mu, tau, muVariance } = derSimonianLaird(gains, deviations, Math.max(smallestSpread, first.mu / 2));
  return Array.from(gains, (gain, c) => {
    const noise = deviations[c] ** 2;
    const own = tau ** 2 / (tau ** 2 + noise);
    return { mean: mu + own * (gain - mu), deviation: Math.sqrt(own * noise + (1 - own) ** 2 * muVariance) };
  });
}

/** The mean over the subsets of each share, in the order of `shares`. */
export function meansOf(values: readonly number[]): number[] {
  return shares.map((share) => {
    const own = values.filter((_, at) => subsets[at].share === share);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

/**
 * tau^2, the variance that a figure made of all labels has because they happen to be these: quarters vary 4 tau^2 among themselves, and a half and its other half differ by a variance of 4 tau^2, both beside the variance that the images to judge on give
 * to such differences, which the bootstrap tells and which is taken off. The mean of these estimates by their degrees of freedom; it may be negative.
 */
function varianceOfChoice({ here, draws }: Readings): number {
  const spread = (values: readonly number[]): number[] => {
    const quarters = quarterPlaces.map((at) => values[at]);
    const mean = quarters.reduce((sum, value) => sum + value, 0) / quarters.length;
    return [...quarters.map((value) => value - mean), ...halfPlaces.map(([one, other]) => values[one] - values[other])];
  };
  const drawn = draws.map(spread);
  const squares = spread(here).map((difference, at) => difference ** 2 - standardDeviation(drawn.map((values) => values[at])) ** 2);
  return squares.reduce((sum, square) => sum + square, 0) / 4 / (quarterPlaces.length - 1 + halfPlaces.length);
}

const place = (...quarters: number[]): number => subsets.findIndex((one) => one.quarters.join() === quarters.join());
const quarterPlaces = [0, 1, 2, 3].map((quarter) => place(quarter));
/** A half and its other half. */
const halfPlaces = [
  [place(0, 1), place(2, 3)],
  [place(0, 2), place(1, 3)],
] as const;
