/** How many more of 100 a head finds than another at the same number of false alarms, with the doubt there is (METHOD 6, "Plain figures"). */
import { foundAt, mostFound, rankedLabels, type Found, type Replicates, type ScoredLabels } from "../../math/index.ts";

/** The same known cells under two heads; `before` null: there was none, and the comparison is with guessing. */
export interface GainRequest {
  readonly before: { readonly cells: ScoredLabels; readonly threshold: number } | null;
  readonly after: { readonly cells: ScoredLabels; readonly threshold: number };
  /** (n): the image of every cell, by its place among the draws. */
  readonly images: Uint32Array;
  /** Paired: both heads are read on the same draws of images (whole groups). */
  readonly draws: Replicates;
}

/** Shares of the positives, in -1 .. 1. */
export interface Gain {
  readonly before: Found | null;
  readonly after: Found;
  readonly positives: number;
  readonly negatives: number;
  /** found / positives, after minus before; without a before: found / positives - alarms / negatives, what is found beyond guessing. NaN without a positive, or without a negative where it is needed. */
  readonly gain: number;
  /** The gain in every replicate that drew both kinds, ascending. */
  readonly replicates: Float64Array;
}

/** Dots of the chart that shows a verdict: each is as likely as any other. */
export const dots = 20;

/** Reads both heads on the cells as they are and on every replicate. */
export function measureGain({ before, after, images, draws }: GainRequest): Gain {
  const { positives } = after.cells;
  const counts = countOf(positives, () => 1);
  const [first, second] = [before === null ? null : rankedLabels(before.cells), rankedLabels(after.cells)];
  const read = (times: (cell: number) => number): { before: Found | null; after: Found } => {
    if (before === null || first === null) return { before: null, after: foundAt(second, after.threshold, times) };
    const { alarms } = foundAt(first, before.threshold, times);
    return { before: mostFound(first, alarms, times), after: mostFound(second, alarms, times) };
  };
  const here = read(() => 1);
  const gains: number[] = [];
  for (let r = 0; r < draws.count; r++) {
    const times = (cell: number): number => draws.multiplicity[images[cell]! * draws.count + r]!;
    const drawn = countOf(positives, times);
    if (drawn.positive === 0 || drawn.negative === 0) continue;
    gains.push(gainOf(read(times), drawn));
  }
  return { ...here, positives: counts.positive, negatives: counts.negative, gain: gainOf(here, counts), replicates: Float64Array.from(gains).sort() };
}

function gainOf(found: { readonly before: Found | null; readonly after: Found }, { positive, negative }: { readonly positive: number; readonly negative: number }): number {
  return found.before === null ? found.after.found / positive - found.after.alarms / negative : (found.after.found - found.before.found) / positive;
}

function countOf(positives: Uint8Array, times: (cell: number) => number): { positive: number; negative: number } {
  let [positive, negative] = [0, 0];
  for (let cell = 0; cell < positives.length; cell++) {
    if (positives[cell] === 1) positive += times(cell);
    else negative += times(cell);
  }
  return { positive, negative };
}

/** The value below which a share q of ascending values lies; NaN where there are none. */
export function quantileOf(ascending: Float64Array, q: number): number {
  return ascending.length === 0 ? Number.NaN : ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))]!;
}

/** 20 equally likely values, at 2.5 %, 7.5 %, ... 97.5 %: 19 of them lie at or above the 5th percentile, so that "95 % sure" can be counted. */
export function twentyOf(ascending: Float64Array): number[] {
  return Array.from({ length: dots }, (_, dot) => quantileOf(ascending, (dot + 0.5) / dots));
}
