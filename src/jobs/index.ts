/**
 * What takes longer than a request: pictures in, features, improving, comparing, predicting. `Jobs` is what a server holds; the rest are its parts, each usable by itself: plain data in, plain data out.
 */
export type { Told } from "./told.ts";
export { compareVersions, type Compared, type ComparedVersion, type CompareRequest } from "./compare/compare.ts";
export type { CategoryCompared, ChangedPicture } from "./compare/compared.ts";
export { sentenceOf } from "./compare/headline.ts";
export { leastMissed, type Curves, type TradeoffPoint } from "./compare/tradeoff.ts";
export type { Calibration } from "./compare/calibration.ts";
export type { Judged, Verdict } from "./compare/verdict.ts";
export { explicitFields, rangeOf, recipeOf, restated, valueRanges, type ModelRecipe, type StatedPreprocessing, type ValueRange } from "./engine/recipe.ts";
export { openNetwork, ownHead, takeModel, type Network, type NetworkChoice, type TakenModel } from "./engine/networks.ts";
export { fewestReference, isFamiliar, learnFamiliarity, type Familiarity } from "./engine/familiar.ts";
export { baseStrategy, improve, type Improved, type ImprovedCategory, type ImprovedRun, type ImproveRequest } from "./improve/improve.ts";
export type { TaughtAbsent } from "./improve/taught-absent.ts";
export type { CategoryOutcome } from "./improve/outcome.ts";
export type { LiveCategory, LiveNetwork, LiveSet, PredictedPicture } from "./predict/live.ts";
export { Predictor } from "./predict/predictor.ts";
export type { PredictorStart } from "./predict/predictor-worker.ts";
export { rightOf100, rightTable, type RightBin, type RightTable } from "./predict/right.ts";
export { Meter, type MeterReading } from "./runner/meter.ts";
export type { VersionStory } from "./version-story.ts";
export { disagreementOf, type Disagreement } from "./home/disagreement.ts";
export { leastOfAKind, nextSteps, type CategoryStanding, type NextStep, type ProjectStanding } from "./home/next-steps.ts";
export { readLiveSet } from "./live-set.ts";
export { Jobs, type JobEvent, type JobNow, type JobOutcome, type JobsOptions } from "./runner/jobs.ts";
export { exportOf, type LabelDownload } from "./aside/label-export.ts";
export type { BatchRequest } from "./work/batch.ts";
export type { ImportRequest } from "./work/import.ts";
export type { ImproveJobRequest } from "./work/improve.ts";
export type { LabelsRequest } from "./work/labels.ts";
export type { ModelJobRequest } from "./work/model.ts";
export { afterMoreYes, furtherLabels, type Answered, type FeaturesLimit, type Worth, type WorthLabelling } from "./worth/further-labels.ts";
export { projectStanding } from "./home/standing.ts";
