/** Metrics by name, as the document of evaluate tells them: means over the categories (or images), and what each category has. */
import { expected } from "../errors.ts";
import { binaryProblem, confusionMatrix, findMetric, metricDefaults, metricNames, precisionRecallCurve, rocCurve, type Average, type MetricOptions, type MetricResult, type UndefinedReason } from "../math/index.ts";
import { evaluateMetrics, type CategoryEvaluation, type EvaluateInput, type Head } from "../learn/index.ts";

/** What a category has that is no number, by name. */
export const metricShapes = ["confusion_matrix", "precision_recall_curve", "roc_curve"] as const;
type Shape = (typeof metricShapes)[number];

/** Which metrics to compute, under which averages and options. */
export interface MetricsAsked {
  /** Names or aliases of the table, of `metricShapes`, and "all": every number of the table and the confusion matrix. Curves are large and come by name only. */
  readonly names: readonly string[];
  /** Default macro. */
  readonly averages: readonly Average[];
  readonly options?: Partial<MetricOptions>;
}

/** One metric under one average, as `--json` has it. */
export interface MetricMean {
  readonly name: string;
  readonly average: Average;
  readonly direction: "higher" | "lower";
  /** What the mean is over: categories, or images with a known cell. For micro: all known cells as one problem. */
  readonly over: "category" | "image";
  readonly value: number | null;
  /** Why the value is null. */
  readonly reason?: string;
  /** Categories (images) the value speaks for, and those left out as undefined. */
  readonly defined: number;
  readonly skipped: number;
}

/** Counts at the threshold: [[true negatives, false positives], [false negatives, true positives]]. */
export type ConfusionRows = readonly (readonly [number, number])[];

/** One point per distinct logit; thresholds are logits, and null where a curve's end has none to give (calling nothing positive). */
export type CurveJson = Readonly<Record<string, readonly (number | null)[]>>;

/** What a metric is for one category: a number, a confusion matrix, a curve, or null with a reason. */
export interface MetricEntry {
  readonly value: number | ConfusionRows | CurveJson | null;
  /** Why the value is null. */
  readonly reason?: string;
}

/** Metrics by name, as the document of `evaluate --json` has them. */
export interface JudgedMetrics {
  readonly means: readonly MetricMean[];
  /** One per category, in their order: what is over categories, by its name in the table. */
  readonly categories: readonly Readonly<Record<string, MetricEntry>>[];
  /** What was asked for, spelled out, and the options with their defaults. */
  readonly asked: { readonly metrics: readonly string[]; readonly averages: readonly Average[]; readonly options: MetricOptions };
}

/** `evaluations` are those of the same input. Errors: usage.invalid-value for names that do not exist and options out of their range. */
export function judgeMetrics(input: EvaluateInput & { readonly head: Head }, evaluations: readonly CategoryEvaluation[], { names, averages, options = {} }: MetricsAsked): JudgedMetrics {
  const { numbers, shapes } = resolveMetrics(names);
  const asked = { ...metricDefaults, ...options };
  // Values per category are told whatever mean is asked for.
  const { results } = evaluateMetrics(input, { ...asked, metrics: numbers, averages: [...new Set([...averages, "none" as const])] });
  const each = results.filter((one) => one.average === "none");
  return {
    means: results.filter((one) => one.average !== "none").map(meanOf),
    categories: evaluations.map((category, c) => Object.fromEntries([...each.map((one): [string, MetricEntry] => [one.metric.name, entry(one.categories!.values[c]!, one.categories!.reasons[c]!)]), ...shapes.map((shape): [string, MetricEntry] => [shape, shapeOf(shape, category, asked, c)])])),
    asked: { metrics: [...numbers, ...shapes], averages, options: asked },
  };
}

/** Names of the table and shapes, each once, in the order asked. Errors: usage.invalid-value. */
export function resolveMetrics(names: readonly string[]): { readonly numbers: readonly string[]; readonly shapes: readonly Shape[] } {
  const whole = names.flatMap((name) => (name === "all" ? [...metricNames, "confusion_matrix"] : [name]));
  const shapes = metricShapes.filter((shape) => whole.includes(shape));
  const numbers = whole.filter((name) => !shapes.some((shape) => shape === name)).map((name) => findMetric(name).name);
  if (whole.length === 0) throw expected("metrics", "one or more names", "none");
  return { numbers: [...new Set(numbers)], shapes };
}

function meanOf({ metric, average, value, reason, defined, skipped }: MetricResult): MetricMean {
  return { name: metric.name, average, direction: metric.direction, over: metric.over, ...entry(value!, reason, metric.over), defined, skipped };
}

/** JSON knows neither NaN nor Infinity. */
function entry(value: number, reason: UndefinedReason | null, over: MetricMean["over"] = "category"): { value: number | null; reason?: string } {
  if (Number.isFinite(value)) return { value };
  if (reason === null) return { value: null, reason: "infinite: something was held certain that is not so" };
  return { value: null, reason: reason === "nothing-to-average" ? `no ${over} to average over` : reasons[reason] };
}

const reasons: Readonly<Record<Exclude<UndefinedReason, "nothing-to-average">, string>> = {
  "no-known-label": "no known label in this part",
  "no-known-positive": "no known positive in this part",
  "no-known-negative": "no known negative in this part",
};

function shapeOf(shape: Shape, { logits, positives, positive, negative, reason }: CategoryEvaluation, { threshold }: MetricOptions, c: number): MetricEntry {
  const needsBoth = shape !== "confusion_matrix";
  if (positive + negative === 0 || (needsBoth && (positive === 0 || negative === 0))) return { value: null, reason: reason! };
  const problem = binaryProblem(logits, positives, { from: "logits", threshold: typeof threshold === "number" ? threshold : threshold[c]! });
  if (shape === "confusion_matrix") return { value: confusionMatrix(problem.confusion) };
  const curve = shape === "roc_curve" ? rocCurve(problem) : precisionRecallCurve(problem);
  return { value: Object.fromEntries(Object.entries(curve).map(([name, values]) => [name, Array.from(values, (value) => (Number.isFinite(value) ? value : null))])) };
}
