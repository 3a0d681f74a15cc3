import { plattScaling, type Calibration } from "../../math/index.ts";
import type { CategoryStory, Head, PooledStory, Reason, TuneResult, TuneWarning } from "../types.ts";
import { decideAcceptance, type Acceptance, type CategoryEvidence } from "./acceptance.ts";
import { finiteDeviation, finiteMean, selectionEvidence, type Evidence } from "./evidence.ts";
import { foldCount } from "./folds.ts";
import { finalHeads, heldOutLogits, type HeldOut, type PathSetting } from "./held-out.ts";
import { leakWarnings } from "./leak.ts";
import { penaltyMetric } from "./penalty-metric.ts";
import { baseLogits, type TuneSetting } from "./setting.ts";
import { chooseStrength, defaultStrengthIndex, kappas } from "./strengths.ts";

/**
 * `auto` (METHOD 4.2): the regularisation path from the base head, solved instead of trained; one strength chosen and every
 * category accepted or kept by the evidence of all categories together, decided before the final fits.
 *
 * Without a category that can be scored on selection cells there is nothing to choose by: the default strength is used for every
 * eligible category, nothing is accepted on evidence, and the result says that the gain is unverified (METHOD 2).
 */
export async function tuneAuto(setting: TuneSetting): Promise<TuneResult> {
  const { input, wanted, eligibility, checkpoint } = setting;
  const { kernels, options, labels } = input;
  const { raw, fit: fitOffset, selection: selectionOffset } = baseLogits(setting);
  raw.dispose();
  await checkpoint({ phase: "penalty metric", done: 0, total: 1 });
  const metric = penaltyMetric(kernels, input.features, setting.rows, setting.fitRows);
  await checkpoint({ phase: "penalty metric", done: 1, total: 1 });
  const path: PathSetting = { kernels, metric, fitCells: setting.fitCells, fitOffset, selectionCells: setting.selectionCells, selectionOffset, wanted };

  const defaultIndex = defaultStrengthIndex(meanKnownCells(setting));
  const scorable = eligibility.some((one) => one.refusal === null && one.scorable);
  const choice = scorable ? await choose(setting, path, selectionOffset, defaultIndex) : null;
  const chosenIndex = choice?.index ?? defaultIndex;
  const accepted = Uint8Array.from(wanted, (want, c) => (want === 1 && (choice?.acceptance.accepted[c] ?? true) ? 1 : 0));

  const final = await finalHeads({ ...path, wanted: accepted }, { fitOnly: options.fitOnly, index: chosenIndex }, (done, total) =>
    checkpoint({ phase: "final fit", done, total }),
  );
  const E = metric.matrix.columns;
  const calibrations = labels.categories.map((_, c) => (accepted[c] === 1 && choice !== null ? calibrate(setting, choice.heldOut, chosenIndex, c) : null));
  const head = install(input.base, accepted, calibrations, (c) => metric.toRaw(final.u.subarray(c * E, (c + 1) * E), final.v[c]));
  metric.matrix.dispose();

  const categories = labels.categories.map((name, c): CategoryStory => {
    const right = eligibility[c];
    const evidence = choice?.evidence[c] ?? null;
    const probability = choice === null || right.refusal !== null ? null : choice.acceptance.probability[c];
    const status = right.refusal !== null ? "skipped" : accepted[c] === 1 ? "tuned" : "kept";
    return {
      name,
      status,
      reason: right.refusal ?? reasonFor(accepted[c] === 1, evidence, probability, options.strict),
      method: status === "tuned" ? "auto" : "base",
      strength: status === "tuned" ? kappas[chosenIndex] : null,
      known: setting.known[c],
      fit: right.fit,
      selectionCells: right.selection,
      selection: { before: choice?.before[c] ?? null, after: choice?.after[c] ?? null },
      evidence: evidence === null ? null : { ...evidence, probability },
      calibration: calibrations[c],
      iterations: final.steps[c],
    };
  });
  const pooled: PooledStory = {
    kappas,
    defaultIndex,
    chosenIndex,
    meanByStrength: choice?.meanByStrength ?? kappas.map(() => Number.NaN),
    gainMean: choice?.acceptance.gainMean ?? 0,
    gainSpread: choice?.acceptance.gainSpread ?? 0,
    folds: options.fitOnly ? 0 : foldCount,
    verified: choice !== null,
  };
  const stuck = final.converged.filter((done, c) => accepted[c] === 1 && done === 0).length;
  const warnings: TuneWarning[] = [...leakWarnings(setting, fitOffset, selectionOffset)];
  if (choice === null) {
    warnings.push({
      code: "no-selection-part",
      message: "No category has a known positive and a known negative in the selection part, so the gain is unverified: the default strength was used.",
      params: { strength: kappas[defaultIndex] },
    });
  }
  if (stuck > 0) warnings.push({ code: "not-converged", message: `The solver stopped early in ${stuck} categories.`, params: { categories: stuck } });
  return { head, categories, pooled, warnings, kernels: kernels.name };
}

