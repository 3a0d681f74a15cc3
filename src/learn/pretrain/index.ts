import { CatwiseError, expected } from "../../errors.ts";
import { inScope, ridgeNewton, type Kernels } from "../../math/index.ts";
import { FIT, UNCERTAIN, type PartialLabels, type Parts } from "../../labels/index.ts";
import { rowsOf } from "../cells.ts";
import { cellProblem, featureMatrix, featuresOf, forFeaturesOf, requireCategories } from "../features.ts";
import { standardisation } from "../standardisation.ts";
import type { Checkpoint, Features, Head } from "../types.ts";
import { checkGuide } from "./guide.ts";
import { strategyCells } from "./fixed-cells.ts";
import { KNOWN, NOT_TAKEN, readPseudoLabels, TAKEN_NEGATIVE, type PseudoLabels } from "./pseudo-labels.ts";
import { ScoreMap } from "./scores.ts";
import { findStrategy, strategies } from "./strategies.ts";
import { denseCells, targetOf } from "./strategy-cells.ts";
import type { FixedStrategy, PretrainStrategy, ScoredStrategy, StrategyOptions } from "./strategy.ts";
import { trainScored } from "./train-scored.ts";

export { strategyCells } from "./fixed-cells.ts";
export { checkGuide } from "./guide.ts";
export type { PseudoLabels } from "./pseudo-labels.ts";
export { findStrategy, strategies, strategyNames } from "./strategies.ts";
export { totalTrust, type StrategyCells } from "./strategy-cells.ts";
export { cellObjective, fillUnknown, forUnknown, knownPlan, LEFT_OUT, setCell, type CellObjectiveParts, type CellPlan } from "./cell-objective.ts";
export { crossEntropy, focalTerm, kernelTerm, type CellTerm, type Term } from "./cell-terms.ts";
export {
  needsGuide,
  rule,
  scoredStrategy,
  usesUnknown,
  type OptionRule,
  type ScoredDefinition,
  type Answer,
  type FixedStrategy,
  type PretrainStrategy,
  type PseudoLabel,
  type ScoredStrategy,
  type StrategyCard,
  type StrategyObjective,
  type StrategyOptions,
} from "./strategy.ts";

/** Penalty per unit of the features' total variance (D after standardising); see docs/decisions/0002. */
export const pretrainStrength = 1e-3;

/** What stage 1 trains on, and by which strategy. */
export interface PretrainInput {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** One of `strategyNames`, or a strategy of one's own. */
  readonly strategy: string | PretrainStrategy;
  /** Other values than the strategy's defaults, by name; docs/methods/strategies.md lists them. */
  readonly strategyOptions?: StrategyOptions;
  /**
   * Targets in [0, 1] of uncertain cells, one per listed cell of the labels, NaN for none (labels/soft.ts). Absent: uncertain cells count as unknown.
   * Losses of ranks (pairwise-ranking, aucm, ap-loss, pauc) take a soft target for the label on its side of one half.
   */
  readonly softTargets?: Float32Array;
  /**
   * (N*C), image by image: the probability in [0, 1] another model gives the cell, NaN where it gives none. Needed by the strategies that go by one (vlpl) and refused with the others. Only what it
   * says of unknown cells of the fit part is used.
   */
  readonly guide?: Float32Array;
  /** Of what a strategy draws by lot (role). Default 0. */
  readonly seed?: number;
  readonly kernels: Kernels;
  readonly checkpoint?: Checkpoint;
}

/** The trained head and the story of how it came about. */
export interface PretrainResult {
  readonly head: Head;
  readonly story: {
    readonly strategy: string;
    /** The options it was run with, defaults included. */
    readonly options: StrategyOptions;
    readonly rounds: number;
    /** Mean over the categories of the objective at the end. */
    readonly loss: number;
    /** Steps of the solver, summed over the categories. */
    readonly iterations: number;
    readonly converged: number;
    /** Categories without any cell to learn from; their rows are zero. */
    readonly empty: readonly string[];
  };
  /** What the unknown cells of the fit images were taken for in the last round. */
  readonly pseudoLabels: PseudoLabels;
}

/** Weights (C*D) and intercepts (C) on standardised features, and how they came about. */
interface Trained {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly value: Float64Array;
  readonly steps: Uint32Array;
  readonly converged: Uint8Array;
  /** (C): 1 for categories that had a cell to learn from. */
  readonly learned: Uint8Array;
  readonly rounds: number;
  readonly pseudoLabels: PseudoLabels;
}

