import type { Calibration } from "../../math/index.ts";
import { FIT, SELECTION, type Parts } from "../../labels/index.ts";
import { countClasses } from "../cells.ts";
import type { CategoryStory, PooledStory, Reason, TuneInput, TuneResult, TuneWarning } from "../types.ts";
import type { CategoryEvidence } from "./acceptance.ts";
import { blocksFor } from "./blocks.ts";
import { choose, type Choice } from "./choose.ts";
import { crossFittedLogits, refitBases, type RefittedBases } from "./cross-fit.ts";
import { featureLimitWarning } from "./feature-limit.ts";
import { foldCount } from "./folds.ts";
import { heldOutLogits, type HeldOut } from "./held-out.ts";
import { calibrate, install, installedScores } from "./install.ts";
import { memorisedWarning } from "./memorised.ts";
import { finish } from "./finish.ts";
import { finalCells, type PathSetting } from "./path.ts";
import { paced } from "../steps.ts";
import { penaltyMetricInSteps } from "./penalty-metric.ts";
import { rankingMetric } from "./selection-metric.ts";
import { baseLogits, tuneSetting, type TuneSetting } from "./setting.ts";
import { defaultStrengthIndex, kappas } from "./strengths.ts";
import { startWarnings, tooFewLabels } from "./warnings.ts";

/**
 * `auto` (METHOD 4.2): the regularisation path from the base head, solved instead of trained; one strength chosen and every
 * category accepted or kept by the evidence of all categories together, decided before the final fits.
 *
 * The evidence is held-out selection cells. Without a category that can be scored on them, or where the base was trained on them, it is
 * held-out fit cells with the base refitted for each fold, if the base was trained here (input.baseStrategy). Otherwise there is nothing
 * to choose by: the default strength is used for every eligible category, nothing is accepted on evidence, and the result says that the
 * gain is unverified (METHOD 2).
 */
export async function tuneAuto(input: TuneInput): Promise<TuneResult> {
  const setting = tuneSetting({ ...input, parts: partsToTuneOn(input) }, false);
  const { wanted, checkpoint } = setting;
  const { kernels, options, labels } = input;
  if (!wanted.includes(1)) return untouched(setting);
  const decidedOn = evidenceOf(setting);
  const logits = baseLogits(setting);
  const warnings: TuneWarning[] = startWarnings(setting, logits);
  const bases = decidedOn === "cross-fitting" ? await refitBases(setting, input.baseStrategy!, logits.raw) : null;
  logits.raw.dispose();
  await checkpoint({ phase: "penalty metric", done: 0, total: 100 });
  const metric = await paced(penaltyMetricInSteps(kernels, input.features, setting.rows, setting.fitRows, turnsOf(setting, decidedOn)), (share) => checkpoint({ phase: "penalty metric", done: Math.floor(100 * share), total: 100 }));
  await checkpoint({ phase: "penalty metric", done: 100, total: 100 });
  const path: PathSetting = {
    kernels,
    metric,
    judgedBy: rankingMetric(options.metric),
    fitCells: setting.fitCells,
    fitOffset: logits.fit,
    selectionCells: setting.selectionCells,
    selectionOffset: logits.selection,
    wanted,
    pause: setting.pause,
  };

  const defaultIndex = defaultStrengthIndex(meanKnownCells(setting));
  const heldOut = decidedOn === "nothing" ? null : await holdOut(setting, path, bases);
  if (heldOut !== null) warnings.push(...[tooFewLabels(setting, heldOut.cells), featureLimitWarning(heldOut.training, labels.categories)].filter((one) => one !== null));
  if (decidedOn === "selection") {
    const memorised = await memorisedWarning(setting, path, defaultIndex, (done, total) => checkpoint({ phase: "memorised images", done, total }));
    if (memorised !== null) warnings.push(memorised);
  }
  const choice = heldOut === null ? null : await choose(setting, heldOut, defaultIndex);
  const chosenIndex = choice?.index ?? defaultIndex;
  const accepted = Uint8Array.from(wanted, (want, c) => (want === 1 && (choice?.acceptance.accepted[c] ?? true) ? 1 : 0));

  // Heads that were solved beside those that scored held-out cells, or are the same, need not be fitted a second time.
  const solved = heldOut?.heads?.[chosenIndex];
  const final =
    solved === undefined
      ? await finish(input, { ...path, wanted: accepted }, { fitOnly: options.fitOnly, index: chosenIndex, blocks: heldOut?.blocks ?? blocksFor(path, foldCount + 1) }, (done, total) => checkpoint({ phase: "final fit", done, total }))
      : { ...solved, steps: solved.steps.map((count, c) => (accepted[c] === 1 ? count : 0)), finished: accepted };
  const { finished } = final;
  const E = metric.axes;
  const calibrations = labels.categories.map((_, c) => (finished[c] === 1 && heldOut !== null && options.calibrate !== "none" ? calibrate(heldOut, chosenIndex, c) : null));
  const head = install(input.base, finished, calibrations, (c) => metric.toRaw(final.u.subarray(c * E, (c + 1) * E), final.v[c], c));
  metric.dispose();

  const categories = labels.categories.map((_, c) => categoryStory(setting, { heldOut, choice, accepted, finished, chosenIndex, calibrations, steps: final.steps }, c));
  const pooled = pooledStory(setting, decidedOn, defaultIndex, choice);
  const stuck = final.converged.filter((done, c) => finished[c] === 1 && done === 0).length;
  if (decidedOn === "nothing" && options.selectionSeen !== true) {
    warnings.push({
      code: "no-selection-part",
      message: "No category has a known positive and a known negative in the selection part, so the gain is unverified: the default strength was used.",
      params: { strength: kappas[defaultIndex] },
    });
  }
  if (stuck > 0) warnings.push({ code: "not-converged", message: `The solver stopped early in ${stuck} categories.`, params: { categories: stuck } });
  const scores = heldOut === null ? null : installedScores(heldOut, chosenIndex, finished, calibrations, (row) => setting.rows[row]);
  const source = decidedOn === "cross-fitting" ? decidedOn : options.fitOnly ? "selection" : "folds";
  return { head, heldOut: scores === null ? null : { ...scores, source }, categories, pooled, warnings, kernels: kernels.name };
}

