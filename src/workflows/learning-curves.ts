/** Learning curves as commands tell them: what further labels of each tuned category are worth. */
import { learningCurves, rankingMeasure, type ExpectedGain, type LearningCurve, type SelectionMetric, type TuneInput, type TuneResult } from "../learn/index.ts";

/** The learning curve of one category on the report part; values and gains in units of the metric of selection. */
export interface LearningCurveJson {
  readonly name: string;
  /** Why there is none; null where there is one. */
  readonly reason: string | null;
  readonly learnt: LearningCurve["learnt"];
  readonly judged: LearningCurve["judged"];
  readonly points: LearningCurve["points"];
  readonly gains: readonly ExpectedGain[];
}

/** One for each category, in their order, of heads tuned by auto. */
export async function tunedLearningCurves(input: TuneInput, { categories, pooled }: TuneResult, metric: SelectionMetric): Promise<LearningCurveJson[] | undefined> {
  if (pooled === null) return undefined;
  const only = categories.filter(({ status }) => status === "tuned").map(({ name }) => name);
  const { seed, fitOnly } = input.options;
  const curves = await learningCurves({ ...input, strength: pooled.kappas[pooled.chosenIndex]!, fitOnly, measure: rankingMeasure(metric), only, seed });
  return curves.map(({ category, reason, ...curve }) => ({ name: category, reason: reason === null ? null : reasons[reason], ...curve }));
}

const reasons: Readonly<Record<NonNullable<LearningCurve["reason"]>, string>> = {
  "not-asked-for": "the category was not tuned",
  "few-to-learn-from": "under 20 known positives or negatives to learn from",
  "few-to-judge-on": "under 20 known positives or negatives in the report part",
  undefined: "the metric is undefined too often",
};
