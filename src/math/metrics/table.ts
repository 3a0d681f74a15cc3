import { expected } from "../../errors.ts";
import type { BinaryProblem } from "./binary-problem.ts";
import { averageGap, binProbabilities, expectedGap, maximumGap, meanSquare, rootMeanSquareGap, type BinnedCalibration } from "./calibration-error.ts";
import { hingeLoss, logLoss, probabilityHingeLoss } from "./cell-losses.ts";
import { accuracy, balancedAccuracy, cohenKappa, fBeta, hammingLoss, jaccard, matthewsCorrelation, precision, recall, specificity, type Confusion } from "./confusion.ts";
import { precisionAtRecall, recallAtPrecision, sensitivityAtSpecificity, specificityAtSensitivity, type FixedPoint } from "./fixed-point.ts";
import type { Metric, MetricOptions, Requirement } from "./metric.ts";
import { coverageError, exactMatch, rankingAveragePrecision, rankingLoss } from "./per-image.ts";
import { areaUnderRocWithWeights, averagePrecisionWithWeights } from "./ranking.ts";

const ofCategories = { over: "category", oneSidedValue: null } as const;

/** Every metric, once: commands, tests and docs walk this table. docs/methods/metrics.md has each one's rules and source. */
export const metrics: readonly Metric[] = [
  ofOrder("average_precision_score", ["ap"], "mean precision at each positive, going down the ranking", ({ ranking, labels }) => averagePrecisionWithWeights(ranking, labels, null)),
  ofOrder("roc_auc_score", ["auroc"], "chance that a positive scores higher than a negative", ({ ranking, labels }) => areaUnderRocWithWeights(ranking, labels, null)),
  atFixedPoint("precision_at_recall_score", "highest precision with recall of at least atLeast", precisionAtRecall),
  atFixedPoint("recall_at_precision_score", "highest recall with precision of at least atLeast", recallAtPrecision),
  atFixedPoint("sensitivity_at_specificity_score", "highest recall with specificity of at least atLeast", sensitivityAtSpecificity),
  atFixedPoint("specificity_at_sensitivity_score", "highest specificity with recall of at least atLeast", specificityAtSensitivity),

  ofAnswers("accuracy_score", [], "any-cell", "share of cells answered rightly", accuracy),
  ofAnswers("balanced_accuracy_score", [], "both-classes", "mean of recall and specificity", balancedAccuracy),
  ofAnswers("precision_score", [], "both-classes", "share of the positive answers that are right", precision),
  ofAnswers("recall_score", ["sensitivity_score"], "a-positive", "share of the positives found", recall),
  ofAnswers("specificity_score", [], "a-negative", "share of the negatives left alone", specificity),
  ofAnswers("f1_score", ["f1"], "both-classes", "harmonic mean of precision and recall", (confusion) => fBeta(confusion, 1)),
  ofAnswers("fbeta_score", [], "both-classes", "the same, recall counting beta times as much", (confusion, { beta }) => fBeta(confusion, beta)),
  ofAnswers("dice_score", ["dice"], "both-classes", "overlap of answers and positives, 2 TP / (2 TP + FP + FN); equals F1", (confusion) => fBeta(confusion, 1)),
  ofAnswers("jaccard_score", [], "a-positive", "positives found / cells that are positive or answered so", jaccard),
  ofAnswers("cohen_kappa_score", ["kappa"], "both-classes", "agreement of answers and labels beyond chance", cohenKappa),
  ofAnswers("matthews_correlation_score", ["mcc"], "both-classes", "correlation of answers and labels", matthewsCorrelation),
  { ...ofAnswers("hamming_loss", [], "any-cell", "share of cells answered wrongly", hammingLoss), direction: "lower" },

  ofBins("expected_calibration_error", ["ece"], "mean over cells of the gap between probability and frequency in their bin", expectedGap),
  ofBins("root_mean_square_calibration_error", [], "the same, gaps squared before the mean, then the root", rootMeanSquareGap),
  ofBins("maximum_calibration_error", ["mce"], "the largest gap of a bin", maximumGap),
  ofBins("average_calibration_error", ["ace"], "mean gap of the bins that hold a cell", averageGap),
  ofProbabilities("brier_score_loss", ["brier"], "mean squared distance of probability and label", ({ probabilities, labels }) => meanSquare(probabilities, labels)),
  ofProbabilities("log_loss", [], "mean surprise: -log of the probability given to what is true", logLoss),
  ofProbabilities("hinge_loss", [], "mean shortfall of the logit from 1 on the right side", (problem) => hingeLoss(problem)),
  ofProbabilities("squared_hinge_loss", [], "the same, squared before the mean", (problem) => hingeLoss(problem, { squared: true })),
  ofProbabilities("probability_hinge_loss", [], "hinge loss with the probability in place of the logit", (problem) => probabilityHingeLoss(problem)),
  ofProbabilities("squared_probability_hinge_loss", [], "the same, squared before the mean", (problem) => probabilityHingeLoss(problem, { squared: true })),

  { ...ofAnswers("exact_match_score", [], "any-cell", "share of images whose every known cell is answered rightly", exactMatch), over: "image" },
  ofImages("ranking_loss", "lower", "both-classes", 0, "share of an image's (positive, negative) pairs ordered wrongly", rankingLoss),
  ofImages("ranking_average_precision_score", "higher", "both-classes", 1, "average precision of an image's categories", rankingAveragePrecision),
  ofImages("coverage_error", "lower", "a-positive", 0, "categories of an image to read, best first, until its positives are met", coverageError),
];

/** The names of `metrics`, in their order, without the aliases. */
export const metricNames: readonly string[] = metrics.map((metric) => metric.name);

/** The metric of that name or alias ("ap", "auroc", "ece", ...). Throws on any other, with the names there are. */
export function findMetric(name: string): Metric {
  const found = metrics.find((metric) => metric.name === name || metric.aliases.includes(name));
  if (found === undefined) throw expected("metric", `one of ${metricNames.join(", ")}`, name);
  return found;
}

type Compute = Metric["compute"];

function ofOrder(name: string, aliases: readonly string[], summary: string, compute: Compute): Metric {
  return { ...ofCategories, name, aliases, summary, direction: "higher", requires: "both-classes", reads: "order", compute };
}

function atFixedPoint(name: string, summary: string, point: (problem: BinaryProblem, atLeast: number) => FixedPoint): Metric {
  return ofOrder(name, [], summary, (problem, { atLeast }) => point(problem, atLeast).value);
}

function ofAnswers(name: string, aliases: readonly string[], requires: Requirement, summary: string, value: (confusion: Confusion, options: MetricOptions) => number): Metric {
  return { ...ofCategories, name, aliases, summary, direction: "higher", requires, reads: "answers", compute: ({ confusion }, options) => value(confusion, options) };
}

function ofBins(name: string, aliases: readonly string[], summary: string, value: (binned: BinnedCalibration) => number): Metric {
  return ofProbabilities(name, aliases, summary, ({ probabilities, labels }, { bins }) => value(binProbabilities(probabilities, labels, bins)));
}

function ofProbabilities(name: string, aliases: readonly string[], summary: string, compute: Compute): Metric {
  return { ...ofCategories, name, aliases, summary, direction: "lower", requires: "any-cell", reads: "probabilities", compute };
}

function ofImages(name: string, direction: Metric["direction"], requires: Requirement, oneSidedValue: number, summary: string, compute: Compute): Metric {
  return { name, aliases: [], summary, direction, requires, over: "image", reads: "order", oneSidedValue, compute };
}
