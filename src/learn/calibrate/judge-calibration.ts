import { binaryCrossEntropy, bootstrapReplicates, calibrationBins, quantile, sigmoid } from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { knownCellsIn, rowsOf } from "../cells.ts";
import { groupNames } from "../groups.ts";
import { classWeights } from "../thresholds/operating-point.ts";

/** ECE of 15 equal bins, Brier score, mean log-loss (nats). */
export const calibrationFigures = ["ece", "brier", "logLoss"] as const;
/** One of `calibrationFigures`. */
export type CalibrationFigure = (typeof calibrationFigures)[number];

/** A calibration figure before and after. */
export interface CalibrationChange {
  readonly before: number;
  readonly after: number;
  /** 95 % interval of after - before; null where undefined. */
  readonly interval: readonly [number, number] | null;
}

/** Filled bins of equal width, closed on the right. Counts are sums of weights: whole numbers where no prevalence is stated. */
export interface Reliability {
  readonly count: readonly number[];
  readonly meanProbability: readonly number[];
  readonly fractionPositive: readonly number[];
}

/** One head: each figure with its 95 % interval. */
export interface JudgedCalibration {
  readonly figures: Readonly<Record<CalibrationFigure, { readonly value: number; readonly interval: readonly [number, number] | null }>>;
  readonly reliability: Reliability | null;
}

/** Two heads on the same cells. */
export interface ComparedCalibration {
  readonly figures: Readonly<Record<CalibrationFigure, CalibrationChange>>;
  readonly reliability: { readonly before: Reliability | null; readonly after: Reliability | null };
}

/** The cells to judge probabilities on, and the prevalence they stand for. */
export interface CalibrationRequest {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly part: number;
  /** (C): the stated share of positives among all images; null: the known cells as they are. */
  readonly prevalence: readonly (number | null)[];
  readonly seed: number;
  /** Default 1,000. */
  readonly repeats?: number;
}

/**
 * How far stated probabilities are from what is, on the known cells of a part; logits: (C) lists, images ascending. Intervals come from bootstrap replicates that
 * redraw images (whole groups, where images belong together). Where a prevalence is stated, positives weigh prevalence / share and negatives
 * (1 - prevalence) / (1 - share), share being that of positives among these cells: probabilities meant for all images are judged as if all images were there in their
 * proportions. A category with one kind of label keeps weights of 1.
 */
export function judgeCalibration(request: CalibrationRequest & { readonly logits: readonly Float32Array[] }): JudgedCalibration[] {
  return errorsOfHeads(request, [request.logits]).map(([own]) => {
    const figure = (name: CalibrationFigure): JudgedCalibration["figures"]["ece"] => ({ value: own.errors[name][0], interval: interval95(own.errors[name].subarray(1)) });
    return { figures: { ece: figure("ece"), brier: figure("brier"), logLoss: figure("logLoss") }, reliability: own.reliability };
  });
}

/**
 * Calibration figures of two heads on the same known cells, category by category (C), with 95 % intervals of the change over paired bootstrap replicates
 * of images.
 */
export function compareCalibration(request: CalibrationRequest & { readonly before: readonly Float32Array[]; readonly after: readonly Float32Array[] }): ComparedCalibration[] {
  return errorsOfHeads(request, [request.before, request.after]).map(([before, after]) => {
    const change = (figure: CalibrationFigure): CalibrationChange => {
      const [from, to] = [before.errors[figure], after.errors[figure]];
      return { before: from[0], after: to[0], interval: interval95(to.subarray(1).map((value, r) => value - from[r + 1])) };
    };
    return { figures: { ece: change("ece"), brier: change("brier"), logLoss: change("logLoss") }, reliability: { before: before.reliability, after: after.reliability } };
  });
}

interface HeadErrors {
  readonly errors: Errors;
  readonly reliability: Reliability | null;
}

/** [category][head] */
function errorsOfHeads({ labels, parts, part, prevalence, seed, repeats = 1000 }: CalibrationRequest, heads: readonly (readonly Float32Array[])[]): HeadErrors[][] {
  const subset = rowsOf(parts, [part]);
  const cells = knownCellsIn(labels, parts, [part], subset);
  const names = groupNames(labels, parts);
  const { multiplicity } = bootstrapReplicates(Array.from(subset.rows, (image) => names[image]), repeats, seed);
  return labels.categories.map((_, c) => {
    const rows = cells.row.subarray(cells.start[c], cells.start[c + 1]);
    const positive = cells.positive.subarray(cells.start[c], cells.start[c + 1]);
    const positives = positive.reduce((sum, one) => sum + one, 0);
    const both = positives > 0 && positives < positive.length;
    const weights = classWeights(positives, positive.length - positives, both ? prevalence[c] : null);
    const weight = Float64Array.from(positive, (one) => (one === 1 ? weights.positive : weights.negative));
    return heads.map((logits) => errorsOf(logits[c], positive, weight, rows, multiplicity, repeats));
  });
}

/** Of the part (index 0) and of every replicate (1 .. R). */
type Errors = Readonly<Record<CalibrationFigure, Float64Array>>;

function errorsOf(logits: Float32Array, positive: Uint8Array, weight: Float64Array, rows: Uint32Array, multiplicity: Uint16Array, R: number): HeadErrors {
  const S = R + 1;
  const gaps = new Float64Array(calibrationBins * S);
  const [squares, losses, total] = [new Float64Array(S), new Float64Array(S), new Float64Array(S)];
  const bins = { count: new Float64Array(calibrationBins), probability: new Float64Array(calibrationBins), positive: new Float64Array(calibrationBins) };
  for (let i = 0; i < logits.length; i++) {
    const p = sigmoid(logits[i]);
    const gap = p - positive[i];
    const loss = binaryCrossEntropy(logits[i], positive[i]);
    const bin = Math.min(calibrationBins - 1, Math.max(0, Math.ceil(p * calibrationBins) - 1));
    bins.count[bin] += weight[i];
    bins.probability[bin] += weight[i] * p;
    bins.positive[bin] += weight[i] * positive[i];
    for (let s = 0; s < S; s++) {
      const times = weight[i] * (s === 0 ? 1 : multiplicity[rows[i] * R + s - 1]);
      gaps[bin * S + s] += times * gap;
      squares[s] += times * gap * gap;
      losses[s] += times * loss;
      total[s] += times;
    }
  }
  const ece = new Float64Array(S);
  for (let bin = 0; bin < calibrationBins; bin++) for (let s = 0; s < S; s++) ece[s] += Math.abs(gaps[bin * S + s]);
  const filled = [...bins.count.keys()].filter((bin) => bins.count[bin] > 0);
  const reliability =
    filled.length === 0
      ? null
      : { count: filled.map((bin) => bins.count[bin]), meanProbability: filled.map((bin) => bins.probability[bin] / bins.count[bin]), fractionPositive: filled.map((bin) => bins.positive[bin] / bins.count[bin]) };
  const mean = (sums: Float64Array): Float64Array => sums.map((sum, s) => sum / total[s]);
  return { errors: { ece: mean(ece), brier: mean(squares), logLoss: mean(losses) }, reliability };
}

function interval95(values: Float64Array): readonly [number, number] | null {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length === 0 || finite.length * 2 < values.length ? null : [quantile(finite, 0.025), quantile(finite, 0.975)];
}
