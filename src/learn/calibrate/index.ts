/** Probabilities that mean what they say: calibration on request, prior shift, and how far off they are (docs/methods/calibration.md). */
export { calibrationFigures, compareCalibration, judgeCalibration, type CalibrationChange, type CalibrationFigure, type CalibrationRequest, type ComparedCalibration, type JudgedCalibration, type Reliability } from "./judge-calibration.ts";
export { recalibrate } from "./recalibrate.ts";
