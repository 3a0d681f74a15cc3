/** How the curves of all categories bend, from how far their points are off laws of each exponent. */
import { mean } from "../../math/index.ts";
import { bends } from "./power-law.ts";
import { shares } from "./quarters.ts";

/** From curves that bend upwards still to those that level off as 1 / n, thought equally likely before the points are seen. */
const exponents: readonly number[] = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];

/** An exponent and its probability. */
export interface ExponentWeight {
  readonly exponent: number;
  readonly weight: number;
}

/**
 * The probability of each exponent, one for all categories (K): exp(-chi^2 / 2), chi^2 = sum over the categories of d' S^-1 d, d (2) by how much the inner points are off the law (power-law.ts), S their covariance over the bootstrap draws plus that of noise in every point.
 * points (K of 4), draws (K of R of 4), noise (K): the variance, above 0, of each point for itself.
 */
export function exponentWeights(points: readonly (readonly number[])[], draws: readonly (readonly (readonly number[])[])[], noise: readonly number[]): ExponentWeight[] {
  const misfits = exponents.map((exponent) => {
    const contrasts = bends(shares, exponent);
    const off = (values: readonly number[]): number[] => contrasts.map((contrast) => dot(contrast, values));
    return points.reduce((sum, values, c) => sum + misfit(off(values), covariance(draws[c].map(off), contrasts, noise[c])), 0);
  });
  const least = Math.min(...misfits);
  const likelihoods = misfits.map((each) => Math.exp((least - each) / 2));
  const total = likelihoods.reduce((sum, each) => sum + each, 0);
  return exponents.map((exponent, at) => ({ exponent, weight: likelihoods[at] / total }));
}

/** Of both contrasts: variance, variance, covariance. */
type Covariance = readonly [number, number, number];

function covariance(drawn: readonly (readonly number[])[], [one, other]: readonly (readonly number[])[], noise: number): Covariance {
  const [first, second] = [drawn.map((values) => values[0]), drawn.map((values) => values[1])];
  const [meanOne, meanOther] = [mean(first), mean(second)];
  let [a, b, both] = [0, 0, 0];
  drawn.forEach((values) => {
    a += (values[0] - meanOne) ** 2;
    b += (values[1] - meanOther) ** 2;
    both += (values[0] - meanOne) * (values[1] - meanOther);
  });
  const n = Math.max(1, drawn.length - 1);
  return [a / n + noise * dot(one, one), b / n + noise * dot(other, other), both / n + noise * dot(one, other)];
}

/** d' S^-1 d. */
function misfit([x, y]: readonly number[], [a, b, both]: Covariance): number {
  return (b * x * x - 2 * both * x * y + a * y * y) / (a * b - both * both);
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * other[at], 0);
}
