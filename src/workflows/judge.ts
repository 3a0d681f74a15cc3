/** What a tuned head is judged by: the report part or, where none is given away, outer cross-validation of the whole run. */
import { REPORT, type Parts } from "../labels/index.ts";
import { chooseThresholds, compareHeads, estimateNested, heldOutScores, judgeThresholds, type ChosenThreshold, type HeadComparison, type JudgedThreshold, type OuterFolds, type ThresholdTarget, type TuneInput, type TuneResult } from "../learn/index.ts";
import { statedPrevalence } from "./calibration.ts";
import type { NestedEstimateJson } from "./run-record.ts";
import { thresholdEntries, type ThresholdJson } from "./thresholds/index.ts";

/** (C): null for a category without a target; all null: no thresholds were asked for. */
export type Targets = readonly (ThresholdTarget | null)[] | null;

export interface Judged {
  /** Base against tuned head on the images judged on. */
  readonly compared: HeadComparison;
  /** Those images as the report part. */
  readonly parts: Parts;
  readonly thresholds?: readonly ThresholdJson[];
  readonly estimate?: NestedEstimateJson;
  /** What was done, as one plain sentence. */
  readonly step: string;
}

/** The figures of the report part, which neither fitting nor selection saw. */
export async function judgeOnReportPart(input: TuneInput, result: TuneResult, targets: Targets): Promise<Judged> {
  const { labels, parts, options, checkpoint } = input;
  await checkpoint?.({ phase: "compare", done: 0, total: 1 });
  const compared = compareHeads({ ...input, part: REPORT, before: input.base, after: result.head, seed: options.seed });
  const thresholds = await findThresholds(input, result, targets, (chosen) => {
    const given = chosen.map((one) => (one.threshold === null ? null : { threshold: one.threshold, target: one.target, prevalence: one.prevalence }));
    return judgeThresholds({ labels, parts, part: REPORT, logits: compared.categories.map((one) => one.after.logits), thresholds: given, seed: options.seed });
  });
  return { compared, parts, ...thresholds, step: "Compared both heads on the report part, which neither fitting nor selection saw." };
}

/** The figures of outer cross-validation: the whole run again without each fold, which its heads then score. */
export async function judgeByOuterFolds(input: TuneInput, result: TuneResult, outer: OuterFolds, targets: Targets): Promise<Judged> {
  const began = performance.now();
  const toJudge = targets === null ? undefined : { targets, prevalence: statedPrevalence(input.labels.categories, input.options.prevalence) };
  const { compared, parts, thresholds: judged } = await estimateNested(input, outer, toJudge);
  const thresholds = await findThresholds(input, result, targets, (chosen) => chosen.map((one, c) => (one.threshold === null ? null : (judged?.[c] ?? null))));
  const estimate: NestedEstimateJson = { kind: "nested", folds: outer.folds, images: compared.images, seconds: (performance.now() - began) / 1000 };
  const again = input.baseStrategy === undefined ? "" : ", the training of the base included";
  return {
    compared,
    parts,
    ...thresholds,
    estimate,
    step: `Estimated the gain by outer cross-validation: ${String(outer.folds)} times the whole run was done again${again}, each time without one fold of the images, and both heads of that run scored the images it had left out (${String(compared.images)} in all).`,
  };
}

/** Chosen on held-out scores of the tuned heads; `judge` says what they do. */
async function findThresholds(input: TuneInput, result: TuneResult, targets: Targets, judge: (chosen: readonly ChosenThreshold[]) => readonly (JudgedThreshold | null)[]): Promise<Pick<Judged, "thresholds">> {
  if (targets === null) return {};
  const { labels, parts, options, checkpoint } = input;
  await checkpoint?.({ phase: "thresholds", done: 0, total: 2 });
  const scores = heldOutScores(input, result);
  const chosen = chooseThresholds({ labels, parts, scores, targets, prevalence: statedPrevalence(labels.categories, options.prevalence), seed: options.seed });
  await checkpoint?.({ phase: "thresholds", done: 1, total: 2 });
  return { thresholds: thresholdEntries(chosen, judge(chosen), result.head, scores?.source ?? null) };
}
