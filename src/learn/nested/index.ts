/** What tuning gains, estimated without giving a part away: outer cross-validation of the whole procedure (docs/methods/nested.md). */
import { CatwiseError } from "../../errors.ts";
import { NO_PART, REPORT, type Parts } from "../../labels/index.ts";
import { kernelCells, knownCellsIn, rowsOf, type KnownCells } from "../cells.ts";
import { compareScores, type CellScores, type HeadComparison } from "../evaluate/index.ts";
import { cellProblem, rawMatrix } from "../features.ts";
import { groupNames } from "../groups.ts";
import type { JudgedThreshold } from "../thresholds/index.ts";
import type { Head, TuneInput } from "../types.ts";
import { FoldThresholds, type ThresholdsToJudge } from "./fold-thresholds.ts";
import { logitSpread } from "./one-scale.ts";
import { dealOuterFolds, defaultOuterFolds } from "./outer-folds.ts";
import { outerRuns } from "./outer-runs.ts";
import { imagesToScore } from "./roles.ts";

export type { ThresholdsToJudge } from "./fold-thresholds.ts";
export { partsWithoutReport } from "./roles.ts";
export { defaultOuterFolds, noFold } from "./outer-folds.ts";

/** How outer cross-validation deals images into folds. */
export interface NestedOptions {
  /** 2 .. 100; default 5. */
  readonly folds?: number;
  /** The base has not seen the fit images either: they are scored too. Only of a base that was brought along; default false. */
  readonly fitUnseen?: boolean;
}

/** Which images are scored, and in which outer fold each is left out. */
export interface OuterFolds {
  readonly folds: number;
  /** (N): 1 for images that are scored. */
  readonly scored: Uint8Array;
  /** (N): the outer fold of every image; 255 (noFold) for those in none. An image may be in a fold and not be scored, with a group that is. */
  readonly foldOfImage: Uint8Array;
}

/**
 * The outer folds of an estimate, for the same `input`. Errors: split.empty-part where the base may have seen every image, so that none may be scored;
 * usage.invalid-value where there are fewer images (groups) than folds.
 */
export function outerFolds(input: Pick<TuneInput, "labels" | "parts" | "options" | "baseStrategy">, { folds = defaultOuterFolds, fitUnseen = false }: NestedOptions = {}): OuterFolds {
  const { labels, parts, options, baseStrategy } = input;
  const scored = imagesToScore(parts, { refitted: baseStrategy !== undefined, fitUnseen });
  if (!scored.includes(1)) {
    throw new CatwiseError("split.empty-part", "every image may have been seen by the base model, so none can tell what tuning it gains.", {
      remedy: "Give images it has not seen (valid or test in a split column), or say how the base was trained here (its strategy).",
    });
  }
  return { folds, scored, foldOfImage: dealOuterFolds({ labels, parts, scored, folds, seed: options.seed }) };
}

/** The gain of `tune` as outer cross-validation saw it. */
export interface NestedEstimate {
  /** Base against tuned heads on the scored images, each scored by the heads of the outer run that left it out. */
  readonly compared: HeadComparison;
  /** The scored images as the report part, all others without a part: the known cells that `compared` lists. */
  readonly parts: Parts;
  /** (C), where thresholds were asked for: what those of the outer runs do on the folds these left out. */
  readonly thresholds: readonly (JudgedThreshold | null)[] | null;
}

/**
 * The gain of `tune` by outer cross-validation. `input` is what tune is given for the head that is handed over, with every image in a part
 * (partsWithoutReport). Per outer fold the whole of tune is run again without the fold's images, the base trained again too where input.baseStrategy
 * says how, and both heads score the fold's known cells.
 *
 * AP and AUROC rank all scored cells of a category together, each head's logits brought to one scale by (s - mean) / deviation over all scored
 * images; ECE and Brier score take the logits as they are. Intervals redraw images (groups) within their folds; the upper ends of those of AP and AUROC are widened (upperFactor).
 */
export async function estimateNested(input: TuneInput, { folds, scored, foldOfImage }: OuterFolds, toJudge?: ThresholdsToJudge): Promise<NestedEstimate> {
  const { labels, features, kernels, options } = input;
  const parts: Parts = { ...input.parts, part: scored.map((yes) => (yes === 1 ? REPORT : NO_PART)) };
  const subset = rowsOf(parts, [REPORT]);
  const { rows } = subset;
  const cells = knownCellsIn(labels, parts, [REPORT], subset);
  const strata = Uint8Array.from(rows, (image) => foldOfImage[image]);
  const [before, after] = [emptyScores(cells), emptyScores(cells)];
  const thresholds = toJudge === undefined ? null : new FoldThresholds(toJudge, cells);

  await outerRuns(input, foldOfImage, folds, (run) => {
    const inFold = (cell: number): boolean => strata[cells.row[cell]] === run.fold;
    const matrix = rawMatrix(kernels, features, rows);
    const problem = cellProblem(kernels, matrix, kernelCells(cells), { kind: "bce" });
    const score = (head: Head, into: FoldScores): Float32Array => {
      const logits = new Float32Array(cells.row.length);
      problem.logits(Float64Array.from(head.weight), Float64Array.from(head.bias), logits);
      const { mean, deviation } = logitSpread(kernels, matrix, rows.length, head);
      for (let c = 0; c < mean.length; c++) {
        for (let i = cells.start[c]; i < cells.start[c + 1]; i++) {
          if (!inFold(i)) continue;
          into.logits[i] = logits[i];
          into.ranking[i] = (logits[i] - mean[c]) / deviation[c];
        }
      }
      return logits;
    };
    score(run.before, before);
    const tuned = score(run.after, after);
    thresholds?.add(run, tuned, inFold);
    problem.dispose();
    matrix.dispose();
  });

  const names = groupNames(labels, parts);
  const groups = Array.from(rows, (image) => names[image]);
  const compared = compareScores({ categories: labels.categories, cells, groups, strata, before, after, seed: options.seed, upperFactor: upperFactor(folds) });
  return { compared, parts, thresholds: thresholds?.judge(labels, parts, options.seed) ?? null };
}

/**
 * Redrawn images show the chance in what is scored, and not that in what was learnt from, nor what the last fold's labels add. Nadeau and Bengio (2003) put the first at a variance 1 + K/(K-1) times
 * as large for K folds: the upper end is moved out by its root. The lower end is not: the outer runs' heads gain less, being made of fewer labels, which does as much there (docs/decisions/0044).
 */
function upperFactor(folds: number): number {
  return Math.sqrt(1 + folds / (folds - 1));
}

type FoldScores = Required<CellScores>;

function emptyScores({ row }: KnownCells): FoldScores {
  return { logits: new Float32Array(row.length), ranking: new Float64Array(row.length) };
}
