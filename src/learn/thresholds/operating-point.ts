import type { Ranking } from "../../math/index.ts";
import type { ThresholdTarget } from "./target.ts";

/** How much a known positive and a known negative count for precision, F1 and cost; both 1 where no prevalence is given. */
export interface ClassWeights {
  readonly positive: number;
  readonly negative: number;
}

/** A threshold and what it does to the cells it was chosen on. */
export interface OperatingPoint {
  /** Yes where the logit is at least this. */
  readonly threshold: number;
  readonly truePositive: number;
  readonly falsePositive: number;
}

/** No threshold reaches the target; `best` is the largest figure (smallest cost) any threshold reaches. */
export interface Unreached {
  readonly threshold: null;
  readonly best: number;
}

/** Multiplicities of cells in a bootstrap replicate: cell i counts multiplicity[image[i] * stride + offset] times. */
export interface DrawnCells {
  readonly image: Uint32Array;
  readonly multiplicity: Uint16Array;
  readonly stride: number;
  readonly offset: number;
}

/** Weights that give known cells the prevalence of all cells: pi / share and (1 - pi) / (1 - share); 1 and 1 without a prevalence. */
export function classWeights(positive: number, negative: number, prevalence: number | null): ClassWeights {
  if (prevalence === null) return { positive: 1, negative: 1 };
  const share = positive / (positive + negative);
  return { positive: prevalence / share, negative: (1 - prevalence) / (1 - share) };
}

/** Precision of weighted counts; NaN where nothing is called yes. */
export function precisionOf(truePositive: number, falsePositive: number, weights: ClassWeights): number {
  const right = weights.positive * truePositive;
  return right / (right + weights.negative * falsePositive);
}

/** F1 = 2 TP / (2 TP + FP + FN) of weighted counts. */
export function f1Of(truePositive: number, falsePositive: number, positives: number, weights: ClassWeights): number {
  const twice = 2 * weights.positive * truePositive;
  return twice / (twice + weights.negative * falsePositive + weights.positive * (positives - truePositive));
}

/** Mean cost of a cell in false alarms: (k FN + FP) / (P + N) of weighted counts. */
export function costOf(truePositive: number, falsePositive: number, positives: number, negatives: number, weights: ClassWeights, missCost: number): number {
  const cost = missCost * weights.positive * (positives - truePositive) + weights.negative * falsePositive;
  return cost / (weights.positive * positives + weights.negative * negatives);
}

/**
 * The threshold a target asks for, on scores (n) sorted by `sortForRanking` with their labels (n) 0/1; both kinds must be there (null otherwise).
 *
 * Every distinct score that was drawn is tried as the lowest one called yes, from the highest down; a later one wins only by being strictly
 * better, so that ties go to the higher threshold. Compared are, in this order: recall >= r: precision, recall; precision >= q: recall, precision;
 * specificity >= s, finding at least one positive: recall, specificity; f1: F1; cost: less than saying no to everything.
 * The threshold lies half-way between the lowest score called yes and the next lower one; where everything is called yes, on the lowest score.
 */
export function operatingPoint(
  ranking: Ranking,
  scores: Float32Array,
  labels: Uint8Array,
  target: ThresholdTarget,
  prevalence: number | null,
  drawn: DrawnCells | null = null,
): OperatingPoint | Unreached | null {
  const times = (cell: number): number => (drawn === null ? 1 : drawn.multiplicity[drawn.image[cell] * drawn.stride + drawn.offset]);
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 1) positives += times(i);
    else negatives += times(i);
  }
  if (positives === 0 || negatives === 0) return null;
  const judge = judgeOf(target, positives, negatives, classWeights(positives, negatives, prevalence));

  let [truePositive, falsePositive, drawnHere] = [0, 0, 0];
  let unreached = judge.nothing;
  let winner: { first: number; second: number; lowest: number; next: number; truePositive: number; falsePositive: number } | null = null;
  let open = false;
  const { order, groupEnd } = ranking;
  for (let place = 0; place < order.length; place++) {
    const cell = order[place];
    const count = times(cell);
    if (labels[cell] === 1) truePositive += count;
    else falsePositive += count;
    drawnHere += count;
    if (groupEnd[place] === 0 || drawnHere === 0) continue;
    drawnHere = 0;
    const score = scores[cell];
    if (open && winner !== null) winner.next = score;
    open = false;
    const { meets, first, second, figure } = judge.figures(truePositive, falsePositive);
    if (figure > unreached) unreached = figure;
    if (!meets || (winner !== null && (first < winner.first || (first === winner.first && second <= winner.second)))) continue;
    winner = { first, second, lowest: score, next: score, truePositive, falsePositive };
    open = true;
  }
  if (winner === null) return { threshold: null, best: Math.abs(unreached) };
  return { threshold: (winner.lowest + winner.next) / 2, truePositive: winner.truePositive, falsePositive: winner.falsePositive };
}

interface Judge {
  /** The figure where nothing is called yes. */
  readonly nothing: number;
  figures(truePositive: number, falsePositive: number): { readonly meets: boolean; readonly first: number; readonly second: number; readonly figure: number };
}

function judgeOf(target: ThresholdTarget, positives: number, negatives: number, weights: ClassWeights): Judge {
  const recall = (tp: number): number => tp / positives;
  const specificity = (fp: number): number => (negatives - fp) / negatives;
  switch (target.kind) {
    case "recall":
      return { nothing: 0, figures: (tp, fp) => ({ meets: recall(tp) >= target.value, first: precisionOf(tp, fp, weights), second: recall(tp), figure: recall(tp) }) };
    case "precision":
      return { nothing: 0, figures: (tp, fp) => ({ meets: precisionOf(tp, fp, weights) >= target.value, first: recall(tp), second: precisionOf(tp, fp, weights), figure: precisionOf(tp, fp, weights) }) };
    case "specificity":
      return {
        nothing: 0,
        figures: (tp, fp) => ({ meets: tp > 0 && specificity(fp) >= target.value, first: recall(tp), second: specificity(fp), figure: tp > 0 ? specificity(fp) : 0 }),
      };
    case "f1":
      return { nothing: 0, figures: (tp, fp) => ({ meets: tp > 0, first: f1Of(tp, fp, positives, weights), second: 0, figure: f1Of(tp, fp, positives, weights) }) };
    case "cost": {
      const cost = (tp: number, fp: number): number => -costOf(tp, fp, positives, negatives, weights, target.value);
      const nothing = cost(0, 0);
      return { nothing, figures: (tp, fp) => ({ meets: cost(tp, fp) > nothing, first: cost(tp, fp), second: 0, figure: cost(tp, fp) }) };
    }
    default:
      throw unknownTarget(target);
  }
}

function unknownTarget(target: never): Error {
  return new TypeError(`unknown target ${JSON.stringify(target)}`);
}
