/** Measures of ranking for learning curves: those that selection goes by. */
import { areaUnderRocWithWeights, averagePrecisionWithWeights, sortForRanking } from "../../math/index.ts";
import type { SelectionMetric } from "../types.ts";
import type { CurveMeasure } from "./learning-curve.ts";

/** Average precision, or the area under the ROC curve. NaN without a positive or a negative that counts. */
export function rankingMeasure(metric: SelectionMetric): CurveMeasure {
  const value = metric === "ap" ? averagePrecisionWithWeights : areaUnderRocWithWeights;
  return (_, { scores, positives }) => {
    const ranking = sortForRanking(scores);
    return (times) => value(ranking, positives, Float64Array.from(positives, (__, cell) => times(cell)));
  };
}
