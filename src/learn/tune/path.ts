import { RidgePath, type CellProblem, type Kernels } from "../../math/index.ts";
import { gatherNumbers, kernelCells, mergeCells, weightSums, type KnownCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import type { SelectionMetric } from "../types.ts";
import type { PenaltyMetric } from "./penalty-metric.ts";
import { kappas } from "./strengths.ts";

export interface PathSetting {
  readonly kernels: Kernels;
  readonly metric: PenaltyMetric;
  /** What heads are judged by. */
  readonly judgedBy: SelectionMetric;
  /** Base logits of the fit and the selection cells. */
  readonly fitCells: KnownCells;
  readonly fitOffset: Float32Array;
  readonly selectionCells: KnownCells;
  readonly selectionOffset: Float32Array;
  /** (C): 1 for the categories to work on. */
  readonly wanted: Uint8Array;
  /** Awaited between passes over the cells; may throw to stop. */
  readonly pause: () => Promise<void>;
}

/** Cells to fit heads on, with the base's logit of each (M). */
export interface TrainingCells {
  readonly cells: KnownCells;
  readonly offset: Float32Array;
}

export interface PathEnd {
  /** (C*E) and (C): the change of each head in the metric of the penalty, and of its intercept. */
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** (C): steps of the solver over the whole path; whether the last strength was solved to its optimum. */
  readonly steps: Uint32Array;
  readonly converged: Uint8Array;
}

/**
 * The regularisation path (METHOD 4.2.2): per category min over (u, v) of (1/T) sum t_i * log-loss(y_i, s0_i + u.x_i + v)
 * + (lambda/2)*||u||^2, lambda = kappa_k * trace (of the category's own features where it has such), from strength `first` (default the strongest penalty) to `last`, each from the former's solution
 * and to `tolerance` of the optimum (see RidgeOptions).
 * `visit` is awaited at every strength; what it is given is only lent to it.
 */
export async function walkPath(
  setting: Pick<PathSetting, "kernels" | "metric" | "wanted" | "pause">,
  training: TrainingCells,
  { first = 0, last, tolerance = 1e-8 }: { readonly first?: number; readonly last: number; readonly tolerance?: number },
  visit: (k: number, reached: PathEnd, problem: CellProblem) => void | Promise<void>,
): Promise<PathEnd> {
  const C = setting.wanted.length;
  const problem = cellProblem(setting.kernels, setting.metric.matrix, kernelCells(training.cells, training.offset), { kind: "bce" });
  const { metric, wanted, pause } = setting;
  const path = new RidgePath(problem, { weightSum: weightSums(training.cells), moments: metric.moments, wanted, pause });
  const steps = new Uint32Array(C);
  const reached: PathEnd = { u: path.weights, v: path.intercepts, steps, converged: new Uint8Array(C) };
  for (let k = first; k <= last; k++) {
    const result = await path.solve(metric.penalty(kappas[k]), tolerance);
    result.steps.forEach((count, c) => {
      steps[c] += count;
    });
    reached.converged.set(result.converged);
    await visit(k, reached, problem);
  }
  problem.dispose();
  return reached;
}

/** All fit cells and those selection cells for which `take` says yes. */
export function trainingCells(setting: PathSetting, take: (selectionCell: number) => boolean): TrainingCells {
  const cells = mergeCells(setting.fitCells, setting.selectionCells, take);
  return { cells, offset: gatherNumbers(cells.source, setting.fitOffset, setting.selectionOffset) };
}

/** The final heads (METHOD 4.2.6) at strength `index`, on fit and (unless fitOnly) selection cells. */
export async function finalHeads(
  setting: PathSetting,
  options: { readonly fitOnly: boolean; readonly index: number },
  report: (done: number, total: number) => void | Promise<void>,
): Promise<PathEnd> {
  const training = trainingCells(setting, () => !options.fitOnly);
  return walkPath(setting, training, { last: options.index }, (k) => report(k + 1, options.index + 1));
}