/** Passes over the cells that a path takes, about (scripts/solver-passes.ts); each turns its heads to the features and their gradients back. */
const passesOfAPath = 90;

/**
 * How often heads will be turned where rows are not (see penaltyMetric): for every fold a path, and one for the final heads where they are not those that are judged. Of all categories, wanted or not, so that
 * what becomes of one does not hang on which others were asked for.
 */
function turnsOf({ input }: TuneSetting, decidedOn: NonNullable<PooledStory["decidedOn"]>): number {
  const paths = decidedOn === "nothing" || (input.options.fitOnly && decidedOn === "selection") ? 1 : foldCount + 1;
  return 2 * passesOfAPath * paths * input.labels.categories.length;
}

/** Nothing is eligible: the base as it is, with the reasons. */
function untouched(setting: TuneSetting): TuneResult {
  const { labels, base, kernels } = setting.input;
  const C = labels.categories.length;
  const nothing: Outcome = { heldOut: null, choice: null, accepted: new Uint8Array(C), finished: new Uint8Array(C), chosenIndex: 0, calibrations: labels.categories.map(() => null), steps: new Uint32Array(C) };
  return {
    head: { ...base, weight: base.weight.slice(), bias: base.bias.slice() },
    categories: labels.categories.map((_, c) => categoryStory(setting, nothing, c)),
    pooled: pooledStory(setting, "nothing", defaultStrengthIndex(0), null),
    warnings: [],
    kernels: kernels.name,
  };
}

interface Outcome {
  readonly heldOut: HeldOut | null;
  readonly choice: Choice | null;
  readonly accepted: Uint8Array;
  /** (C): 1 for accepted categories whose final fit was made. */
  readonly finished: Uint8Array;
  readonly chosenIndex: number;
  readonly calibrations: readonly (Calibration | null)[];
  readonly steps: Uint32Array;
}

