import {
  areaUnderRoc,
  areaUnderRocWithWeights,
  averagePrecision,
  averagePrecisionWithWeights,
  bootstrapWeights,
  brierScore,
  expectedCalibrationError,
  sortForRanking,
  type Kernels,
} from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { countClasses, kernelCells, knownCellsIn, rowsOf, type KnownCells } from "../cells.ts";
import { rawMatrix } from "../features.ts";
import type { Features, Head } from "../types.ts";

export interface EvaluateInput {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** FIT, SELECTION or REPORT. */
  readonly part: number;
  readonly kernels: Kernels;
}

/** One category of one head on the known cells of one part. NaN where a figure is undefined, with the reason. */
export interface CategoryEvaluation {
  readonly name: string;
  readonly positive: number;
  readonly negative: number;
  readonly ap: number;
  readonly auroc: number;
  readonly ece: number;
  readonly brier: number;
  readonly reason: string | null;
  /** (n): logits and labels (1 positive, 0 negative) of the known cells, for curves. */
  readonly logits: Float32Array;
  readonly positives: Uint8Array;
}

export interface FigureChange {
  readonly before: number;
  readonly after: number;
  /** 95 % percentile interval of after - before over paired bootstrap replicates of images (groups); null where undefined. */
  readonly interval: readonly [number, number] | null;
}

export interface CategoryComparison {
  readonly before: CategoryEvaluation;
  readonly after: CategoryEvaluation;
  readonly ap: FigureChange;
  readonly auroc: FigureChange;
  readonly ece: FigureChange;
  readonly brier: FigureChange;
}

export interface HeadComparison {
  readonly categories: readonly CategoryComparison[];
  /** Mean AP (or AUROC) over the categories where it is defined. */
  readonly mean: Readonly<Record<"ap" | "auroc", FigureChange>>;
  readonly images: number;
}

/** Judges a head on the known cells of a part: AP, AUROC, ECE (15 bins) and Brier score per category. */
export function evaluateHead(input: EvaluateInput & { readonly head: Head }): CategoryEvaluation[] {
  return judge(input, [input.head]).evaluations[0];
}

/**
 * Compares two heads on the same known cells, with paired bootstrap intervals (`repeats` replicates, default 1,000) that draw images,
 * or whole groups where images belong together.
 */
export function compareHeads(
  input: EvaluateInput & { readonly before: Head; readonly after: Head; readonly seed: number; readonly repeats?: number },
): HeadComparison {
  const { evaluations, cells, rows } = judge(input, [input.before, input.after]);
  const [before, after] = [evaluations[0], evaluations[1]];
  const draws = bootstrapWeights(groupNames(input.labels, input.parts, rows), input.repeats ?? 1000, input.seed);
  const C = before.length;
  const replicates = { ap: draws.map(() => [] as number[]), auroc: draws.map(() => [] as number[]) };
  const categories = before.map((one, c): CategoryComparison => {
    const other = after[c];
    const range = cells.row.subarray(cells.start[c], cells.start[c + 1]);
    const differences = { ap: [] as number[], auroc: [] as number[], ece: [] as number[], brier: [] as number[] };
    if (one.reason === null) {
      const [rankBefore, rankAfter] = [sortForRanking(one.logits), sortForRanking(other.logits)];
      const [errorsBefore, errorsAfter] = [squaredErrors(one), squaredErrors(other)];
      draws.forEach((draw, r) => {
        const weights = Uint16Array.from(range, (row) => draw[row]);
        const ap = averagePrecisionWithWeights(rankAfter, one.positives, weights) - averagePrecisionWithWeights(rankBefore, one.positives, weights);
        const auroc = areaUnderRocWithWeights(rankAfter, one.positives, weights) - areaUnderRocWithWeights(rankBefore, one.positives, weights);
        differences.ap.push(ap);
        differences.auroc.push(auroc);
        differences.brier.push(weightedMean(errorsAfter, weights) - weightedMean(errorsBefore, weights));
        differences.ece.push(weightedCalibrationError(other, weights) - weightedCalibrationError(one, weights));
        if (Number.isFinite(ap)) replicates.ap[r].push(ap);
        if (Number.isFinite(auroc)) replicates.auroc[r].push(auroc);
      });
    }
    const change = (figure: "ap" | "auroc" | "ece" | "brier"): FigureChange => ({ before: one[figure], after: other[figure], interval: interval95(differences[figure]) });
    return { before: one, after: other, ap: change("ap"), auroc: change("auroc"), ece: change("ece"), brier: change("brier") };
  });
  const mean = (figure: "ap" | "auroc"): FigureChange => {
    const scored = categories.filter((one) => Number.isFinite(one[figure].before) && Number.isFinite(one[figure].after));
    const average = (side: "before" | "after"): number => scored.reduce((sum, one) => sum + one[figure][side], 0) / scored.length;
    const replicateMeans = replicates[figure].filter((gains) => gains.length > 0).map((gains) => gains.reduce((sum, gain) => sum + gain, 0) / gains.length);
    return { before: average("before"), after: average("after"), interval: C === 0 ? null : interval95(replicateMeans) };
  };
  return { categories, mean: { ap: mean("ap"), auroc: mean("auroc") }, images: rows.length };
}

