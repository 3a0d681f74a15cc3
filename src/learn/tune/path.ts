import { RidgePath, type CellProblem, type Kernels } from "../../math/index.ts";
import { gatherNumbers, kernelCells, mergeCells, weightSums, type KnownCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import { repeated } from "../repeated.ts";
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
  visit: (k: number, reached: PathEnd) => void | Promise<void>,
): Promise<PathEnd> {
  return walkTogether(setting, 1, () => training, { first, last, tolerance }, visit);
}

/**
 * walkPath for `count` trainings at once, as one problem of count*C heads: u (count*C*E), v (count*C) and the rest hold those of the first training, then those of the second,
 * and so on. Every head is what it would be alone; a streamed matrix is read once for all of them. `training` is called once each and its cells are not kept.
 * `visit` is lent the problem of each training too, in the metric's axes.
 */
export async function walkTogether(
  setting: Pick<PathSetting, "kernels" | "metric" | "wanted" | "pause">,
  count: number,
  training: (index: number) => TrainingCells,
  { first = 0, last, tolerance = 1e-8 }: { readonly first?: number; readonly last: number; readonly tolerance?: number },
  visit: (k: number, reached: PathEnd, problems: readonly CellProblem[]) => void | Promise<void>,
): Promise<PathEnd> {
  const { kernels, metric } = setting;
  const C = setting.wanted.length;
  const weightSum = new Float64Array(count * C);
  const problems = Array.from({ length: count }, (_, index) => {
    const { cells, offset } = training(index);
    weightSum.set(weightSums(cells), index * C);
    return cellProblem(kernels, metric.matrix, kernelCells(cells, offset), { kind: "bce" });
  });
  const problem = metric.inAxes(count === 1 ? problems[0] : kernels.together(problems));
  const ofOwnFeatures = metric.moments.length > metric.axes;
  const path = new RidgePath(problem, { weightSum, moments: ofOwnFeatures ? repeated(metric.moments, count) : metric.moments, wanted: repeated(setting.wanted, count), pause: setting.pause });
  const inAxes = count === 1 ? [problem] : problems.map((each) => metric.inAxes(each));
  const steps = new Uint32Array(count * C);
  const reached: PathEnd = { u: path.weights, v: path.intercepts, steps, converged: new Uint8Array(count * C) };
  for (let k = first; k <= last; k++) {
    const penalty = metric.penalty(kappas[k]);
    const result = await path.solve(typeof penalty === "number" ? penalty : repeated(penalty, count), tolerance);
    result.steps.forEach((some, head) => {
      steps[head] += some;
    });
    reached.converged.set(result.converged);
    await visit(k, reached, inAxes);
  }
  for (const each of problems) each.dispose();
  return reached;
}

/** Whether the solver remembers as much of each head where `count` trainings are walked together as where they are walked alone; only then are the steps the same. */
export function mayWalkTogether({ wanted, metric }: Pick<PathSetting, "metric" | "wanted">, count: number): boolean {
  const size = wanted.length * metric.axes;
  return RidgePath.pairsFor(count * size) === RidgePath.pairsFor(size);
}

/** All fit cells and those selection cells for which `take` says yes. */
export function trainingCells(setting: PathSetting, take: (selectionCell: number) => boolean): TrainingCells {
  const cells = mergeCells(setting.fitCells, setting.selectionCells, take);
  return { cells, offset: gatherNumbers(cells.source, setting.fitOffset, setting.selectionOffset) };
}

/** What the final heads are fitted to (METHOD 4.2.6): fit and (unless fitOnly) selection cells. */
export function finalCells(setting: PathSetting, fitOnly: boolean): TrainingCells {
  return trainingCells(setting, () => !fitOnly);
}

/** Writes the heads of the categories [from, to) of one end of a path into another, of C categories and E columns both. */
export function takeHeads(into: PathEnd, { u, v, steps, converged }: PathEnd, from: number, to: number): void {
  const E = u.length / v.length;
  into.u.set(u.subarray(from * E, to * E), from * E);
  into.v.set(v.subarray(from, to), from);
  into.steps.set(steps.subarray(from, to), from);
  into.converged.set(converged.subarray(from, to), from);
}

/** Of C categories, none of which was fitted. */
export function noHeads(C: number, E: number): PathEnd {
  return { u: new Float64Array(C * E), v: new Float64Array(C), steps: new Uint32Array(C), converged: new Uint8Array(C) };
}
