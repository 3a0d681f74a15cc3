import type { BinaryProblem } from "./binary-problem.ts";

/** What the metrics can be told. Defaults: `metricDefaults`. */
export interface MetricOptions {
  /**
   * A cell counts as predicted where its probability is greater than this (strictly): one probability in [0, 1], or one per category (C).
   * Default .5. For logits s the rule is s > log(t / (1 - t)).
   */
  readonly threshold: number | ArrayLike<number>;
  /** Of the F-beta score: recall counts beta times as much as precision. Greater than 0, default 2. */
  readonly beta: number;
  /** Bins of equal width of the calibration errors. A whole number from 1, default 15. */
  readonly bins: number;
  /** What the fixed-point metrics hold the other rate to (recall, precision, specificity, sensitivity at least this). [0, 1], default .9. */
  readonly atLeast: number;
  /**
   * Ranking metrics of an image whose known cells are all positive or all negative: "undefined" (skipped and counted; default) or
   * "perfect", scikit-learn's convention.
   */
  readonly oneSided: "undefined" | "perfect";
}

/** What the metrics are computed with where nothing else is said; each field is explained at MetricOptions. */
export const metricDefaults: MetricOptions = { threshold: 0.5, beta: 2, bins: 15, atLeast: 0.9, oneSided: "undefined" };

/** Known cells without which a metric is undefined. */
export type Requirement = "any-cell" | "a-positive" | "a-negative" | "both-classes";

/** Why a value is NaN. */
export type UndefinedReason = "no-known-label" | "no-known-positive" | "no-known-negative" | "nothing-to-average";

/**
 * A metric of one yes-or-no problem, as the table holds them and as one's own may be given: what it is called, when it is defined, which way is better,
 * and how it is computed.
 */
export interface Metric {
  /** In the manner of scikit-learn: `_score` is better when higher, `_loss` and `_error` when lower. */
  readonly name: string;
  /** Other names it answers to. */
  readonly aliases: readonly string[];
  /** One line for a person. */
  readonly summary: string;
  readonly direction: "higher" | "lower";
  readonly requires: Requirement;
  /** What one value is about: the known cells of a category, or of an image (the value is then a mean over images). */
  readonly over: "category" | "image";
  /**
   * All it sees of the scores: their order (then any increasing map leaves it alone), the side of the threshold they lie on, or the
   * probabilities themselves.
   */
  readonly reads: "order" | "answers" | "probabilities";
  /** Of an image with one class only, under oneSided "perfect"; null: the option does not concern it. */
  readonly oneSidedValue: number | null;
  /** Called only where `requires` is met. */
  readonly compute: (problem: BinaryProblem, options: MetricOptions) => number;
}

/** What a problem lacks for a metric of this requirement to be defined; null where nothing is missing. */
export function missingFor(requires: Requirement, { size, positives, negatives }: Pick<BinaryProblem, "size" | "positives" | "negatives">): UndefinedReason | null {
  if (size === 0) return "no-known-label";
  if (positives === 0 && (requires === "a-positive" || requires === "both-classes")) return "no-known-positive";
  if (negatives === 0 && (requires === "a-negative" || requires === "both-classes")) return "no-known-negative";
  return null;
}

/**
 * The metric of one problem: a number, or NaN with the reason why it is undefined. Under oneSided "perfect" an image of one class has the metric's own
 * value.
 */
export function metricValue(metric: Metric, problem: BinaryProblem, options: MetricOptions): { readonly value: number; readonly reason: UndefinedReason | null } {
  const reason = missingFor(metric.requires, problem);
  if (reason === null) return { value: metric.compute(problem, options), reason };
  if (problem.size > 0 && options.oneSided === "perfect" && metric.oneSidedValue !== null) return { value: metric.oneSidedValue, reason: null };
  return { value: Number.NaN, reason };
}
