import { softplus } from "../losses/logistic.ts";
import { logit, type BinaryProblem } from "./binary-problem.ts";

/**
 * Mean log-loss: -log p for a positive, -log(1 - p) for a negative cell. Computed on logits without forming p, so finite for every
 * finite logit; a probability of exactly 0 or 1 on the wrong side costs Infinity, where scikit-learn clips. NaN without a cell.
 */
export function logLoss({ scores, labels, from }: BinaryProblem): number {
  return mean(scores, (score, i) => {
    if (from === "logits") return softplus(labels[i] === 1 ? -score : score);
    return labels[i] === 1 ? -Math.log(score) : -Math.log1p(-score);
  });
}

/**
 * Mean hinge loss max(0, 1 - m), m = s for a positive and -s for a negative cell, s the logit (of a probability: log(p / (1 - p))).
 * `squared`: the mean of its square. As scikit-learn's hinge_loss on decision values. NaN without a cell.
 */
export function hingeLoss({ scores, labels, from }: BinaryProblem, { squared = false }: { readonly squared?: boolean } = {}): number {
  return mean(scores, (score, i) => hinge(from === "logits" ? score : logit(score), labels[i], squared));
}

/**
 * The same with the probability in place of the logit, as torchmetrics and mlcpl have it: never below 1 for a negative cell, so only
 * good for comparison with them. `squared` as above. NaN without a cell.
 */
export function probabilityHingeLoss({ probabilities, labels }: BinaryProblem, { squared = false }: { readonly squared?: boolean } = {}): number {
  return mean(probabilities, (probability, i) => hinge(probability, labels[i], squared));
}

function hinge(score: number, label: number, squared: boolean): number {
  const loss = Math.max(0, 1 - (label === 1 ? score : -score));
  return squared ? loss * loss : loss;
}

function mean(scores: Float32Array | Float64Array, loss: (score: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += loss(scores[i], i);
  return sum / scores.length;
}