/**
 * Stage 1: trains a head on the fit part by a pseudo-label strategy.
 *
 * Per category: min over (w, b) of the strategy's mean loss + (lambda/2) ||w||^2, x the features standardised on the fit part, lambda = pretrainStrength * D, solved to
 * its end; where unknown cells are decided anew in rounds, each round to its end (docs/methods/strategies.md). The scaling is folded back, so the head works on raw features.
 * Where every category has features of its own they are standardised category by category.
 * Deterministic: what is drawn hangs on the seed, image ids and category names.
 *
 * Errors: usage.invalid-value for a strategy or option that does not exist or is out of range, and for a guide that is missing, out of place or no probabilities; split.empty-part without a fit image;
 * kernels.out-of-memory where a strategy would have to hold too many cells.
 */
export async function pretrain(input: PretrainInput): Promise<PretrainResult> {
  const { features, labels, parts } = input;
  const strategy = findStrategy(input.strategy, "strategy");
  const options = strategy.kind === "scored" ? { ...strategy.defaults, ...input.strategyOptions } : { ...input.strategyOptions };
  if (strategy.kind === "fixed" && Object.keys(options).length > 0) throw expected("options", `none for the strategy ${strategy.name}`, Object.keys(options)[0]);
  if (input.softTargets !== undefined) checkSoftTargets(labels, input.softTargets);
  checkGuide(strategy, labels, input.guide);
  const { rows } = rowsOf(parts, [FIT]);
  if (rows.length === 0) throw new CatwiseError("split.empty-part", "Expected an image in the fit part, got none.");
  const all = Uint32Array.from(rows, (_, i) => i);
  requireCategories(features, labels.categories.length);
  const standard = forFeaturesOf(features, (c) => standardisation(features, rows, all, c));
  const D = features.columns;
  const C = labels.categories.length;
  const map: RowMap = (category, from, into) => {
    const { mean, scale } = standard(category);
    for (let j = 0; j < D; j++) into[j] = (from[j] - mean[j]) / scale[j];
  };
  const trained = await inScope(input.kernels, async (kernels) => {
    const scoped = { ...input, kernels };
    return strategy.kind === "fixed" ? solveFixed(scoped, strategy, rows, map) : solveScored(scoped, strategy, rows, map);
  });
  const weight = new Float32Array(C * D);
  const bias = new Float32Array(C);
  for (let c = 0; c < C; c++) {
    const { mean, scale } = standard(c);
    let shift = trained.intercepts[c];
    for (let j = 0; j < D; j++) {
      const raw = trained.weights[c * D + j] / scale[j];
      weight[c * D + j] = raw;
      shift -= raw * mean[j];
    }
    bias[c] = shift;
  }
  const learned = labels.categories.map((_, c) => c).filter((c) => trained.learned[c] === 1);
  return {
    head: { categories: labels.categories, columns: D, weight, bias },
    story: {
      strategy: strategy.name,
      options,
      rounds: trained.rounds,
      loss: learned.reduce((sum, c) => sum + trained.value[c], 0) / Math.max(1, learned.length),
      iterations: trained.steps.reduce((sum, steps) => sum + steps, 0),
      converged: trained.converged.reduce((sum, yes, c) => sum + yes * trained.learned[c], 0),
      empty: labels.categories.filter((_, c) => trained.learned[c] === 0),
    },
    pseudoLabels: trained.pseudoLabels,
  };
}

/** What a strategy takes the fit images' unknown cells for where that is settled beforehand, without running it; null where it decides in rounds. */
export function fixedPseudoLabels(name: string, parts: Parts): PseudoLabels | null {
  const strategy = strategies.find((one) => one.name === name);
  return strategy?.kind === "fixed" ? { rows: rowsOf(parts, [FIT]).rows, every: strategy.unknown === null ? null : 0 } : null;
}

function checkSoftTargets(labels: PartialLabels, targets: Float32Array): void {
  if (targets.length !== labels.value.length) throw expected("softTargets", `${labels.value.length} targets, one for each listed cell`, targets.length);
  targets.forEach((target, cell) => {
    if (Number.isNaN(target)) return;
    if (!(target >= 0 && target <= 1)) throw expected("softTargets", "targets in [0, 1]", target);
    if (labels.value[cell] !== UNCERTAIN) throw expected("softTargets", "NaN for cells that are not uncertain", target);
  });
}

