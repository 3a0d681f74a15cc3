import { sigmoid, softplus } from "./logistic.ts";

/** H(p) = -p log p - (1-p) log(1-p) in nats, p = sigmoid(s): between 0 and log 2, exact in both tails. */
export function binaryEntropy(logit: number): number {
  return sigmoid(logit) * softplus(-logit) + sigmoid(-logit) * softplus(logit);
}

/** The derivative of binaryEntropy by the logit: -s p (1-p). */
export function binaryEntropySlope(logit: number): number {
  return -logit * sigmoid(logit) * sigmoid(-logit);
}
