import { expected } from "../../errors.ts";
import { ridgeNewton, type Cells, type Kernels } from "../../math/index.ts";
import { FIT, POSITIVE, UNCERTAIN, type PartialLabels, type Parts } from "../../labels/index.ts";
import { rowsOf } from "../cells.ts";
import { mappedMatrix } from "../features.ts";
import { standardisation } from "../standardisation.ts";
import type { Checkpoint, Features, Head } from "../types.ts";
import { assumeNegative } from "./assume-negative.ts";
import { assumeNegativeAsl } from "./assume-negative-asl.ts";
import { ignore } from "./ignore.ts";
import type { PretrainStrategy, PseudoLabel } from "./strategy.ts";

export type { PretrainStrategy, PseudoLabel } from "./strategy.ts";

export const strategies: readonly PretrainStrategy[] = [assumeNegative, assumeNegativeAsl, ignore];
export const strategyNames: readonly string[] = strategies.map((strategy) => strategy.name);

/** Penalty per unit of the features' total variance (D after standardising); see docs/decisions/0002. */
export const pretrainStrength = 1e-3;

export interface PretrainInput {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** One of `strategyNames`. */
  readonly strategy: string;
  readonly kernels: Kernels;
  readonly checkpoint?: Checkpoint;
}

export interface PretrainResult {
  readonly head: Head;
  readonly story: {
    readonly strategy: string;
    /** Mean over the categories of the objective at the end. */
    readonly loss: number;
    /** Newton steps, summed over the categories. */
    readonly iterations: number;
    readonly converged: number;
    /** Categories without any cell to learn from; their rows are zero. */
    readonly empty: readonly string[];
  };
}

/**
 * Stage 1: trains a head on the fit part by a pseudo-label strategy.
 *
 * Per category: min over (w, b) of (1/T) sum_i t_i * loss(target_i, w.x_i + b) + (lambda/2) ||w||^2, x the features standardised on the fit part,
 * T = sum t_i, lambda = pretrainStrength * D, solved to its optimum; the scaling is folded back, so the head works on raw
 * features. Deterministic: there is nothing random in it.
 */
export async function pretrain(input: PretrainInput): Promise<PretrainResult> {
  const { features, labels, parts, kernels } = input;
  const strategy = strategies.find((one) => one.name === input.strategy);
  if (strategy === undefined) throw expected("strategy", `one of ${strategyNames.join(", ")}`, input.strategy);
  const subset = rowsOf(parts, [FIT]);
  const all = Uint32Array.from(subset.rows, (_, i) => i);
  const { mean, scale } = standardisation(features, subset.rows, all);
  const D = features.columns;
  const C = labels.categories.length;
  await input.checkpoint?.({ phase: "pretrain", done: 0, total: 1 });
  const matrix = mappedMatrix(kernels, features, subset.rows, (from, into) => {
    for (let j = 0; j < D; j++) into[j] = (from[j] - mean[j]) / scale[j];
  });
  const cells = strategyCells(labels, subset.rows, strategy);
  const problem = kernels.cellProblem(matrix, cells, strategy.loss);
  const weights = new Float64Array(C * D);
  const intercepts = new Float64Array(C);
  const weightSum = new Float64Array(C);
  for (let c = 0; c < C; c++) for (let i = cells.headStart[c]; i < cells.headStart[c + 1]; i++) weightSum[c] += cells.weight[i];
  const pause = (): void | Promise<void> => input.checkpoint?.({ phase: "pretrain", done: 0, total: 1 });
  const solved = await ridgeNewton(problem, weights, intercepts, { lambda: pretrainStrength * D, weightSum, pause });
  problem.dispose();
  matrix.dispose();
  const weight = new Float32Array(C * D);
  const bias = new Float32Array(C);
  for (let c = 0; c < C; c++) {
    let shift = intercepts[c];
    for (let j = 0; j < D; j++) {
      const raw = weights[c * D + j] / scale[j];
      weight[c * D + j] = raw;
      shift -= raw * mean[j];
    }
    bias[c] = shift;
  }
  await input.checkpoint?.({ phase: "pretrain", done: 1, total: 1 });
  const trained = labels.categories.map((_, c) => c).filter((c) => weightSum[c] > 0);
  return {
    head: { categories: labels.categories, columns: D, weight, bias },
    story: {
      strategy: strategy.name,
      loss: trained.reduce((sum, c) => sum + solved.value[c], 0) / Math.max(1, trained.length),
      iterations: solved.steps.reduce((sum, steps) => sum + steps, 0),
      converged: solved.converged.reduce((sum, yes) => sum + yes, 0),
      empty: labels.categories.filter((_, c) => weightSum[c] === 0),
    },
  };
}

/** The cells a strategy trains on: known cells as they are, the others as its pseudo-label says. */
export function strategyCells(labels: PartialLabels, rows: Uint32Array, strategy: PretrainStrategy): Cells {
  return strategy.unknown === null ? knownStrategyCells(labels, rows) : everyCell(labels, rows, strategy.unknown);
}

function everyCell(labels: PartialLabels, rows: Uint32Array, unknown: PseudoLabel): Cells {
  const C = labels.categories.length;
  const n = rows.length;
  const cells = emptyCells(Uint32Array.from({ length: C + 1 }, (_, c) => c * n));
  cells.target.fill(unknown.target);
  cells.weight.fill(unknown.weight);
  for (let row = 0; row < n; row++) {
    for (let c = 0; c < C; c++) cells.row[c * n + row] = row;
    for (let i = labels.rowStart[rows[row]]; i < labels.rowStart[rows[row] + 1]; i++) {
      if (labels.value[i] !== UNCERTAIN) setKnown(cells, labels.category[i] * n + row, labels, i);
    }
  }
  return cells;
}

function knownStrategyCells(labels: PartialLabels, rows: Uint32Array): Cells {
  const headStart = new Uint32Array(labels.categories.length + 1);
  const visit = (each: (cell: number, row: number) => void): void => {
    for (let row = 0; row < rows.length; row++) {
      for (let i = labels.rowStart[rows[row]]; i < labels.rowStart[rows[row] + 1]; i++) if (labels.value[i] !== UNCERTAIN) each(i, row);
    }
  };
  visit((cell) => {
    headStart[labels.category[cell] + 1] += 1;
  });
  for (let c = 0; c < labels.categories.length; c++) headStart[c + 1] += headStart[c];
  const cells = emptyCells(headStart);
  const next = headStart.slice();
  visit((cell, row) => {
    const at = next[labels.category[cell]]++;
    cells.row[at] = row;
    setKnown(cells, at, labels, cell);
  });
  return cells;
}

function emptyCells(headStart: Uint32Array): Cells {
  const M = headStart.at(-1) ?? 0;
  return { headStart, row: new Uint32Array(M), target: new Float32Array(M), weight: new Float32Array(M), offset: new Float32Array(M) };
}

function setKnown(cells: Cells, at: number, labels: PartialLabels, cell: number): void {
  cells.target[at] = labels.value[cell] === POSITIVE ? 1 : 0;
  cells.weight[at] = labels.weight[cell];
}
