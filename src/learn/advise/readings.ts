/** What the heads of all subsets of a category's cells are worth: the figures a learning curve goes through. */
import { standardDeviation } from "../../math/index.ts";
import { shares, subsets } from "./quarters.ts";

/** The measure of every subset's head, in the order of `subsets`: on the cells as they are, and in each bootstrap draw in which all of them are defined. */
export interface Readings {
  readonly category: string;
  /** Known positives that the head of all cells was fitted to. */
  readonly positives: number;
  readonly here: readonly number[];
  readonly draws: readonly (readonly number[])[];
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
export function varianceOfChoice({ here, draws }: Pick<Readings, "here" | "draws">): number {
  const differences = (values: readonly number[]): number[] => {
    const quarters = quarterPlaces.map((at) => values[at]);
    const mean = quarters.reduce((sum, value) => sum + value, 0) / quarters.length;
    return [...quarters.map((value) => value - mean), ...halfPlaces.map(([one, other]) => values[one] - values[other])];
  };
  const drawn = draws.map(differences);
  const squares = differences(here).map((difference, at) => difference ** 2 - standardDeviation(drawn.map((values) => values[at])) ** 2);
  return squares.reduce((sum, square) => sum + square, 0) / 4 / (quarterPlaces.length - 1 + halfPlaces.length);
}

const place = (...quarters: number[]): number => subsets.findIndex((one) => one.quarters.join() === quarters.join());
const quarterPlaces = [0, 1, 2, 3].map((quarter) => place(quarter));
/** A half and its other half. */
const halfPlaces = [
  [place(0, 1), place(2, 3)],
  [place(0, 2), place(1, 3)],
] as const;