/** Features (D) of an image as a category sees them, on their way into a matrix. */
type RowMap = (category: number, from: Float32Array, into: Float32Array) => void;

/** One convex problem (ASL: one problem), by Newton's method on the kernels' own losses. */
async function solveFixed({ features, labels, kernels, checkpoint, softTargets }: PretrainInput, strategy: FixedStrategy, rows: Uint32Array, map: RowMap): Promise<Trained> {
  const D = features.columns;
  const C = labels.categories.length;
  await checkpoint?.({ phase: "pretrain", done: 0, total: 1 });
  const matrix = featureMatrix(kernels, features, rows, D, (place, category, into) => map(category, featuresOf(features, rows[place], category), into));
  const cells = strategyCells(labels, rows, strategy, softTargets);
  const problem = cellProblem(kernels, matrix, cells, strategy.loss);
  const weights = new Float64Array(C * D);
  const intercepts = new Float64Array(C);
  const weightSum = new Float64Array(C);
  for (let c = 0; c < C; c++) for (let i = cells.headStart[c]; i < cells.headStart[c + 1]; i++) weightSum[c] += cells.weight[i];
  const pause = (): void | Promise<void> => checkpoint?.({ phase: "pretrain", done: 0, total: 1 });
  const solved = await ridgeNewton(problem, weights, intercepts, { lambda: pretrainStrength * D, weightSum, pause });
  problem.dispose();
  matrix.dispose();
  await checkpoint?.({ phase: "pretrain", done: 1, total: 1 });
  return { ...solved, weights, intercepts, learned: Uint8Array.from(weightSum, (sum) => (sum > 0 ? 1 : 0)), rounds: 1, pseudoLabels: fixedAnswers(labels, rows, strategy, softTargets) };
}

/** One thing for every unknown cell; where soft targets say something of uncertain cells, cell by cell, these counting as known. */
function fixedAnswers(labels: PartialLabels, rows: Uint32Array, { unknown }: FixedStrategy, soft: Float32Array | undefined): PseudoLabels {
  if (soft === undefined) return { rows, every: unknown === null ? null : 0 };
  const answer = new Uint8Array(labels.categories.length * rows.length).fill(unknown === null ? NOT_TAKEN : TAKEN_NEGATIVE);
  rows.forEach((row, i) => {
    for (let cell = labels.rowStart[row]; cell < labels.rowStart[row + 1]; cell++) if (targetOf(labels, cell, soft) !== null) answer[labels.category[cell] * rows.length + i] = KNOWN;
  });
  return { rows, answer };
}

/** Rounds of a strategy's own objective over all cells. */
async function solveScored(input: PretrainInput, strategy: ScoredStrategy, rows: Uint32Array, map: RowMap): Promise<Trained> {
  const { features, labels, kernels, checkpoint, seed = 0 } = input;
  const D = features.columns;
  const C = labels.categories.length;
  const cells = denseCells(labels, rows, seed, input.softTargets, input.guide);
  const objective = strategy.objective(cells, input.strategyOptions);
  const { rounds } = objective;
  const scores = new ScoreMap(kernels, features, rows, map);
  try {
    const trained = await trainScored(objective, scores, {
      categories: C,
      lambda: pretrainStrength * D,
      checkpoint: (done) => checkpoint?.({ phase: "pretrain", done, total: rounds }),
    });
    await checkpoint?.({ phase: "pretrain", done: rounds, total: rounds });
    const { parameters } = trained;
    const weights = new Float64Array(C * D);
    for (let c = 0; c < C; c++) weights.set(parameters.subarray(c * (D + 1), c * (D + 1) + D), c * D);
    const intercepts = Float64Array.from({ length: C }, (_, c) => parameters[c * (D + 1) + D]);
    // A row that no cell ever pulled at is exactly zero.
    const learned = Uint8Array.from({ length: C }, (_, c) => (parameters.subarray(c * (D + 1), (c + 1) * (D + 1)).some((value) => value !== 0) ? 1 : 0));
    return { ...trained, weights, intercepts, learned, rounds, pseudoLabels: readPseudoLabels(objective, cells, rows) };
  } finally {
    scores.dispose();
  }
}