function judge(input: EvaluateInput, heads: readonly Head[]): { evaluations: CategoryEvaluation[][]; cells: KnownCells; rows: Uint32Array } {
  const { labels, parts, part, kernels, features } = input;
  const subset = rowsOf(parts, [part]);
  const cells = knownCellsIn(labels, parts, [part], subset);
  const matrix = rawMatrix(kernels, features, subset.rows);
  const problem = kernels.cellProblem(matrix, kernelCells(cells), { kind: "bce" });
  const evaluations = heads.map((head) => {
    const logits = new Float32Array(cells.row.length);
    problem.logits(Float64Array.from(head.weight), Float64Array.from(head.bias), logits);
    return labels.categories.map((name, c) => evaluateCategory(name, c, cells, logits));
  });
  problem.dispose();
  matrix.dispose();
  return { evaluations, cells, rows: subset.rows };
}

function evaluateCategory(name: string, c: number, cells: KnownCells, all: Float32Array): CategoryEvaluation {
  const logits = all.slice(cells.start[c], cells.start[c + 1]);
  const positives = cells.positive.slice(cells.start[c], cells.start[c + 1]);
  const counts = countClasses(cells, c);
  const reason =
    counts.positive + counts.negative === 0
      ? "no known label in this part"
      : counts.positive === 0
        ? "no known positive in this part"
        : counts.negative === 0
          ? "no known negative in this part"
          : null;
  return {
    name,
    ...counts,
    ap: averagePrecision(logits, positives),
    auroc: areaUnderRoc(logits, positives),
    ece: expectedCalibrationError(logits, positives, { from: "logits" }),
    brier: brierScore(logits, positives, { from: "logits" }),
    reason,
    logits,
    positives,
  };
}

function groupNames(labels: PartialLabels, parts: Parts, rows: Uint32Array): string[] {
  const first = new Map<number, string>();
  parts.group.forEach((group, image) => {
    const id = labels.imageIds[image];
    const known = first.get(group);
    if (known === undefined || id < known) first.set(group, id);
  });
  return Array.from(rows, (image) => first.get(parts.group[image]) ?? labels.imageIds[image]);
}

function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function squaredErrors(one: CategoryEvaluation): Float64Array {
  return Float64Array.from(one.logits, (logit, i) => (probability(logit) - one.positives[i]) ** 2);
}

function weightedMean(values: Float64Array, weights: Uint16Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}

/** ECE over 15 equal bins with multiplicities: sum over bins of |sum of w * (p - y)| / total. */
function weightedCalibrationError(one: CategoryEvaluation, weights: Uint16Array): number {
  const bins = new Float64Array(15);
  let total = 0;
  for (let i = 0; i < one.logits.length; i++) {
    const p = probability(one.logits[i]);
    // Bins are closed on the right, as in math/metrics.
    const bin = Math.min(14, Math.max(0, Math.ceil(p * 15) - 1));
    bins[bin] += weights[i] * (p - one.positives[i]);
    total += weights[i];
  }
  return bins.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

function interval95(values: readonly number[]): readonly [number, number] | null {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  // With fewer than half of the replicates defined the quantiles describe luck, not the data.
  if (sorted.length < Math.max(20, values.length / 2)) return null;
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))];
  return [at(0.025), at(0.975)];
}
