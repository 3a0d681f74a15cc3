/** From the tidy rows to what tables and plots show: per trial first, then over seeds, then over data sets. */
import { mean, standardDeviation } from "../../math/index.ts";
import type { SelectionMetric } from "../../learn/index.ts";
import type { TrialRow } from "./trial.ts";

/** A category is harmed when it loses more than this of the metric on the report part. */
export const harmBound = 0.01;

/** Mean with its standard error; the error is null for a single value. */
export interface MeanWithError {
  readonly value: number;
  readonly error: number | null;
  readonly count: number;
}

/** One row of the summary: a strategy and a method at one known proportion. */
export interface SummaryLine {
  readonly strategy: string;
  readonly method: string;
  readonly known: number;
  /** Per data set: the mean metric over categories that can be scored, mean and error over seeds. */
  readonly data: ReadonlyMap<string, MeanWithError>;
  /** Mean of the metric over data sets, for each seed that all of them have; mean and error over seeds. */
  readonly level: MeanWithError;
  /** Gain over the base: mean over data sets of the mean over seeds, error over data sets (over seeds where there is one data set). */
  readonly gain: MeanWithError;
  /** Share of harmed categories among those that can be scored: mean over data sets of the share over all seeds. */
  readonly harmed: number;
  readonly seconds: number;
}

interface TrialFigures {
  readonly data: string;
  readonly seed: number;
  readonly after: number;
  readonly gain: number;
  readonly harmed: number;
  readonly scored: number;
  readonly seconds: number;
}

/** A line per strategy, known proportion and method, in the order in which they first occur. */
export function summarise(rows: readonly TrialRow[], metric: SelectionMetric): SummaryLine[] {
  const lines = Map.groupBy(rows, ({ strategy, known, method }) => JSON.stringify([strategy, known, method]));
  return [...lines.values()].map((some): SummaryLine => {
    const { strategy, known, method } = some[0]!;
    const trials = [...Map.groupBy(some, ({ data, seed }) => JSON.stringify([data, seed])).values()].map((one) => figuresOf(one, metric)).filter((one) => one.scored > 0);
    const sets = Map.groupBy(trials, (one) => one.data);
    const data = new Map([...sets].map(([name, ones]) => [name, estimate(ones.map((one) => one.after))]));
    const seeds = [...Map.groupBy(trials, (one) => one.seed).values()].filter((ones) => ones.length === sets.size);
    const level = estimate(seeds.map((ones) => mean(ones.map((one) => one.after))));
    const perSet = [...sets.values()].map((ones) => mean(ones.map((one) => one.gain)));
    const gain = perSet.length === 1 ? estimate(trials.map((one) => one.gain)) : estimate(perSet);
    const harmed = mean([...sets.values()].map((ones) => sum(ones, (one) => one.harmed) / sum(ones, (one) => one.scored)));
    return { strategy, method, known, data, level, gain, harmed, seconds: sum(trials, (one) => one.seconds) / trials.length };
  });
}

/** Before, after and gain of a row by the metric; null where it cannot be scored. */
export function scoreOf(row: TrialRow, metric: SelectionMetric): { before: number; after: number } | null {
  const [before, after] = metric === "ap" ? [row.apBefore, row.apAfter] : [row.aurocBefore, row.aurocAfter];
  return before === null || after === null ? null : { before, after };
}

function figuresOf(rows: readonly TrialRow[], metric: SelectionMetric): TrialFigures {
  const scores = rows.map((row) => scoreOf(row, metric)).filter((score) => score !== null);
  return {
    data: rows[0]!.data,
    seed: rows[0]!.seed,
    after: mean(scores.map((score) => score.after)),
    gain: mean(scores.map((score) => score.after - score.before)),
    harmed: scores.filter((score) => score.after < score.before - harmBound).length,
    scored: scores.length,
    seconds: rows[0]!.seconds,
  };
}

function sum(ones: readonly TrialFigures[], of: (one: TrialFigures) => number): number {
  return ones.reduce((total, one) => total + of(one), 0);
}

export function estimate(values: readonly number[]): MeanWithError {
  return { value: mean(values), error: values.length < 2 ? null : standardDeviation(values) / Math.sqrt(values.length), count: values.length };
}