function categoryStory(setting: TuneSetting, { heldOut, choice, accepted, finished, chosenIndex, calibrations, steps }: Outcome, c: number): CategoryStory {
  const right = setting.eligibility[c];
  const evidence = choice?.evidence[c] ?? null;
  const probability = choice === null || right.refusal !== null ? null : choice.acceptance.probability[c];
  const status = right.refusal !== null ? "skipped" : finished[c] === 1 ? "tuned" : "kept";
  return {
    name: setting.input.labels.categories[c],
    status,
    reason: right.refusal ?? (accepted[c] > finished[c] ? { code: "not-finished", params: {} } : reasonFor(accepted[c] === 1, evidence, probability, setting.input.options.strict)),
    method: status === "tuned" ? "auto" : "base",
    strength: status === "tuned" ? kappas[chosenIndex] : null,
    known: setting.known[c],
    fit: right.fit,
    selectionCells: heldOut === null ? right.selection : countClasses(heldOut.cells, c),
    selection: { before: choice?.before[c] ?? null, after: choice?.after[c] ?? null },
    evidence: evidence === null ? null : { ...evidence, probability },
    calibration: calibrations[c],
    iterations: steps[c],
  };
}

function pooledStory({ input }: TuneSetting, decidedOn: NonNullable<PooledStory["decidedOn"]>, defaultIndex: number, choice: Choice | null): PooledStory {
  return {
    kappas,
    defaultIndex,
    chosenIndex: choice?.index ?? defaultIndex,
    meanByStrength: choice?.meanByStrength ?? kappas.map(() => Number.NaN),
    gainMean: choice?.acceptance.gainMean ?? 0,
    gainSpread: choice?.acceptance.gainSpread ?? 0,
    folds: input.options.fitOnly && decidedOn !== "cross-fitting" ? 0 : foldCount,
    verified: choice !== null,
    decidedOn,
  };
}

/** Selection images that the base has seen are as good as fit images where cross-fitting makes up for it. */
function partsToTuneOn({ parts, options, baseStrategy }: TuneInput): Parts {
  if (options.selectionSeen !== true || baseStrategy === undefined || options.fitOnly) return parts;
  return { ...parts, part: parts.part.map((own) => (own === SELECTION ? FIT : own)) };
}

function evidenceOf({ input, eligibility }: TuneSetting): "selection" | "cross-fitting" | "nothing" {
  if (input.options.selectionSeen !== true && eligibility.some((one) => one.refusal === null && one.scorable)) return "selection";
  return input.baseStrategy !== undefined && eligibility.some((one) => one.refusal === null) ? "cross-fitting" : "nothing";
}

async function holdOut(setting: TuneSetting, path: PathSetting, bases: RefittedBases | null): Promise<HeldOut> {
  const { labels, options } = setting.input;
  const report = (done: number, total: number): Promise<void> => setting.checkpoint({ phase: "strengths", done, total });
  if (bases !== null) return crossFittedLogits(path, bases, setting.fitRows, (own) => finalCells(own, options.fitOnly), report);
  const fold = { fitOnly: options.fitOnly, groupIdOf: setting.groupIdOf, categories: labels.categories, seed: options.seed };
  return heldOutLogits(path, fold, setting.selectionRows, report);
}

function reasonFor(accepted: boolean, evidence: CategoryEvidence | null, probability: number | null, strict: boolean): Reason {
  if (evidence === null) return { code: "unverified-default", params: {} };
  const params = { probability: probability ?? Number.NaN, ...(evidence.gain === null ? {} : { gain: evidence.gain }) };
  if (accepted) return { code: evidence.gain === null ? "accepted-pooled" : "accepted", params };
  return { code: strict ? "not-enough-evidence" : "likely-harm", params };
}

/** n of METHOD 4.2.4: mean known cells per category used to fit. */
function meanKnownCells(setting: TuneSetting): number {
  const eligible = setting.eligibility.filter((one) => one.refusal === null);
  if (eligible.length === 0) return 0;
  const used = eligible.map(({ fit, selection }) => {
    const fitCells = fit.positive + fit.negative;
    return setting.input.options.fitOnly ? fitCells : fitCells + selection.positive + selection.negative;
  });
  return used.reduce((sum, n) => sum + n, 0) / used.length;
}
