import { countClasses, filterCells, gatherNumbers, kernelCells, type GatheredCells, type KnownCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import type { TrainingScores } from "./feature-limit.ts";
import { dealFolds, foldCount } from "./folds.ts";
import { trainingCells, walkPath, type PathEnd, type PathSetting, type TrainingCells } from "./path.ts";
import { categoryScores } from "./score.ts";
import { kappas } from "./strengths.ts";

/** Heads of all strengths that take more than this are forgotten, and fitted again when one strength has been chosen. */
const mostBytesOfHeads = 2 ** 29;

/** Scores of known cells by heads that have not seen them, at every strength. */
export interface HeldOut {
  readonly cells: KnownCells;
  /** The rows of all images of the part the cells are from, ascending: what a bootstrap draws among. */
  readonly images: Uint32Array;
  /** (C): 0 for categories whose scores say nothing. */
  readonly scorable: Uint8Array;
  /** (M): logits of the base that the scoring heads started from. */
  readonly base: Float32Array;
  /** [k] (M): logits at strength k, without the fold's intercept. */
  readonly logits: readonly Float32Array[];
  /** (M): the fold of each cell, scored by the heads fitted without it. */
  readonly fold: Uint8Array;
  /** [k] (folds*C): intercepts of the heads that scored the fold, fold by fold, for calibration. */
  readonly intercepts: readonly Float64Array[];
  /** Of the first fold's heads on the cells they were fitted to. */
  readonly training: TrainingScores;
  /** [k]: the heads that scored all cells, where there was one fold only and they do not fill the memory: they are the final heads. */
  readonly heads: readonly PathEnd[] | null;
}

/** One fold: what its heads are fitted on, and the cells they score with the base's logit of each. */
export interface FoldPlan {
  readonly training: TrainingCells;
  readonly held: GatheredCells;
  readonly offset: Float32Array;
}

/**
 * Scores of the selection cells by heads that have not seen them, at every strength (METHOD 4.2.3): (11) x (M) logits
 * s0 + u.x, without the fold's intercept, which would leak the fold's class counts.
 * fitOnly: one fit on the fit cells scores all selection cells. Otherwise five folds, each scored by the fit cells and the others.
 * `images`: the rows of the selection part. `report(done, total)` is awaited after every fold and strength.
 */
export async function heldOutLogits(
  setting: PathSetting,
  options: { readonly fitOnly: boolean; readonly groupIdOf: (row: number) => string; readonly categories: readonly string[]; readonly seed: number },
  images: Uint32Array,
  report: (done: number, total: number) => void | Promise<void>,
): Promise<HeldOut> {
  const { selectionCells: cells, selectionOffset: base } = setting;
  const fold = options.fitOnly ? new Uint8Array(cells.row.length) : dealFolds(cells, options.groupIdOf, options.categories, options.seed);
  const plan = (f: number): FoldPlan => {
    const held = filterCells(cells, (cell) => fold[cell] === f);
    return {
      training: trainingCells(setting, (cell) => !options.fitOnly && fold[cell] !== f),
      held,
      offset: gatherNumbers(held.source, base, base),
    };
  };
  const scorable = new Uint8Array(setting.wanted.length).fill(1);
  return { cells, images, scorable, base, fold, ...(await scoreFolds(setting, cells.row.length, options.fitOnly ? 1 : foldCount, plan, report)) };
}

/** Walks the path of every fold and scores its held cells at every strength. `source` of a plan's held cells says where a score (M) goes. */
export async function scoreFolds(
  setting: Pick<PathSetting, "kernels" | "metric" | "judgedBy" | "wanted" | "pause">,
  M: number,
  folds: number,
  plan: (f: number) => FoldPlan,
  report: (done: number, total: number) => void | Promise<void>,
): Promise<Pick<HeldOut, "logits" | "intercepts" | "training" | "heads">> {
  const C = setting.wanted.length;
  const logits = kappas.map(() => new Float32Array(M));
  const intercepts = kappas.map(() => new Float64Array(folds * C));
  const noIntercepts = new Float64Array(C);
  const weakest = kappas.length - 1;
  let trainingScores: TrainingScores | null = null;
  const heads: PathEnd[] | null = folds === 1 && 8 * kappas.length * C * setting.metric.matrix.columns <= mostBytesOfHeads ? [] : null;
  for (let f = 0; f < folds; f++) {
    const { training, held, offset } = plan(f);
    const scorer = cellProblem(setting.kernels, setting.metric.matrix, kernelCells(held, offset), { kind: "bce" });
    // Categories that are left out keep the base's logits.
    const scores = offset.slice();
    await walkPath(setting, training, { last: weakest }, async (k, reached, problem) => {
      const { u, v } = reached;
      heads?.push({ u: u.slice(), v: v.slice(), steps: reached.steps.slice(), converged: reached.converged.slice() });
      intercepts[k].set(v, f * C);
      scorer.logits(u, noIntercepts, scores, setting.wanted);
      for (let i = 0; i < scores.length; i++) logits[k][held.source[i]] = scores[i];
      if (k === weakest && trainingScores === null) {
        const fitted = new Float32Array(training.cells.row.length);
        problem.logits(u, v, fitted, setting.wanted);
        const score = (of: Float32Array): Float64Array => categoryScores(setting.kernels, setting.judgedBy, training.cells, of, setting.wanted);
        trainingScores = { positives: Uint32Array.from({ length: C }, (_, c) => countClasses(training.cells, c).positive), base: score(training.offset), optimum: score(fitted) };
      }
      await report(f * kappas.length + k + 1, folds * kappas.length);
    });
    scorer.dispose();
  }
  return { logits, intercepts, training: trainingScores!, heads };
}
