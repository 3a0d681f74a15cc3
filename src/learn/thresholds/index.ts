/** Thresholds: chosen for a target on held-out scores, judged on cells nothing was chosen on (docs/methods/thresholds.md). */
export { chooseThresholds, thresholdReplicates, type ChosenThreshold, type NoThreshold, type ThresholdRequest } from "./choose-thresholds.ts";
export { heldOutScores } from "./held-out-scores.ts";
export { judgeThresholds, type JudgedFigure, type JudgedThreshold, type JudgeRequest } from "./judge-thresholds.ts";
export { parseTarget, targetHelp, targetText, type ThresholdTarget } from "./target.ts";
