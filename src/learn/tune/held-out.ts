import type { CellProblem, Kernels } from "../../math/index.ts";
import { ridgeNewton } from "../../math/index.ts";
import { filterCells, gatherNumbers, kernelCells, mergeCells, weightSums, type KnownCells } from "../cells.ts";
import { dealFolds, foldCount } from "./folds.ts";
import type { PenaltyMetric } from "./penalty-metric.ts";
import { kappas } from "./strengths.ts";

export interface PathSetting {
  readonly kernels: Kernels;
  readonly metric: PenaltyMetric;
  /** Base logits of the fit and the selection cells. */
  readonly fitCells: KnownCells;
  readonly fitOffset: Float32Array;
  readonly selectionCells: KnownCells;
  readonly selectionOffset: Float32Array;
  /** (C): 1 for the categories to work on. */
  readonly wanted: Uint8Array;
}

export interface HeldOut {
  /** [k] (M): logits at strength k, without the fold's intercept. */
  readonly logits: readonly Float32Array[];
  /** (M): the fold of each cell, scored by the heads fitted without it. */
  readonly fold: Uint8Array;
  /** [k] (folds*C): intercepts of the heads that scored the fold, fold by fold, for calibration. */
  readonly intercepts: readonly Float64Array[];
}

/**
 * Scores of the selection cells by heads that have not seen them, at every strength (METHOD 4.2.3): (11) x (M) logits
 * s0 + u.x, without the fold's intercept, which would leak the fold's class counts.
 * fitOnly: one fit on the fit cells scores all selection cells. Otherwise five folds, each scored by the fit cells and the others.
 * `report(done, total)` is awaited after every fold and strength.
 */
export async function heldOutLogits(
  setting: PathSetting,
  options: { readonly fitOnly: boolean; readonly imageIdOf: (row: number) => string; readonly categories: readonly string[]; readonly seed: number },
  report: (done: number, total: number) => void | Promise<void>,
): Promise<HeldOut> {
  const { selectionCells, selectionOffset } = setting;
  const out = kappas.map(() => selectionOffset.slice());
  const folds = options.fitOnly ? 1 : foldCount;
  const C = setting.wanted.length;
  const intercepts = kappas.map(() => new Float64Array(folds * C));
  const fold = options.fitOnly
    ? new Uint8Array(selectionCells.row.length)
    : dealFolds(selectionCells, options.imageIdOf, options.categories, options.seed);
  for (let f = 0; f < folds; f++) {
    const training = trainingCells(setting, (cell) => !options.fitOnly && fold[cell] !== f);
    const held = filterCells(selectionCells, (cell) => fold[cell] === f);
    const offset = gatherNumbers(held.source, selectionOffset, selectionOffset);
    const scorer = setting.kernels.cellProblem(setting.metric.matrix, kernelCells(held, offset), { kind: "bce" });
    const logits = new Float32Array(held.row.length);
    const noIntercepts = new Float64Array(C);
    await walkPath(setting, training, kappas.length - 1, async (k, u, v) => {
      intercepts[k].set(v, f * C);
      scorer.logits(u, noIntercepts, logits, setting.wanted);
      held.source.forEach((cell, i) => {
        out[k][cell] = logits[i];
      });
      await report(f * kappas.length + k + 1, folds * kappas.length);
    });
    scorer.dispose();
  }
  return { logits: out, fold, intercepts };
}

/** The final heads (METHOD 4.2.6): u (C*E) and v (C) at strength `index`, on fit and (unless fitOnly) selection cells. */
export async function finalHeads(
  setting: PathSetting,
  options: { readonly fitOnly: boolean; readonly index: number },
  report: (done: number, total: number) => void | Promise<void>,
): Promise<{ u: Float64Array; v: Float64Array; steps: Uint32Array; converged: Uint8Array }> {
  const training = trainingCells(setting, () => !options.fitOnly);
  return walkPath(setting, training, options.index, (k) => report(k + 1, options.index + 1));
}

interface TrainingCells {
  readonly cells: KnownCells;
  readonly offset: Float32Array;
}

function trainingCells(setting: PathSetting, take: (selectionCell: number) => boolean): TrainingCells {
  const cells = mergeCells(setting.fitCells, setting.selectionCells, take);
  return { cells, offset: gatherNumbers(cells.source, setting.fitOffset, setting.selectionOffset) };
}

/** Solves from the strongest penalty down to `last`, each from the former's solution. */
async function walkPath(
  setting: PathSetting,
  training: TrainingCells,
  last: number,
  visit: (k: number, u: Float64Array, v: Float64Array) => void | Promise<void>,
): Promise<{ u: Float64Array; v: Float64Array; steps: Uint32Array; converged: Uint8Array }> {
  const C = setting.wanted.length;
  const problem: CellProblem = setting.kernels.cellProblem(setting.metric.matrix, kernelCells(training.cells, training.offset), { kind: "bce" });
  const u = new Float64Array(C * setting.metric.matrix.columns);
  const v = new Float64Array(C);
  const steps = new Uint32Array(C);
  const weightSum = weightSums(training.cells);
  let converged: Uint8Array = new Uint8Array(C);
  for (let k = 0; k <= last; k++) {
    const result = ridgeNewton(problem, u, v, { lambda: kappas[k] * setting.metric.trace, weightSum, wanted: setting.wanted });
    result.steps.forEach((count, c) => {
      steps[c] += count;
    });
    converged = result.converged;
    await visit(k, u, v);
  }
  problem.dispose();
  return { u, v, steps, converged };
}
