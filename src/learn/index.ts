/**
 * The method: pretraining a head by a pseudo-label strategy (stage 1), tuning it category by category on known labels
 * (stage 2), and judging both. Pure functions of features and labels; runs unchanged in a browser.
 */
export type * from "./types.ts";
export { averageHeads } from "./average.ts";
export type { KnownCells } from "./cells.ts";
export { chosenRows, denseFeatures } from "./features.ts";
export { groupNames } from "./groups.ts";
export {
  fixedPseudoLabels,
  needsGuide,
  pretrain,
  strategies,
  strategyNames,
  usesUnknown,
  cellObjective,
  crossEntropy,
  fillUnknown,
  focalTerm,
  forUnknown,
  kernelTerm,
  knownPlan,
  LEFT_OUT,
  rule,
  scoredStrategy,
  setCell,
  totalTrust,
  type CellObjectiveParts,
  type CellPlan,
  type CellTerm,
  type OptionRule,
  type ScoredDefinition,
  type Term,
  type Answer,
  type FixedStrategy,
  type PretrainInput,
  type PretrainResult,
  type PretrainStrategy,
  type PseudoLabel,
  type PseudoLabels,
  type ScoredStrategy,
  type StrategyCard,
  type StrategyCells,
  type StrategyObjective,
  type StrategyOptions,
} from "./pretrain/index.ts";
export { overallHarm, pseudoLabelHarm, type CategoryHarm, type HarmInput, type HarmPrevalence, type HarmTaker, type OverallHarm } from "./pretrain/harm.ts";
export { answerAt, TAKEN_NEGATIVE, TAKEN_POSITIVE } from "./pretrain/pseudo-labels.ts";
export type { Estimate, Taken, WrongDraws } from "./pretrain/harm-estimate.ts";
export { tune } from "./tune/index.ts";
export { defaultOuterFolds, estimateNested, outerFolds, partsWithoutReport, type NestedEstimate, type NestedOptions, type OuterFolds, type ThresholdsToJudge } from "./nested/index.ts";
export type { Candidate } from "./tune/greedy.ts";
export * from "./advise/index.ts";
export * from "./thresholds/index.ts";
export { calibrationFigures, compareCalibration, judgeCalibration, type CalibrationChange, type CalibrationFigure, type CalibrationRequest, type ComparedCalibration, type JudgedCalibration, type Reliability } from "./calibrate/index.ts";
export {
  compareHeads,
  evaluateHead,
  evaluateMetrics,
  evaluateScores,
  knownLogits,
  type CategoryComparison,
  type CategoryEvaluation,
  type EvaluateInput,
  type EvaluateScoresInput,
  type FigureChange,
  type KnownLogits,
  type HeadComparison,
  type MetricsEvaluation,
} from "./evaluate/index.ts";
