/** Advice: what would help, from what is known. Learning curves are its first part. */
export { foundShare } from "./found-share.ts";
export { rankingMeasure } from "./ranking-measure.ts";
export { fewestForACurve, learningCurves, mostGrowth, type CurveMeasure, type ExpectedGain, type LearningCurve, type LearningCurveInput, type NoCurve } from "./learning-curve.ts";
