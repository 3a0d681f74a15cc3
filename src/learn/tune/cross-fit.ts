import { FIT, NO_PART, SELECTION, type Parts } from "../../labels/index.ts";
import { filterCells, gatherNumbers, kernelCells, type KnownCells } from "../cells.ts";
import { cellProblem, forFeaturesOf } from "../features.ts";
import { pretrain, type PretrainStrategy } from "../pretrain/index.ts";
import { standardisation } from "../standardisation.ts";
import type { Head } from "../types.ts";
import { numbersOfBlock, settingOfBlock } from "./blocks.ts";
import { dealGroups, foldCount } from "./folds.ts";
import { scoreFolds, scoreInBlocks, type FoldPlan, type HeldOut } from "./held-out.ts";
import type { PathSetting, TrainingCells } from "./path.ts";
import { headParameters, type BaseLogits, type TuneSetting } from "./setting.ts";

/** The base refitted without each fold of the fit images. */
export interface RefittedBases {
  /** (rows): the fold of each fit image; images that are not fit images have none. */
  readonly foldOfRow: Uint8Array;
  /** [fold] (M): logits of all known fit cells under the base refitted without the fold. */
  readonly logits: readonly Float32Array[];
}

/**
 * Refits the base five times, each time without one fold of the fit images (whole groups, where images belong together), by the
 * strategy it was trained with here (METHOD 2, 4.2.3). Where the base has seen the selection images too, so have the refitted ones.
 *
 * Every refitted base gets the bias that gives the fit images the mean logit they have under the real base: a fold's own bias tells of
 * the class counts of the fold that was left out, as a fold's intercept does. u.x is fitted beside a free intercept, so nothing else changes.
 */
export async function refitBases(setting: TuneSetting, strategy: string | PretrainStrategy, raw: BaseLogits["raw"]): Promise<RefittedBases> {
  const { input, checkpoint, fitRows, fitCells } = setting;
  const { kernels, base, options } = input;
  const foldOfRow = dealGroups(fitRows, setting.rows.length, setting.groupIdOf, options.seed);
  const mean = forFeaturesOf(input.features, (c) => standardisation(input.features, setting.rows, fitRows, c).mean);
  const problem = cellProblem(kernels, raw, kernelCells(fitCells), { kind: "bce" });
  const logits: Float32Array[] = [];
  for (let f = 0; f < foldCount; f++) {
    await checkpoint({ phase: "refitting the base", done: f, total: foldCount });
    const { head } = await pretrain({ ...input, checkpoint: () => checkpoint({ phase: "refitting the base", done: f, total: foldCount }), parts: partsWithout(setting, foldOfRow, f), strategy });
    const { weights, intercepts } = headParameters(head);
    meanLogits(base, mean).forEach((logit, c) => {
      intercepts[c] += logit;
    });
    meanLogits(head, mean).forEach((logit, c) => {
      intercepts[c] -= logit;
    });
    const out = new Float32Array(fitCells.row.length);
    problem.logits(weights, intercepts, out);
    logits.push(out);
  }
  problem.dispose();
  await checkpoint({ phase: "refitting the base", done: foldCount, total: foldCount });
  return { foldOfRow, logits };
}

/** What the base was trained on, without the images of a fold. */
function partsWithout(setting: TuneSetting, foldOfRow: Uint8Array, fold: number): Parts {
  const { parts, options } = setting.input;
  const part = parts.part.map((own) => (own === FIT || (own === SELECTION && options.selectionSeen === true) ? FIT : NO_PART));
  setting.fitRows.forEach((row) => {
    if (foldOfRow[row] === fold) part[setting.rows[row]] = NO_PART;
  });
  return { ...parts, part };
}

/** (C): the mean logit of images whose mean features, as a category sees them, are `mean` (D). */
function meanLogits({ categories, columns, weight, bias }: Head, mean: (category: number) => Float64Array): Float64Array {
  return Float64Array.from(categories, (_, c) => {
    const centre = mean(c);
    let sum = bias[c];
    for (let j = 0; j < columns; j++) sum += weight[c * columns + j] * centre[j];
    return sum;
  });
}

/** As heldOutLogits, for the fit cells (`images`: the fit rows; `final`: what the final heads of a setting are fitted to): each fold is scored by the base and the changes that were fitted without its images. */
export async function crossFittedLogits(
  setting: PathSetting,
  bases: RefittedBases,
  images: Uint32Array,
  final: (setting: PathSetting) => TrainingCells,
  report: (done: number, total: number) => void | Promise<void>,
): Promise<HeldOut> {
  const { fitCells: cells } = setting;
  const M = cells.row.length;
  const fold = new Uint8Array(M);
  const base = new Float32Array(M);
  for (let i = 0; i < M; i++) {
    fold[i] = bases.foldOfRow[cells.row[i]];
    base[i] = bases.logits[fold[i]][i];
  }
  const scored = await scoreInBlocks(setting, cells, foldCount, report, (block, reportOwn) => {
    const own = settingOfBlock(setting, block);
    const foldOf = numbersOfBlock(fold, cells, block);
    const plan = (f: number): FoldPlan => {
      const training = filterCells(own.fitCells, (cell) => foldOf[cell] !== f);
      const held = filterCells(own.fitCells, (cell) => foldOf[cell] === f);
      const logits = numbersOfBlock(bases.logits[f], cells, block);
      return { training: { cells: training, offset: gatherNumbers(training.source, logits, logits) }, held, offset: gatherNumbers(held.source, logits, logits) };
    };
    return scoreFolds(own, own.fitCells.row.length, foldCount, plan, () => final(own), reportOwn);
  });
  return { cells, images, scorable: classesInEveryTraining(cells, fold), base, fold, ...scored };
}

/** (C): 1 where the cells outside of every fold hold both classes; a head that never saw a class says nothing about the category. */
export function classesInEveryTraining(cells: KnownCells, fold: Uint8Array): Uint8Array {
  const C = cells.start.length - 1;
  return Uint8Array.from({ length: C }, (_, c) => {
    const folds: readonly [Set<number>, Set<number>] = [new Set(), new Set()];
    for (let i = cells.start[c]; i < cells.start[c + 1]; i++) folds[cells.positive[i]].add(fold[i]);
    return folds[0].size > 1 && folds[1].size > 1 ? 1 : 0;
  });
}
