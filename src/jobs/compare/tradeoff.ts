/** What every threshold costs, on cells the heads were not fitted to: choosing a threshold is choosing, and so never looks at the report part. */
import { binCalibration, sigmoid, sortForRanking, wilsonInterval, type ScoredLabels } from "../../math/index.ts";

/** Of 100 with the category so many are missed, of 100 without it so many are false alarms, each with its 95 % range. */
export interface TradeoffPoint {
  /** A probability: yes at or above it. */
  readonly threshold: number;
  readonly missed: number;
  readonly missedRange: readonly [number, number];
  readonly alarms: number;
  readonly alarmsRange: readonly [number, number];
}

const mostPoints = 200;

/**
 * At most 200 thresholds, ascending, at distinct scores, the first (all yes) and the last (nothing yes, threshold 1) kept. Ranges are Wilson's, of as many cells as there are groups among them: pictures
 * of one part say the same thing twice. Empty without a positive or a negative.
 */
export function tradeoffPoints({ scores, positives }: ScoredLabels, groups: ArrayLike<number>): TradeoffPoint[] {
  const total = positives.reduce((sum, one) => sum + one, 0);
  const without = positives.length - total;
  if (total === 0 || without === 0) return [];
  const groupsOf = (kind: number): number => new Set(Array.from(positives.keys(), (cell) => (positives[cell] === kind ? groups[cell]! : -1)).filter((group) => group >= 0)).size;
  const [many, others] = [groupsOf(1), groupsOf(0)];
  const point = (threshold: number, found: number, alarms: number): TradeoffPoint => {
    const [missed, wrong] = [(total - found) / total, alarms / without];
    return { threshold, missed: 100 * missed, missedRange: of100(wilsonInterval(missed, many)), alarms: 100 * wrong, alarmsRange: of100(wilsonInterval(wrong, others)) };
  };
  const { order, groupEnd } = sortForRanking(scores);
  const points = [point(1, 0, 0)];
  let found = 0;
  for (let place = 0; place < order.length; place++) {
    found += positives[order[place]!]!;
    if (groupEnd[place] === 1) points.push(point(sigmoid(scores[order[place]!]!), found, place + 1 - found));
  }
  return thinned(points.reverse());
}

/** Of the points that call something no although it is not there, the one whose missed are fewest at the upper end of their range, then with the fewest false alarms; null where there is none. To say yes to everything misses nothing, and is no use. */
export function leastMissed<Point extends TradeoffPoint>(points: readonly Point[]): Point | null {
  const useful = points.filter(({ alarms }) => alarms < 100);
  return useful.toSorted((one, other) => one.missedRange[1] - other.missedRange[1] || one.alarms - other.alarms)[0] ?? null;
}

function of100([low, high]: readonly [number, number]): [number, number] {
  return [100 * low, 100 * high];
}

/** Curves of the report part, for the drawer of details. */
export interface Curves {
  /** Recall and precision at every distinct score, at most 200. */
  readonly precisionRecall: readonly (readonly [number, number])[];
  /** Where the head says `says`, so many are: the filled ones of 15 equal bins. */
  readonly reliability: readonly { readonly says: number; readonly is: number; readonly pictures: number }[];
}

/** Curves of known cells; empty where one kind is missing (precision and recall) or there is no cell. */
export function curvesOf({ scores, positives }: ScoredLabels): Curves {
  const total = positives.reduce((sum, one) => sum + one, 0);
  const precisionRecall: [number, number][] = [];
  if (total > 0 && total < positives.length) {
    const { order, groupEnd } = sortForRanking(scores);
    let found = 0;
    for (let place = 0; place < order.length; place++) {
      found += positives[order[place]!]!;
      if (groupEnd[place] === 1) precisionRecall.push([found / total, found / (place + 1)]);
    }
  }
  if (positives.length === 0) return { precisionRecall, reliability: [] };
  const { count, probability, positive } = binCalibration(scores, positives, { from: "logits" });
  const reliability = Array.from(count, (pictures, bin) => ({ says: probability[bin]! / pictures, is: positive[bin]! / pictures, pictures })).filter(({ pictures }) => pictures > 0);
  return { precisionRecall: thinned(precisionRecall), reliability };
}

function thinned<T>(points: readonly T[]): T[] {
  if (points.length <= mostPoints) return [...points];
  return Array.from({ length: mostPoints }, (_, at) => points[Math.round((at * (points.length - 1)) / (mostPoints - 1))]!);
}
