/** What a category's scores find on known cells: positives, at a number of false alarms among the negatives. */
import { sortForRanking, type Ranking } from "./ranking.ts";

/** Known cells of one category: scores (n) and labels (n), 1 positive, 0 negative. */
export interface ScoredLabels {
  readonly scores: Float32Array;
  readonly positives: Uint8Array;
}

/** How often each of n cells counts; absent: once. */
export type Multiplicity = (cell: number) => number;

const once: Multiplicity = () => 1;

/** What stands at or above a threshold. */
export interface Found {
  readonly found: number;
  readonly alarms: number;
  /** Yes where the score is at least this; Infinity where nothing is called yes. */
  readonly threshold: number;
}

/** Scores sorted once, to be read at many places. */
export interface RankedLabels extends ScoredLabels {
  readonly ranking: Ranking;
}

/** Sorts the cells by falling score. */
export function rankedLabels(cells: ScoredLabels): RankedLabels {
  return { ...cells, ranking: sortForRanking(cells.scores) };
}

/** Positives and negatives at or above a threshold, each as often as it counts. */
export function foundAt({ scores, positives }: ScoredLabels, threshold: number, times: Multiplicity = once): Found {
  let [found, alarms] = [0, 0];
  for (let cell = 0; cell < scores.length; cell++) {
    if (scores[cell] < threshold) continue;
    if (positives[cell] === 1) found += times(cell);
    else alarms += times(cell);
  }
  return { found, alarms, threshold };
}

/**
 * The most positives that can be found with at most `alarms` false alarms: the lowest threshold that gives no more. Equal scores are taken together or not at all. Two heads read this way are compared at
 * the same number of false alarms, and neither gains by where its threshold happened to lie between two scores.
 */
export function mostFound({ scores, positives, ranking }: RankedLabels, alarms: number, times: Multiplicity = once): Found {
  let best: Found = { found: 0, alarms: 0, threshold: Infinity };
  let [found, wrong] = [0, 0];
  const { order, groupEnd } = ranking;
  for (let place = 0; place < order.length; place++) {
    const cell = order[place];
    if (positives[cell] === 1) found += times(cell);
    else wrong += times(cell);
    if (wrong > alarms) break;
    if (groupEnd[place] === 1) best = { found, alarms: wrong, threshold: scores[cell] };
  }
  return best;
}
