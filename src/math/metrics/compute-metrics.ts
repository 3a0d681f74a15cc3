import { expected } from "../../errors.ts";
import { averages as averageNames, meanOverGroups, type Average, type GroupValues, type MeanValue } from "./averages.ts";
import { BinaryProblem, checkScores, checkThreshold, thresholdFor, type ProblemColumns, type ScoreKind } from "./binary-problem.ts";
import { metricDefaults, metricValue, type Metric, type MetricOptions, type UndefinedReason } from "./metric.ts";
import { findMetric, metrics as table } from "./table.ts";

/** Known cells with their scores, by category: those of category c are start[c] .. start[c+1]-1. Unknown cells are not there. */
export interface ScoredCells extends ScoreKind {
  /** N: cells' images are 0 .. N-1. */
  readonly images: number;
  /** (C+1) */
  readonly start: Uint32Array;
  /** (M): the image of each cell. */
  readonly row: Uint32Array;
  /** (M): 1 positive, 0 negative. */
  readonly positive: Uint8Array;
  /** (M) */
  readonly scores: Float32Array | Float64Array;
}

/** Which metrics, under which averages and options; what is not said has its default. */
export interface MetricsRequest extends Partial<MetricOptions> {
  /** Names or aliases; a metric of one's own may stand for its name. All of the table when absent. */
  readonly metrics?: readonly (string | Metric)[];
  /** Of the metrics over categories; default macro. Those over images have one mean, over images, whatever is asked. */
  readonly averages?: readonly Average[];
}

/** One metric under one average. */
export interface MetricResult {
  readonly metric: Metric;
  readonly average: Average;
  /** null for the average "none"; NaN where undefined. */
  readonly value: number | null;
  readonly reason: UndefinedReason | null;
  /** Groups the value speaks for, and groups skipped as undefined: categories; images with a known cell for "samples"; one for "micro". */
  readonly defined: number;
  readonly skipped: number;
  /** Per category (C) for macro, weighted and none; null for micro and samples. */
  readonly categories: GroupValues | null;
}

/**
 * The chosen metrics, each with every chosen average, in the order asked. Pure and deterministic; each problem is sorted once, however
 * many metrics look at its order. The scores are never guessed to be logits or probabilities.
 *
 * Throws on an unknown metric or average, an option out of its range, arrays that disagree, NaN, and a probability outside [0, 1].
 */
export function computeMetrics(cells: ScoredCells, request: MetricsRequest = {}): MetricResult[] {
  const options = checkOptions({ ...metricDefaults, ...request }, cells.start.length - 1);
  checkScoredCells(cells);
  const chosen = (request.metrics ?? table).map((metric) => (typeof metric === "string" ? findMetric(metric) : metric));
  const asked = request.averages ?? ["macro"];
  for (const average of asked) if (!averageNames.includes(average)) throw expected("average", `one of ${averageNames.join(", ")}`, average);

  const wanted = chosen.flatMap((metric) => (metric.over === "image" ? ["samples" as const] : asked).map((average) => ({ metric, average })));
  const columns = columnsOf(cells, options);
  const positives = positivesPerCategory(cells);
  const metricsWith = (grouping: Grouping): Metric[] => [...new Set(wanted.filter(({ average }) => groupings[average] === grouping).map(({ metric }) => metric))];
  const valuesOf: Record<Grouping, Map<Metric, GroupValues>> = {
    categories: valuesPerGroup(metricsWith("categories"), columns, cells.start, options),
    all: valuesPerGroup(metricsWith("all"), columns, Uint32Array.of(0, cells.row.length), options),
    images: valuesPerImage(metricsWith("images"), cells, columns, options),
  };
  return wanted.map(({ metric, average }): MetricResult => {
    const values = valuesOf[groupings[average]].get(metric)!;
    return { metric, average, ...summary(average, values, positives), categories: groupings[average] === "categories" ? values : null };
  });
}

/**
 * The known cells of each category as a problem of its own (C): the way to its curves, confusion matrix or fixed points, with the checks
 * and the threshold rule of computeMetrics. threshold: of all categories or of each, default .5.
 */
export function categoryProblems(cells: ScoredCells, threshold: MetricOptions["threshold"] = metricDefaults.threshold): BinaryProblem[] {
  const options = checkOptions({ ...metricDefaults, threshold }, cells.start.length - 1);
  checkScoredCells(cells);
  const columns = columnsOf(cells, options);
  return Array.from({ length: cells.start.length - 1 }, (_, c) => new BinaryProblem(columns, cells.start[c], cells.start[c + 1]));
}

type Grouping = "categories" | "all" | "images";

const groupings: Readonly<Record<Average, Grouping>> = { macro: "categories", weighted: "categories", none: "categories", micro: "all", samples: "images" };

function summary(average: Average, values: GroupValues, positives: Uint32Array): Omit<MeanValue, "value"> & { readonly value: number | null } {
  const mean = meanOverGroups(values, average === "weighted" ? positives : undefined);
  if (average === "none") return { ...mean, value: null, reason: null };
  // One problem: its own reason says more than that there was nothing to average.
  if (average === "micro") return { ...mean, reason: values.reasons[0] };
  return mean;
}

