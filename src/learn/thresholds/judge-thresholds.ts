import { bootstrapReplicates, percentileInterval, standardDeviation, wilsonInterval } from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { knownCellsIn, rowsOf } from "../cells.ts";
import { groupNames } from "../groups.ts";
import { classWeights, costOf, f1Of, precisionOf, type ClassWeights } from "./operating-point.ts";
import type { ThresholdTarget } from "./target.ts";

export const judgeReplicates = 1000;

/** NaN with a null interval where undefined: recall without a positive, precision where nothing is called yes. */
export interface JudgedFigure {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

/** What a threshold does on the known cells of a part. */
export interface JudgedThreshold {
  readonly positive: number;
  readonly negative: number;
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly recall: JudgedFigure;
  readonly precision: JudgedFigure;
  readonly specificity: JudgedFigure;
  readonly f1: JudgedFigure;
  /** Mean cost of a cell, in false alarms; null unless the target is a cost. */
  readonly cost: JudgedFigure | null;
  /** Of recall, precision and specificity targets: the interval is at or above the target, below it, or holds it; null otherwise. */
  readonly verdict: "met" | "missed" | "open" | null;
}

/** Thresholds and the cells to judge them on. */
export interface JudgeRequest {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** FIT, SELECTION or REPORT. */
  readonly part: number;
  /** (C) lists of the logits of the part's known cells, images ascending, as `evaluateHead` and `compareHeads` give them. */
  readonly logits: readonly Float32Array[];
  /** (C): null where there is no threshold. */
  readonly thresholds: readonly ({ readonly threshold: number; readonly target: ThresholdTarget | null; readonly prevalence: number | null } | null)[];
  readonly seed: number;
  /** Default 1,000. */
  readonly repeats?: number;
}

/**
 * Judges thresholds on the known cells of one part. Intervals (95 %) are percentiles of bootstrap replicates that redraw images (whole
 * groups, where images belong together), widened to Wilson's where that is wider: what was never seen to go wrong cannot be redrawn, and a bootstrap alone
 * would be sure of it. null for categories without a threshold.
 */
export function judgeThresholds({ labels, parts, part, logits, thresholds, seed, repeats = judgeReplicates }: JudgeRequest): (JudgedThreshold | null)[] {
  const subset = rowsOf(parts, [part]);
  const cells = knownCellsIn(labels, parts, [part], subset);
  const names = groupNames(labels, parts);
  const groups = Array.from(subset.rows, (image) => names[image]);
  const { multiplicity } = bootstrapReplicates(groups, repeats, seed);
  return thresholds.map((one, c) => {
    if (one === null) return null;
    const rows = cells.row.subarray(cells.start[c], cells.start[c + 1]);
    const positive = cells.positive.subarray(cells.start[c], cells.start[c + 1]);
    const yes = Uint8Array.from(logits[c], (logit) => (logit >= one.threshold ? 1 : 0));
    return judge(countsOf(rows, positive, yes, multiplicity, repeats), groupSizes(rows, positive, yes, groups), one);
  });
}

/** Counts of the part (index 0) and of the replicates (1 .. R): true and false positives, positives and negatives. */
interface Counts {
  readonly tp: Float64Array;
  readonly fp: Float64Array;
  readonly p: Float64Array;
  readonly n: Float64Array;
}

function countsOf(rows: Uint32Array, positive: Uint8Array, yes: Uint8Array, multiplicity: Uint16Array, R: number): Counts {
  const make = (): Float64Array => new Float64Array(R + 1);
  const counts = { tp: make(), fp: make(), p: make(), n: make() };
  rows.forEach((row, i) => {
    const all = positive[i] === 1 ? counts.p : counts.n;
    const called = positive[i] === 1 ? counts.tp : counts.fp;
    all[0] += 1;
    called[0] += yes[i];
    for (let r = 0; r < R; r++) {
      const times = multiplicity[row * R + r];
      all[r + 1] += times;
      called[r + 1] += times * yes[i];
    }
  });
  return counts;
}

/** Sum of cells per group, among the positives, the negatives and those called yes. */
interface GroupSizes {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
  readonly yes: readonly number[];
}

function groupSizes(rows: Uint32Array, positive: Uint8Array, yes: Uint8Array, groups: readonly string[]): GroupSizes {
  const sizes = (take: (i: number) => boolean): number[] => {
    const of = new Map<string, number>();
    rows.forEach((row, i) => {
      if (take(i)) of.set(groups[row], (of.get(groups[row]) ?? 0) + 1);
    });
    return [...of.values()];
  };
  return { positive: sizes((i) => positive[i] === 1), negative: sizes((i) => positive[i] === 0), yes: sizes((i) => yes[i] === 1) };
}

function judge({ tp, fp, p, n }: Counts, sizes: GroupSizes, { target, prevalence }: { target: ThresholdTarget | null; prevalence: number | null }): JudgedThreshold {
  const weights: ClassWeights = p[0] > 0 && n[0] > 0 ? classWeights(p[0], n[0], prevalence) : { positive: 1, negative: 1 };
  const figure = (of: (r: number) => number, share: { readonly cells: number; readonly sizes: readonly number[] } | null): JudgedFigure => {
    const value = of(0);
    if (!Number.isFinite(value)) return { value: Number.NaN, interval: null };
    const replicates = Float64Array.from(tp, (_, r) => of(r)).subarray(1).filter((each) => Number.isFinite(each));
    const { low, high } = percentileInterval(replicates);
    // Replicates without a positive (or without a yes) have no figure; where most have none there is only Wilson to go by.
    const drawn = replicates.length * 2 < tp.length - 1 ? null : ([low, high] as const);
    if (share === null) return { value, interval: drawn };
    const wilson = wilsonInterval(value, observations(value, share, replicates));
    return { value, interval: drawn === null ? wilson : [Math.min(drawn[0], wilson[0]), Math.max(drawn[1], wilson[1])] };
  };
  // Weights differ between replicates as their shares do, as they would in another sample of labels.
  const weightsOf = (r: number): ClassWeights => (prevalence === null || p[r] === 0 || n[r] === 0 ? weights : classWeights(p[r], n[r], prevalence));
  const recall = figure((r) => tp[r] / p[r], { cells: p[0], sizes: sizes.positive });
  const specificity = figure((r) => (n[r] - fp[r]) / n[r], { cells: n[0], sizes: sizes.negative });
  const precision = figure((r) => precisionOf(tp[r], fp[r], weightsOf(r)), { cells: effectiveCells(tp[0], fp[0], weights), sizes: sizes.yes });
  const f1 = figure((r) => (p[r] === 0 ? Number.NaN : f1Of(tp[r], fp[r], p[r], weightsOf(r))), null);
  const cost = target?.kind === "cost" ? figure((r) => costOf(tp[r], fp[r], p[r], n[r], weightsOf(r), target.value), null) : null;
  return {
    positive: p[0], negative: n[0], truePositive: tp[0], falsePositive: fp[0],
    recall, precision, specificity, f1, cost,
    verdict: verdictOf(target, { recall, precision, specificity }),
  };
}

/**
 * Independent observations behind a share p: p(1-p) / variance of the replicates, the cells at most, which is fewer where the images of a
 * group are alike. At 0 and 1 replicates show no variance; then the images of a group may be one observation: (sum of sizes)^2 / sum of sizes^2.
 */
function observations(share: number, { cells, sizes }: { readonly cells: number; readonly sizes: readonly number[] }, replicates: Float64Array): number {
  if (share > 0 && share < 1) {
    const spread = standardDeviation(replicates);
    return spread > 0 ? Math.min(cells, (share * (1 - share)) / (spread * spread)) : cells;
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const squares = sizes.reduce((sum, size) => sum + size * size, 0);
  return squares === 0 ? 0 : Math.min(cells, (total * total) / squares);
}

/** Kish's effective number of cells called yes, (sum w)^2 / sum w^2. */
function effectiveCells(truePositive: number, falsePositive: number, { positive, negative }: ClassWeights): number {
  const sum = positive * truePositive + negative * falsePositive;
  const squares = positive * positive * truePositive + negative * negative * falsePositive;
  return squares === 0 ? 0 : (sum * sum) / squares;
}

function verdictOf(target: ThresholdTarget | null, figures: Readonly<Record<"recall" | "precision" | "specificity", JudgedFigure>>): JudgedThreshold["verdict"] {
  if (target === null || target.kind === "cost" || target.kind === "f1") return null;
  const { interval } = figures[target.kind];
  if (interval === null) return "open";
  if (interval[0] >= target.value) return "met";
  return interval[1] < target.value ? "missed" : "open";
}
