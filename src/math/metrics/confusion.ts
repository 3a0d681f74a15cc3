/** Counts of cells at a threshold. */
export interface Confusion {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

/** Counts the four outcomes of labels (n) and answers (n), both 0 or 1. */
export function countConfusion(labels: ArrayLike<number>, predicted: ArrayLike<number>): Confusion {
  let truePositive = 0;
  let positives = 0;
  let answers = 0;
  for (let i = 0; i < labels.length; i++) {
    truePositive += labels[i] & predicted[i];
    positives += labels[i];
    answers += predicted[i];
  }
  const falsePositive = answers - truePositive;
  return { truePositive, falsePositive, falseNegative: positives - truePositive, trueNegative: labels.length - positives - falsePositive };
}

/** TP / (TP + FP); 0 where nothing is predicted positive, as scikit-learn's default. */
export function precision({ truePositive, falsePositive }: Confusion): number {
  return truePositive === 0 ? 0 : truePositive / (truePositive + falsePositive);
}

/** TP / (TP + FN), also called sensitivity; NaN without a positive. */
export function recall({ truePositive, falseNegative }: Confusion): number {
  return truePositive / (truePositive + falseNegative);
}

/** TN / (TN + FP); NaN without a negative. */
export function specificity({ trueNegative, falsePositive }: Confusion): number {
  return trueNegative / (trueNegative + falsePositive);
}

/** (1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP): recall counts b times as much as precision. NaN where nothing is or is called positive. */
export function fBeta({ truePositive, falsePositive, falseNegative }: Confusion, beta: number): number {
  const squared = beta * beta;
  const numerator = (1 + squared) * truePositive;
  return numerator / (numerator + squared * falseNegative + falsePositive);
}

/** (TP + TN) / n; NaN without a cell. */
export function accuracy({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion): number {
  return (truePositive + trueNegative) / (truePositive + falsePositive + trueNegative + falseNegative);
}

/** (FP + FN) / n = 1 - accuracy; NaN without a cell. */
export function hammingLoss({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion): number {
  return (falsePositive + falseNegative) / (truePositive + falsePositive + trueNegative + falseNegative);
}

/** (recall + specificity) / 2; NaN without a positive or without a negative. */
export function balancedAccuracy(confusion: Confusion): number {
  return (recall(confusion) + specificity(confusion)) / 2;
}

/** TP / (TP + FP + FN); NaN where nothing is or is called positive. */
export function jaccard({ truePositive, falsePositive, falseNegative }: Confusion): number {
  return truePositive / (truePositive + falsePositive + falseNegative);
}

/**
 * Cohen's kappa = 1 - (observed disagreement) / (disagreement expected of independent answers with the same shares):
 * 1 - (FP + FN) n / (N q + P (n - q)), P and N the labels, q the positive answers. The linear and quadratic weightings equal it for two
 * classes. NaN where labels and answers are all one and the same class.
 */
export function cohenKappa({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion): number {
  const positives = truePositive + falseNegative;
  const negatives = trueNegative + falsePositive;
  const answers = truePositive + falsePositive;
  const cells = positives + negatives;
  return 1 - ((falsePositive + falseNegative) * cells) / (negatives * answers + positives * (cells - answers));
}

/**
 * Matthews correlation = (TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)), the correlation of labels and answers; 0 where either is
 * all one class, as scikit-learn's.
 */
export function matthewsCorrelation({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion): number {
  const product =
    (truePositive + falsePositive) * (truePositive + falseNegative) * (trueNegative + falsePositive) * (trueNegative + falseNegative);
  return product === 0 ? 0 : (truePositive * trueNegative - falsePositive * falseNegative) / Math.sqrt(product);
}

/** "labels": each row sums to 1; "answers": each column; "all": the whole. */
export type ConfusionNormalisation = "none" | "labels" | "answers" | "all";

/**
 * [[TN, FP], [FN, TP]] row by row, as scikit-learn's confusion_matrix: rows are labels, columns answers. Normalised, a row (column)
 * without a cell is NaN, where scikit-learn writes 0 for a share of nothing.
 */
export function confusionMatrix(
  { truePositive: tp, falsePositive: fp, trueNegative: tn, falseNegative: fn }: Confusion,
  normalisation: ConfusionNormalisation = "none",
): readonly [readonly [number, number], readonly [number, number]] {
  const of = (ofRow: number, ofColumn: number): number => ({ none: 1, labels: ofRow, answers: ofColumn, all: tn + fp + fn + tp })[normalisation];
  const [negatives, positives, no, yes] = [tn + fp, fn + tp, tn + fn, fp + tp];
  return [
    [tn / of(negatives, no), fp / of(negatives, yes)],
    [fn / of(positives, no), tp / of(positives, yes)],
  ];
}
