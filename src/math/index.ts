/**
 * Pure numerics on typed arrays: losses, metrics, solvers, calibration, statistics, seeded random numbers, and the
 * contract of the inner loops (Kernels) with its plain default. Knows nothing of images, files or people.
 */
export type * from "./kernels.ts";
export { inScope } from "./kernel-scope.ts";
export * from "./random.ts";
export { defaultCellsAtOnce, plainKernels } from "./plain-kernels.ts";
export { JointProblem, type JointShare } from "./joint-problem.ts";
export { checkCells, checkLength, checkLoss, checkRows, noCurvatures } from "./plain-kernels/check-cells.ts";
export { plainReplicatedAveragePrecisions } from "./plain-kernels/average-precisions.ts";
export { plainCellSums } from "./plain-kernels/cell-sums.ts";
export { checkShape } from "./plain-kernels/matrix.ts";
export { cellTermsOf, type CellTerms } from "./plain-kernels/cell-loss.ts";
export { checkSymmetric, descending, symmetricEigen, tridiagonalEigen, type Eigen } from "./eigen.ts";
export { ridgeNewton, type RidgeOptions, type RidgeResult } from "./solvers/ridge-newton.ts";
export { dot } from "./solvers/vectors.ts";
export { RidgePath, type RidgePathOptions } from "./solvers/ridge-path.ts";
export { Adam, type AdamOptions } from "./solvers/adam.ts";
export { limitedMemoryDescent, type BlockProblem, type LimitedMemoryOptions, type LimitedMemoryResult } from "./solvers/limited-memory.ts";
export * from "./metrics/ranking.ts";
export * from "./metrics/calibration-error.ts";
export type { Bits, Numbers } from "./metrics/descending-order.ts";
export { binaryProblem, type BinaryProblem, type ProblemColumns, type ScoreKind } from "./metrics/binary-problem.ts";
export * from "./metrics/metric.ts";
export { findMetric, metricNames, metrics } from "./metrics/table.ts";
export { averages, meanOverGroups, type Average, type GroupValues, type MeanValue } from "./metrics/averages.ts";
export { categoryProblems, computeMetrics, type MetricResult, type MetricsRequest, type ScoredCells } from "./metrics/compute-metrics.ts";
export * from "./metrics/confusion.ts";
export * from "./metrics/curves.ts";
export { foundAt, mostFound, rankedLabels, type Found, type Multiplicity, type RankedLabels, type ScoredLabels } from "./metrics/found.ts";
export * from "./metrics/fixed-point.ts";
export * from "./metrics/cell-losses.ts";
export * from "./metrics/per-image.ts";
export * from "./statistics/bootstrap.ts";
export * from "./statistics/pooling.ts";
export * from "./statistics/normal.ts";
export { wilsonInterval } from "./statistics/wilson.ts";
export * from "./losses/logistic.ts";
export * from "./losses/entropy.ts";
export * from "./losses/hill.ts";
export * from "./losses/strictly-proper.ts";
export * from "./statistics/distribution.ts";
export { betaDraw, binomialDraw, dirichletDraw, gammaDraw } from "./statistics/draws.ts";
export { plattScaling, type Calibration } from "./calibration.ts";
