/** From figures of shares of the labels to what more labels are expected to bring, with what is not known about it. */
import { derSimonianLaird, percentileInterval, quantile, randomSource, standardDeviation } from "../../math/index.ts";
import { exponentWeights } from "./exponents.ts";
import { bent, slopeWeights } from "./power-law.ts";
import { shares } from "./quarters.ts";
import { meansOf, varianceOfChoice, type Readings } from "./readings.ts";

/** Gains of one category, in the order of the growths: the median and the central 95 %; of what is picked out for them, the lower quartile and the central 99 %. */
export interface Expected {
  readonly gains: readonly { readonly gain: number; readonly low: number; readonly high: number; readonly picked: { readonly gain: number; readonly low: number; readonly high: number } }[];
}

/** How much more than so far the law bends beyond what there is, all thought equally likely: curves rise ever more slowly in the end. */
const furtherBends: readonly number[] = [0, 0.25, 0.5, 0.75];
/** Of every category, about. */
const drawsInAll = 4000;
/** Gains of categories are taken to differ by at least this, and by at least half of their mean. */
const smallestSpread = 0.01;
/** The variance a figure has because the labels happen to be these, times the positives, is at least this (.02 of deviation at 100): strength and acceptance too are decided anew each time. */
const smallestLuck = 0.04;
/** How much of that luck is left in the mean of a share's heads: all that does not add up over the labels (what does moves every share alike). */
const luckLeft = 0.5;

/**
 * For each exponent c (as likely as exponents.ts finds it) and each further bend f: the gain of twice as many labels is e = b (1 - 2^-(c+f)) / (c+f), b the slope of the law of c, with the variance v of e over the bootstrap draws (what the images to judge on leave open) and of luck. Categories are pooled as their acceptance is
 * (METHOD 4.2.5), as if one law of the number of positives n held in all of them: n^c e ~ N(theta, n^2c v) and theta ~ N(mu, spread^2), spread by DerSimonian-Laird, at least .01 and mu / 2 (in units of a category with as many positives as the geometric mean; n^0 for c < 0); so that a category with few labels goes by the others. Of each posterior
 * gains are drawn, none below 0 or above what is left to `highest`, and carried to every growth by the law; as which labels come next is chance, a normal number with the variance luck^2 (1 - 1/growth) is added, luck^2 in inverse proportion to n and pooled too; with it too, nothing is above what is left. Drawn by the seed and the category's name. What holds of the
 * intervals: docs/decisions/0095.
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
  for (const { exponent, weight } of exponentWeights(points, drawnPoints, luck.map((each) => luckLeft * each ** 2))) {
    const count = Math.round((weight * drawsInAll) / furtherBends.length);
    for (const further of count === 0 ? [] : furtherBends) {
      const doubled = bent(2, exponent + further);
      const weights = slopeWeights(shares, exponent).map((each) => each * doubled);
      const estimate = (values: readonly number[]): number => values.reduce((sum, value, at) => sum + weights[at] * value, 0);
      const squares = luckLeft * weights.reduce((sum, each) => sum + each * each, 0);
      const size = all.map(({ positives }) => (positives / meanSize) ** Math.max(0, exponent));
      const gains = Float64Array.from(points, (values, c) => size[c] * estimate(values));
      const deviations = Float64Array.from(drawnPoints, (values, c) => size[c] * Math.sqrt(standardDeviation(values.map(estimate)) ** 2 + squares * luck[c] ** 2));
      posteriors(gains, deviations).forEach(({ mean, deviation }, c) => {
        const left = highest - points[c].at(-1)!;
        for (let draw = 0; draw < count; draw++) {
          const [gain, chance] = [Math.max(0, mean + deviation * random[c].normal()) / size[c], luck[c] * random[c].normal()];
          growths.forEach((growth, at) => drawn[c][at].push(Math.min(left, Math.min(left, (gain * bent(growth, exponent + further)) / doubled) + chance * Math.sqrt(1 - 1 / growth))));
        }
      });
    }
  }
  return drawn.map((values) => ({ gains: values.map((some) => ({ gain: quantile(some, 0.5), ...percentileInterval(some), picked: { gain: quantile(some, 0.25), ...percentileInterval(some, 0.99) } })) }));
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