interface Choice {
  readonly index: number;
  readonly acceptance: Acceptance;
  readonly evidence: readonly CategoryEvidence[];
  readonly meanByStrength: readonly number[];
  readonly before: readonly (number | null)[];
  readonly after: readonly (number | null)[];
  readonly heldOut: HeldOut;
}

async function choose(setting: TuneSetting, path: PathSetting, baseSelection: Float32Array, defaultIndex: number): Promise<Choice> {
  const { input, wanted, checkpoint } = setting;
  const { options, labels } = input;
  const fold = { fitOnly: options.fitOnly, imageIdOf: setting.imageIdOf, categories: labels.categories, seed: options.seed };
  const heldOut = await heldOutLogits(path, fold, (done, total) => checkpoint({ phase: "strengths", done, total }));
  const evidence = await selectionEvidence(
    setting.selectionCells,
    [...heldOut.logits, baseSelection],
    setting.selectionRows,
    setting.groupIdOf,
    { metric: options.metric, seed: options.seed, wanted },
    (done, total) => checkpoint({ phase: "evidence", done, total }),
  );
  const meanByStrength = kappas.map((_, k) => finiteMean(evidence.point[k]));
  const replicates = Array.from({ length: evidence.replicates[0].length }, (_, r) => kappas.map((__, k) => finiteMean(evidence.replicates[k][r])));
  const index = chooseStrength(meanByStrength, replicates, defaultIndex);
  const perCategory = labels.categories.map((_, c) => categoryEvidence(evidence, index, c));
  // Categories that may not be tuned have no say in what the others' gains look like.
  const eligible = labels.categories.map((_, c) => c).filter((c) => wanted[c] === 1);
  const decided = decideAcceptance(
    eligible.map((c) => perCategory[c]),
    options.strict,
  );
  const probability = new Array<number>(labels.categories.length).fill(Number.NaN);
  const accepted = new Array<boolean>(labels.categories.length).fill(false);
  eligible.forEach((c, i) => {
    probability[c] = decided.probability[i];
    accepted[c] = decided.accepted[i];
  });
  return {
    index,
    acceptance: { ...decided, probability, accepted },
    evidence: perCategory,
    meanByStrength,
    before: evidence.point[kappas.length].map(orNull),
    after: evidence.point[index].map(orNull),
    heldOut,
  };
}

function categoryEvidence(evidence: Evidence, index: number, c: number): CategoryEvidence {
  const base = kappas.length;
  const gain = evidence.point[index][c] - evidence.point[base][c];
  const differences = evidence.replicates[index].map((row, r) => row[c] - evidence.replicates[base][r][c]);
  const deviation = finiteDeviation(differences);
  return Number.isFinite(gain) && Number.isFinite(deviation) ? { gain, deviation } : { gain: null, deviation: null };
}

function reasonFor(accepted: boolean, evidence: CategoryEvidence | null, probability: number | null, strict: boolean): Reason {
  if (evidence === null) return { code: "unverified-default", params: {} };
  const params = { probability: probability ?? Number.NaN, ...(evidence.gain === null ? {} : { gain: evidence.gain }) };
  if (accepted) return { code: evidence.gain === null ? "accepted-pooled" : "accepted", params };
  return { code: strict ? "not-enough-evidence" : "likely-harm", params };
}

/** Fewer known selection cells than this say too little about a probability (METHOD 4.2.7). */
const cellsToCalibrate = 200;

/** Platt scaling of a tuned category on its held-out logits with the fold's intercept; null where there are too few cells. */
function calibrate(setting: TuneSetting, heldOut: HeldOut, index: number, c: number): Calibration | null {
  const cells = setting.selectionCells;
  const [from, to] = [cells.start[c], cells.start[c + 1]];
  if (to - from < cellsToCalibrate || !setting.eligibility[c].scorable) return null;
  const logits = heldOut.logits[index].slice(from, to);
  const C = setting.wanted.length;
  for (let i = from; i < to; i++) logits[i - from] += heldOut.intercepts[index][heldOut.fold[i] * C + c];
  return plattScaling(logits, cells.positive.subarray(from, to));
}

/** The base with the accepted rows changed and calibrated; other rows keep their bits. */
function install(
  base: Head,
  accepted: Uint8Array,
  calibrations: readonly (Calibration | null)[],
  change: (c: number) => { weight: Float64Array; bias: number },
): Head {
  const weight = base.weight.slice();
  const bias = base.bias.slice();
  accepted.forEach((yes, c) => {
    if (yes === 0) return;
    const delta = change(c);
    const { slope, shift } = calibrations[c] ?? { slope: 1, shift: 0 };
    for (let j = c * base.columns; j < (c + 1) * base.columns; j++) weight[j] = slope * (base.weight[j] + delta.weight[j - c * base.columns]);
    bias[c] = slope * (base.bias[c] + delta.bias) + shift;
  });
  return { categories: base.categories, columns: base.columns, weight, bias };
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

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
