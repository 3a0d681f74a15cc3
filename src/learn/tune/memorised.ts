import { areaUnderRoc, hanleyMcNeilError } from "../../math/index.ts";
import { countClasses, filterCells, kernelCells, type KnownCells } from "../cells.ts";
import { cellProblem } from "../features.ts";
import { repeated } from "../repeated.ts";
import type { TuneWarning } from "../types.ts";
import { blocksFor, cellsOfBlock, numbersOfBlock, wantedOfBlock } from "./blocks.ts";
import { classesInEveryTraining } from "./cross-fit.ts";
import { dealGroups, foldCount } from "./folds.ts";
import { walkTogether, type PathSetting, type TrainingCells } from "./path.ts";
import type { TuneSetting } from "./setting.ts";

const largeDifference = 0.05;
const clearDifference = 2;
/** A mean of areas under curves, rounded to three digits, needs no nearer optimum; choosing among strengths does. */
const warningTolerance = 1e-5;

/**
 * Did the network memorise its training images (METHOD 4.5)? T_feat = mean over categories of [AUROC of out-of-fold scores on known fit
 * cells - AUROC of those heads on known selection cells], five folds of fit images (groups whole), heads centred at 0, at strength `index`;
 * warns when T_feat > .05 with z > 2 (Hanley-McNeil errors). The second AUROC is the mean over the five heads, as the first is of
 * heads that saw four fifths of the cells. Categories that lack a class on either side, or in a fold's training, are left out.
 */
export async function memorisedWarning(setting: TuneSetting, path: PathSetting, index: number, report: (done: number, total: number) => Promise<void>): Promise<TuneWarning | null> {
  const { fitCells, selectionCells, kernels, metric, wanted } = path;
  const C = wanted.length;
  const foldOfRow = dealGroups(setting.fitRows, setting.rows.length, setting.groupIdOf, setting.input.options.seed);
  const fold = Uint8Array.from(fitCells.row, (row) => foldOfRow[row]);
  const trained = classesInEveryTraining(fitCells, fold);
  const judged = wanted.map((yes, c) => (yes === 1 && trained[c] === 1 && bothClasses(selectionCells, c) ? 1 : 0));
  if (!judged.includes(1)) return null;

  const outOfFold = new Float32Array(fitCells.row.length);
  const selectionAuroc = new Float64Array(C);
  // As in scoreFolds: together where rows have to be read for it, in blocks that leave room for their cells: four fifths of the fit cells in each training, and besides, to be scored, all of them and five times the selection cells.
  const atOnce = metric.matrix.matrix.streamed === true ? foldCount : 1;
  const blocks = blocksFor({ ...path, wanted: judged }, 2 * foldCount);
  for (const [done, block] of blocks.entries()) {
    const own = cellsOfBlock(fitCells, block);
    const others = cellsOfBlock(selectionCells, block);
    const foldOf = numbersOfBlock(fold, fitCells, block);
    const mine = wantedOfBlock(judged, block);
    const scores = numbersOfBlock(outOfFold, fitCells, block);
    for (let first = 0; first < foldCount; first += atOnce) {
      const trainingOf = (i: number): TrainingCells => {
        const cells = filterCells(own, (cell) => foldOf[cell] !== first + i);
        return { cells, offset: new Float32Array(cells.row.length) };
      };
      await walkTogether({ kernels, metric, wanted: mine, pause: setting.pause }, atOnce, trainingOf, { first: index, last: index, tolerance: warningTolerance }, async (_, { u }) => {
        const scored = Array.from({ length: atOnce }, (__, i) => filterCells(own, (cell) => foldOf[cell] === first + i));
        const problems = [...scored, ...scored.map(() => others)].map((cells) => cellProblem(kernels, metric.matrix, kernelCells(cells), { kind: "bce" }));
        const scorer = metric.inAxes(kernels.together(problems));
        const logits = new Float32Array(scorer.cellCount);
        scorer.logits(repeated(u, 2), new Float64Array(2 * atOnce * C), logits, repeated(mine, 2 * atOnce));
        let at = 0;
        for (const { source } of scored) for (let i = 0; i < source.length; i++) scores[source[i]] = logits[at++];
        for (let i = 0; i < atOnce; i++) {
          const ofSelection = logits.subarray(at, (at += others.row.length));
          for (let c = 0; c < C; c++) if (mine[c] === 1) selectionAuroc[c] += aurocOf(others, ofSelection, c) / foldCount;
        }
        for (const problem of problems) problem.dispose();
        await report(done * foldCount + first + atOnce, blocks.length * foldCount);
      });
    }
  }

  let sum = 0;
  let variance = 0;
  let count = 0;
  for (let c = 0; c < C; c++) {
    if (judged[c] === 0) continue;
    const fitAuroc = aurocOf(fitCells, outOfFold, c);
    sum += fitAuroc - selectionAuroc[c];
    variance += errorOf(fitCells, fitAuroc, c) ** 2 + errorOf(selectionCells, selectionAuroc[c], c) ** 2;
    count += 1;
  }
  const difference = sum / count;
  const z = sum / Math.sqrt(variance);
  if (!(difference > largeDifference && z > clearDifference)) return null;
  return {
    code: "memorised",
    message: `The features of the fit images tell more than those of new images: heads rank fit images they have not seen better than selection images (mean AUROC difference ${difference.toFixed(3)}, z = ${z.toFixed(1)}). The network seems to have memorised its training images; labels on new images pay most.`,
    params: { difference, z, categories: count },
  };
}

function bothClasses(cells: KnownCells, c: number): boolean {
  const { positive, negative } = countClasses(cells, c);
  return positive > 0 && negative > 0;
}

function aurocOf(cells: KnownCells, logits: Float32Array, c: number): number {
  return areaUnderRoc(logits.subarray(cells.start[c], cells.start[c + 1]), cells.positive.subarray(cells.start[c], cells.start[c + 1]));
}

function errorOf(cells: KnownCells, auroc: number, c: number): number {
  const { positive, negative } = countClasses(cells, c);
  return hanleyMcNeilError(auroc, positive, negative);
}
