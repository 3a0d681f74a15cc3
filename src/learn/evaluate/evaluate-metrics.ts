import { expected } from "../../errors.ts";
import { computeMetrics, type MetricResult, type MetricsRequest, type ScoreKind } from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { countClasses, knownCellsIn, rowsOf, type KnownCells } from "../cells.ts";
import type { Head } from "../types.ts";
import { knownLogits, type EvaluateInput } from "./known-logits.ts";

/** Metrics of one part, with what they stand on. */
export interface MetricsEvaluation {
  /** In the order of the label matrix, and of the results' `categories`. */
  readonly categories: readonly { readonly name: string; readonly positive: number; readonly negative: number }[];
  /** Images of the part, with or without a known cell. */
  readonly images: number;
  /** One per metric and average, in the order asked. */
  readonly results: readonly MetricResult[];
}

/**
 * Judges a head on the known cells of a part by any metrics of math/metrics: by name, with averages, threshold(s) and other options as
 * `request` says. Every known cell counts once, whatever its weight: weights say how far to trust a label in training.
 *
 * Throws where the head's categories are not the labels', and what computeMetrics throws.
 */
export function evaluateMetrics(input: EvaluateInput & { readonly head: Head }, request: MetricsRequest = {}): MetricsEvaluation {
  const { labels, head, features } = input;
  if (head.columns !== features.columns) throw expected("head", `${features.columns} weights per category, one per feature`, head.columns);
  const other = labels.categories.findIndex((name, c) => head.categories[c] !== name);
  if (other >= 0 || head.categories.length !== labels.categories.length) {
    throw expected("head.categories", `the ${labels.categories.length} categories of the labels, in their order`, other >= 0 ? head.categories[other] : head.categories.length);
  }
  const { cells, rows, logits } = knownLogits(input, [head]);
  return evaluation(labels, rows, cells, logits[0], "logits", request);
}

/** Scores from anywhere, with the labels of one part to judge them by. */
export interface EvaluateScoresInput extends ScoreKind {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** FIT, SELECTION or REPORT. */
  readonly part: number;
  /** (N*C), row-major: row i belongs to labels.imageIds[i], column c to labels.categories[c]. Scores of unknown cells are not read. */
  readonly scores: Float32Array | Float64Array;
}

/**
 * The metrics of `evaluateMetrics` for scores from anywhere: another tool's probabilities, an ensemble. `from` says what they are; nothing is guessed
 * from their range.
 */
export function evaluateScores({ labels, parts, part, scores, from }: EvaluateScoresInput, request: MetricsRequest = {}): MetricsEvaluation {
  const [N, C] = [labels.imageIds.length, labels.categories.length];
  if (scores.length !== N * C) throw expected("scores", `${N} x ${C} = ${N * C} numbers`, scores.length);
  const { rows, position } = rowsOf(parts, [part]);
  const cells = knownCellsIn(labels, parts, [part], { rows, position });
  const known = scores instanceof Float32Array ? new Float32Array(cells.row.length) : new Float64Array(cells.row.length);
  for (let c = 0; c < C; c++) for (let i = cells.start[c]; i < cells.start[c + 1]; i++) known[i] = scores[rows[cells.row[i]] * C + c];
  return evaluation(labels, rows, cells, known, from, request);
}

function evaluation(
  labels: PartialLabels,
  rows: Uint32Array,
  cells: KnownCells,
  scores: Float32Array | Float64Array,
  from: ScoreKind["from"],
  request: MetricsRequest,
): MetricsEvaluation {
  const { start, row, positive } = cells;
  return {
    categories: labels.categories.map((name, c) => ({ name, ...countClasses(cells, c) })),
    images: rows.length,
    results: computeMetrics({ from, images: rows.length, start, row, positive, scores }, request),
  };
}
