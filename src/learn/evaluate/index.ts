import {
  areaUnderRoc,
  averagePrecision,
  bootstrapReplicates,
  brierScore,
  expectedCalibrationError,
} from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { countClasses, type KnownCells } from "../cells.ts";
import type { Head } from "../types.ts";
import { knownLogits, type EvaluateInput } from "./known-logits.ts";
import { replicatedFigures, type ReplicatedFigures } from "./replicates.ts";

export type { EvaluateInput } from "./known-logits.ts";
export { evaluateMetrics, evaluateScores, type EvaluateScoresInput, type MetricsEvaluation } from "./evaluate-metrics.ts";

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

/** Fewer images (groups) than these are too few to draw among: every replicate is nearly the same, and intervals would be absurdly narrow. */
const fewestToDraw = 10;

/**
 * Compares two heads on the same known cells, with paired bootstrap intervals (`repeats` replicates, default 1,000) that draw images,
 * or whole groups where images belong together. With fewer than 10 of them there is no interval.
 */
export function compareHeads(
  input: EvaluateInput & { readonly before: Head; readonly after: Head; readonly seed: number; readonly repeats?: number },
): HeadComparison {
  const { evaluations, cells, rows } = judge(input, [input.before, input.after]);
  const [before, after] = [evaluations[0], evaluations[1]];
  const repeats = input.repeats ?? 1000;
  const names = groupNames(input.labels, input.parts, rows);
  const enough = new Set(names).size >= fewestToDraw;
  const draws = bootstrapReplicates(names, repeats, input.seed);
  const C = before.length;
  const gains = { ap: new ReplicateMeans(repeats), auroc: new ReplicateMeans(repeats) };
  const categories = before.map((one, c): CategoryComparison => {
    const other = after[c];
    let differences: ReplicatedFigures | null = null;
    if (one.reason === null) {
      const images = cells.row.subarray(cells.start[c], cells.start[c + 1]);
      const first = replicatedFigures(one, images, draws);
      const second = sameLogits(one, other) ? first : replicatedFigures(other, images, draws);
      const minus = (figure: keyof ReplicatedFigures): Float64Array => second[figure].map((value, r) => value - first[figure][r]);
      differences = { ap: minus("ap"), auroc: minus("auroc"), ece: minus("ece"), brier: minus("brier") };
      gains.ap.add(differences.ap);
      gains.auroc.add(differences.auroc);
    }
    const change = (figure: keyof ReplicatedFigures): FigureChange => ({
      before: one[figure],
      after: other[figure],
      interval: differences === null || !enough ? null : interval95(differences[figure]),
    });
    return { before: one, after: other, ap: change("ap"), auroc: change("auroc"), ece: change("ece"), brier: change("brier") };
  });
  const mean = (figure: "ap" | "auroc"): FigureChange => {
    const scored = categories.filter((one) => Number.isFinite(one[figure].before) && Number.isFinite(one[figure].after));
    const average = (side: "before" | "after"): number => scored.reduce((sum, one) => sum + one[figure][side], 0) / scored.length;
    return { before: average("before"), after: average("after"), interval: C === 0 || !enough ? null : interval95(gains[figure].means()) };
  };
  return { categories, mean: { ap: mean("ap"), auroc: mean("auroc") }, images: rows.length };
}

function judge(input: EvaluateInput, heads: readonly Head[]): { evaluations: CategoryEvaluation[][]; cells: KnownCells; rows: Uint32Array } {
  const { cells, rows, logits } = knownLogits(input, heads);
  return { evaluations: logits.map((all) => input.labels.categories.map((name, c) => evaluateCategory(name, c, cells, all))), cells, rows };
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

function sameLogits(one: CategoryEvaluation, other: CategoryEvaluation): boolean {
  return one.logits.every((logit, i) => Object.is(logit, other.logits[i]));
}

/** Per replicate, the mean over the categories where it is defined. */
class ReplicateMeans {
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;

  constructor(repeats: number) {
    this.#sum = new Float64Array(repeats);
    this.#count = new Uint32Array(repeats);
  }

  add(values: Float64Array): void {
    for (let r = 0; r < values.length; r++) {
      if (!Number.isFinite(values[r])) continue;
      this.#sum[r] += values[r];
      this.#count[r] += 1;
    }
  }

  /** Replicates where nothing is defined are left out. */
  means(): Float64Array {
    return this.#sum.map((sum, r) => sum / this.#count[r]).filter((_, r) => this.#count[r] > 0);
  }
}

function interval95(values: Float64Array): readonly [number, number] | null {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  // With fewer than half of the replicates defined the quantiles describe luck, not the data.
  if (sorted.length < Math.max(20, values.length / 2)) return null;
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))];
  return [at(0.025), at(0.975)];
}
