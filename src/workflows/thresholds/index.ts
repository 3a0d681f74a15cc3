export { judgedJson, readThresholds, thresholdEntries, thresholdsFileOf, thresholdsText, type FigureJson, type JudgedJson, type ReadThreshold, type ThresholdJson, type ThresholdsDocument } from "./document.ts";
export { readTargets, valuesOf, type TargetRequest } from "./plan.ts";
export { targetWords } from "./words.ts";
