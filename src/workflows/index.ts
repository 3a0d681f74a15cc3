/**
 * What a person does, from files to files: inspect a model, extract features, pretrain, tune, evaluate.
 * Each workflow takes plain options and a context (logger, checkpoint), and returns data. Nothing here prints.
 */
export type { FeatureSource, LabelSource, UncertainPolicyName, NamedTuneOptions, Preprocessing, WorkflowContext } from "./context.ts";
export type { KernelRequest } from "./kernels.ts";
export type { MemoryRequest } from "./memory.ts";
export type * from "./run-record.ts";
export type { CalibrationJson, CategoryCalibration, ErrorChange } from "./calibration.ts";
export type { FigureJson, JudgedJson, TargetRequest, ThresholdJson, ThresholdsDocument } from "./thresholds/index.ts";
export type { HarmCategory, HarmJson, HarmSource, JudgedTaker } from "./harm.ts";
export type { LearningCurveJson } from "./learning-curves.ts";
export { harmAssumptions, harmSentence } from "./harm-words.ts";
export { runAverage, type AverageDone, type AverageRequest } from "./average.ts";
export { runConvert, type ConvertDone, type ConvertRequest } from "./convert.ts";
export type { LabelFormat } from "../datasets/index.ts";
export { runDemo, type DemoDone, type DemoRequest } from "./demo.ts";
export { runEvaluate, type EvaluateDone, type EvaluatedCalibration, type EvaluatedCategory, type EvaluatedFigures, type EvaluatedPart, type EvaluatedThreshold, type EvaluateRequest } from "./evaluate.ts";
export { metricShapes, type ConfusionRows, type CurveJson, type JudgedMetrics, type MetricEntry, type MetricMean, type MetricsAsked } from "./evaluated-metrics.ts";
export { runExperiment, type ExperimentDone, type ExperimentRequest, type MeanWithError, type SummaryLine } from "./experiment/index.ts";
export { runExtract, type ExtractDone, type ExtractRequestOptions } from "./extract.ts";
export { runInspect } from "./inspect.ts";
export { runMask, type MaskDone, type MaskedCategory, type MaskRequest } from "./mask.ts";
export { runPredict, type PredictDone, type PredictRequest } from "./predict.ts";
export { runPretrain, type PretrainDone, type PretrainedCategory, type PretrainRequest } from "./pretrain.ts";
export { runTune, type TuneDone, type TuneRequest } from "./tune.ts";
export { catwiseVersion } from "./outputs.ts";
export { runReport } from "./report.ts";