/** Groups are start[g] .. start[g+1]-1 of the columns. */
function valuesPerGroup(chosen: readonly Metric[], columns: ProblemColumns, start: Uint32Array, options: MetricOptions): Map<Metric, GroupValues> {
  const G = start.length - 1;
  const all = chosen.map((metric) => ({ metric, values: new Float64Array(G), reasons: new Array<UndefinedReason | null>(G).fill(null) }));
  for (let g = 0; g < G && all.length > 0; g++) {
    const problem = new BinaryProblem(columns, start[g], start[g + 1]);
    for (const { metric, values, reasons } of all) {
      const { value, reason } = metricValue(metric, problem, options);
      values[g] = value;
      reasons[g] = reason;
    }
  }
  return new Map(all.map(({ metric, values, reasons }) => [metric, { values, reasons }]));
}

/** Groups are the images that have a known cell. */
function valuesPerImage(chosen: readonly Metric[], cells: ScoredCells, columns: ProblemColumns, options: MetricOptions): Map<Metric, GroupValues> {
  if (chosen.length === 0) return new Map();
  const next = new Uint32Array(cells.images + 1);
  for (const image of cells.row) next[image + 1] += 1;
  for (let image = 0; image < cells.images; image++) next[image + 1] += next[image];
  // Where one image's cells end the next one's start; images without a known cell repeat their neighbour's and fall out.
  const start = next.filter((at, image) => image === 0 || at !== next[image - 1]);
  const order = new Uint32Array(cells.row.length);
  cells.row.forEach((image, cell) => {
    order[next[image]++] = cell;
  });
  return valuesPerGroup(chosen, gather(columns, order), start, options);
}

/** The cells in another order. */
function gather({ scores, labels, predicted, from }: ProblemColumns, order: Uint32Array): ProblemColumns {
  const moved = { from, scores: scores.slice(), labels: labels.slice(), predicted: predicted.slice() };
  for (let i = 0; i < order.length; i++) {
    moved.scores[i] = scores[order[i]];
    moved.labels[i] = labels[order[i]];
    moved.predicted[i] = predicted[order[i]];
  }
  return moved;
}

/** Answers at the thresholds: made here, by category, so that thresholds per category also hold within images and over all cells. */
function columnsOf({ scores, positive, start, from }: ScoredCells, { threshold }: MetricOptions): ProblemColumns {
  const predicted = new Uint8Array(positive.length);
  for (let c = 0; c + 1 < start.length; c++) {
    const limit = thresholdFor(typeof threshold === "number" ? threshold : threshold[c], { from });
    for (let i = start[c]; i < start[c + 1]; i++) predicted[i] = scores[i] > limit ? 1 : 0;
  }
  return { scores, labels: positive, predicted, from };
}

function positivesPerCategory({ start, positive }: ScoredCells): Uint32Array {
  const sums = new Uint32Array(start.length - 1);
  for (let c = 0; c < sums.length; c++) for (let i = start[c]; i < start[c + 1]; i++) sums[c] += positive[i];
  return sums;
}

/** More bins than that tell nothing, and need memory for it. */
const mostBins = 1_000_000;

function checkOptions(options: MetricOptions, C: number): MetricOptions {
  const { threshold, beta, bins, atLeast, oneSided } = options;
  if (typeof threshold === "number") checkThreshold("threshold", threshold);
  else if (threshold.length !== C) throw expected("threshold", `a probability, or one for each of the ${C} categories`, threshold.length);
  else for (let c = 0; c < C; c++) checkThreshold(`threshold[${c}]`, threshold[c]);
  if (!(beta > 0 && beta < Infinity)) throw expected("beta", "a number greater than 0", beta);
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= mostBins)) throw expected("bins", `a whole number from 1 to ${mostBins}`, bins);
  if (!(atLeast >= 0 && atLeast <= 1)) throw expected("atLeast", "a rate in [0, 1]", atLeast);
  if (oneSided !== "undefined" && oneSided !== "perfect") throw expected("oneSided", '"undefined" or "perfect"', oneSided);
  return options;
}

function checkScoredCells(cells: ScoredCells): void {
  const { images, start, row, positive, scores } = cells;
  const M = row.length;
  if (start.length < 1 || start[0] !== 0 || start[start.length - 1] !== M) throw expected("cells.start", `starts of categories from 0 to the ${M} cells`, [...start.subarray(0, 8)]);
  for (let c = 0; c + 1 < start.length; c++) if (start[c] > start[c + 1]) throw expected("cells.start", "ascending starts", [start[c], start[c + 1]]);
  for (const [name, array] of Object.entries({ positive, scores })) {
    if (array.length !== M) throw expected(`cells.${name}`, `one for each of the ${M} cells`, array.length);
  }
  for (let i = 0; i < M; i++) {
    if (row[i] >= images) throw expected(`cells.row[${i}]`, `an image below ${images}`, row[i]);
    if (positive[i] > 1) throw expected(`cells.positive[${i}]`, "0 or 1", positive[i]);
  }
  checkScores(scores, cells);
}
