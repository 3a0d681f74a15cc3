import { expected } from "../../errors.ts";
import { plattScaling, type Calibration } from "../../math/index.ts";
import { FIT, SELECTION } from "../../labels/index.ts";
import { knownCellsIn, rowsOf } from "../cells.ts";
import { heldOutScores } from "../thresholds/held-out-scores.ts";
import { cellsToCalibrate } from "../tune/install.ts";
import type { CategoryStory, HeldOutScores, PriorShift, TuneInput, TuneResult } from "../types.ts";

/**
 * Calibration of the installed heads beyond what the method itself did, and the prior shift (docs/methods/calibration.md).
 *
 * Platt scaling on held-out scores, folded into weights and bias: under "all" of kept and skipped heads with a known positive and a known negative there (never of
 * categories that were not asked for), and under "all" and "tuned" of heads tuned by the paper's variants with 200 cells; `auto` has calibrated its own. Then, where a prevalence is stated,
 * b += logit(stated) - logit(known): known is the share of positives among the cells that the head's probabilities were matched to. Nothing asked, nothing changed: then the result itself comes back.
 */
export function recalibrate(input: TuneInput, result: TuneResult): TuneResult {
  const { options } = input;
  for (const [name, share] of Object.entries(options.prevalence ?? {})) {
    if (!(share > 0 && share < 1)) throw expected(`prevalence of "${name}"`, "a number between 0 and 1", share);
  }
  const which = options.calibrate ?? (options.method === "auto" ? "tuned" : "none");
  const scaled = result.categories.map((story) => mayScale(story, which, options.method));
  const stated = result.categories.map((story) => (Object.hasOwn(options.prevalence ?? {}, story.name) ? options.prevalence![story.name] : null));
  if (!scaled.includes(true) && stated.every((share) => share === null)) return result;

  const scores = heldOutScores(input, result);
  const calibrations = result.categories.map((story, c) => (scaled[c] && scores !== null ? platt(scores, c, story.status === "tuned" ? cellsToCalibrate : 0) : null) ?? null);
  const trained = trainingShares(input);
  const shifts = result.categories.map((story, c): PriorShift | null => {
    const share = stated[c];
    if (share === null) return null;
    const known = calibrations[c] !== null || story.calibration !== null ? heldOutShare(scores!, c) : story.status === "tuned" && story.method === "auto" ? trained[c] : null;
    return { stated: share, known, shift: known === null ? 0 : logOdds(share) - logOdds(known) };
  });

  const { columns } = result.head;
  const weight = result.head.weight.slice();
  const bias = result.head.bias.slice();
  const logit = scores?.logit.slice() ?? new Float32Array(0);
  const categories = result.categories.map((story, c): CategoryStory => {
    const [calibration, prior] = [calibrations[c], shifts[c]];
    if (calibration === null && (prior === null || prior.known === null)) return prior === null ? story : { ...story, prior };
    const { slope, shift } = calibration ?? { slope: 1, shift: 0 };
    const move = shift + (prior?.shift ?? 0);
    for (let j = c * columns; j < (c + 1) * columns; j++) weight[j] *= slope;
    bias[c] = slope * bias[c] + move;
    if (scores !== null) for (let i = scores.start[c]; i < scores.start[c + 1]; i++) logit[i] = slope * logit[i] + move;
    return { ...story, calibration: calibration ?? story.calibration, ...(prior === null ? {} : { prior }) };
  });
  return { ...result, head: { ...result.head, weight, bias }, heldOut: scores === null ? null : { ...scores, logit }, categories };
}

function mayScale({ status, reason }: CategoryStory, which: "all" | "tuned" | "none", method: string): boolean {
  if (which === "none") return false;
  if (status === "tuned") return method !== "auto";
  return which === "all" && reason.code !== "not-asked-for";
}

function platt({ start, positive, logit }: HeldOutScores, c: number, fewest: number): Calibration | null {
  const labels = positive.subarray(start[c], start[c + 1]);
  const positives = labels.reduce((sum, one) => sum + one, 0);
  if (labels.length < fewest || positives === 0 || positives === labels.length) return null;
  return plattScaling(logit.subarray(start[c], start[c + 1]), labels);
}

function heldOutShare({ start, positive }: HeldOutScores, c: number): number {
  const labels = positive.subarray(start[c], start[c + 1]);
  return labels.reduce((sum, one) => sum + one, 0) / labels.length;
}

/** (C): the trusted share of positives among the cells that `auto` fits on; its free intercept makes that the mean probability there. */
function trainingShares({ labels, parts, options }: TuneInput): Float64Array {
  const used = options.fitOnly ? [FIT] : [FIT, SELECTION];
  const cells = knownCellsIn(labels, parts, used, rowsOf(parts, used));
  return Float64Array.from(labels.categories, (_, c) => {
    let [positive, all] = [0, 0];
    for (let i = cells.start[c]; i < cells.start[c + 1]; i++) {
      all += cells.weight[i];
      positive += cells.positive[i] * cells.weight[i];
    }
    return positive / all;
  });
}

function logOdds(share: number): number {
  return Math.log(share / (1 - share));
}
