import type { CellProblem } from "../../math/index.ts";
import { countClasses, filterCells, gatherNumbers, kernelCells, type GatheredCells, type KnownCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import { blocksFor, numbersOfBlock, settingOfBlock, type CategoryBlock } from "./blocks.ts";
import { repeated } from "../repeated.ts";
import type { TrainingScores } from "./feature-limit.ts";
import { dealFolds, foldCount } from "./folds.ts";
import { finalCells, mayWalkTogether, takeHeads, trainingCells, walkTogether, type PathEnd, type PathSetting, type TrainingCells } from "./path.ts";
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
  /** In which categories were walked together. */
  readonly blocks: readonly CategoryBlock[];
  /** [k]: the final heads at each strength, where they were solved on the way (see scoreFolds); null where they were not. */
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
  report: Report,
): Promise<HeldOut> {
  const { selectionCells: cells, selectionOffset: base } = setting;
  const fold = options.fitOnly ? new Uint8Array(cells.row.length) : dealFolds(cells, options.groupIdOf, options.categories, options.seed);
  const scorable = new Uint8Array(setting.wanted.length).fill(1);
  const folds = options.fitOnly ? 1 : foldCount;
  const scored = await scoreInBlocks(setting, cells, folds, report, (block, reportOwn) => {
    const own = settingOfBlock(setting, block);
    const foldOf = numbersOfBlock(fold, cells, block);
    const plan = (f: number): FoldPlan => {
      const held = filterCells(own.selectionCells, (cell) => foldOf[cell] === f);
      return {
        training: trainingCells(own, (cell) => !options.fitOnly && foldOf[cell] !== f),
        held,
        offset: gatherNumbers(held.source, own.selectionOffset, own.selectionOffset),
      };
    };
    return scoreFolds(own, own.selectionCells.row.length, folds, plan, () => finalCells(own, options.fitOnly), reportOwn);
  });
  return { cells, images, scorable, base, fold, ...scored };
}

/** What scoring the folds gives. */
export type Scored = Pick<HeldOut, "logits" | "intercepts" | "training" | "heads">;
type Report = (done: number, total: number) => void | Promise<void>;

/**
 * Scores the folds of as many categories at once as there is memory for (see blocksFor), one block after another, by `scoreBlock`, and puts together what comes out: logits (M) in the order of `cells`, all else by category. Categories do not tell on each other here: what comes out is the same.
 */
export async function scoreInBlocks(setting: PathSetting, cells: KnownCells, folds: number, report: Report, scoreBlock: (block: CategoryBlock, report: Report) => Promise<Scored>): Promise<Scored & Pick<HeldOut, "blocks">> {
  const blocks = blocksFor(setting, folds + 1);
  const C = setting.wanted.length;
  let whole: Scored | null = null;
  for (const [at, block] of blocks.entries()) {
    const part = await scoreBlock(block, (done, total) => report(at * total + done, blocks.length * total));
    if (blocks.length === 1) return { ...part, blocks };
    whole ??= {
      logits: part.logits.map(() => new Float32Array(cells.row.length)),
      intercepts: part.intercepts,
      training: part.training,
      heads: part.heads,
    };
    const { from, to } = block;
    part.logits.forEach((own, k) => whole!.logits[k].set(own, cells.start[from]));
    part.intercepts.forEach((own, k) => {
      for (let f = 0; f < folds; f++) whole!.intercepts[k].set(own.subarray(f * C + from, f * C + to), f * C + from);
    });
    for (const name of ["positives", "base", "optimum"] as const) whole.training[name].set(part.training[name].subarray(from, to), from);
    part.heads?.forEach((own, k) => takeHeads(whole!.heads![k], own, from, to));
  }
  return { ...whole!, blocks };
}

/**
 * Walks the path of every fold and scores its held cells at every strength. `source` of a plan's held cells says where a score (M) goes.
 *
 * Where the matrix is streamed, all folds and the final heads (of the cells of `final`) are walked together, since they need the same rows; otherwise
 * one fold after another, which needs less memory, and the final heads are left for later, unless there is one fold only: its heads are they.
 * What comes out is the same.
 */
export async function scoreFolds(
  setting: Pick<PathSetting, "kernels" | "metric" | "judgedBy" | "wanted" | "pause">,
  M: number,
  folds: number,
  plan: (f: number) => FoldPlan,
  final: () => TrainingCells,
  report: Report,
): Promise<Scored> {
  const { kernels, metric, wanted } = setting;
  const C = wanted.length;
  const E = metric.axes;
  const logits = kappas.map(() => new Float32Array(M));
  const intercepts = kappas.map(() => new Float64Array(folds * C));
  const weakest = kappas.length - 1;
  const together = metric.matrix.matrix.streamed === true && mayWalkTogether(setting, folds + 1);
  const heads: PathEnd[] | null = (together || folds === 1) && 8 * kappas.length * C * E <= mostBytesOfHeads ? [] : null;
  let training: TrainingScores | null = null;
  for (let first = 0; first < folds; first += together ? folds : 1) {
    const count = together ? folds : 1;
    const held = Array.from({ length: count }, (_, i) => {
      const { held: cells, offset } = plan(first + i);
      return { source: cells.source, offset, problem: cellProblem(kernels, metric.matrix, kernelCells(cells, offset), { kind: "bce" }) };
    });
    const scorer = metric.inAxes(kernels.together(held.map(({ problem }) => problem)));
    // Categories that are left out keep the base's logits.
    const scores = new Float32Array(scorer.cellCount);
    const source = new Int32Array(scorer.cellCount);
    let at = 0;
    for (const each of held) {
      scores.set(each.offset, at);
      source.set(each.source, at);
      at += each.offset.length;
    }
    const everyWanted = repeated(wanted, count);
    const cellsOf = (index: number): TrainingCells => (index < count ? plan(first + index).training : final());
    // The only fold there is has been fitted to what the final heads are fitted to.
    const finalAt = folds === 1 ? 0 : count;
    await walkTogether(setting, heads === null ? count : finalAt + 1, cellsOf, { last: weakest }, async (k, { u, v, steps, converged }, problems) => {
      intercepts[k].set(v.subarray(0, count * C), first * C);
      scorer.logits(u.subarray(0, count * C * E), new Float64Array(count * C), scores, everyWanted);
      for (let i = 0; i < scores.length; i++) logits[k][source[i]] = scores[i];
      const own = [finalAt * C, (finalAt + 1) * C] as const;
      heads?.push({ u: u.slice(own[0] * E, own[1] * E), v: v.slice(...own), steps: steps.slice(...own), converged: converged.slice(...own) });
      if (k === weakest && first === 0) training = trainingScores(setting, plan(0).training, problems[0], u.subarray(0, C * E), v.subarray(0, C));
      await report(first * kappas.length + count * (k + 1), folds * kappas.length);
    });
    for (const { problem } of held) problem.dispose();
  }
  return { logits, intercepts, training: training!, heads };
}

function trainingScores({ kernels, judgedBy, wanted }: Pick<PathSetting, "kernels" | "judgedBy" | "wanted">, { cells, offset }: TrainingCells, problem: CellProblem, u: Float64Array, v: Float64Array): TrainingScores {
  const fitted = new Float32Array(cells.row.length);
  problem.logits(u, v, fitted, wanted);
  const score = (of: Float32Array): Float64Array => categoryScores(kernels, judgedBy, cells, of, wanted);
  return { positives: Uint32Array.from(wanted, (_, c) => countClasses(cells, c).positive), base: score(offset), optimum: score(fitted) };
}
