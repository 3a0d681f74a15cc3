/** 1 / (1 + exp(-s)), without overflow. */
export function sigmoid(logit: number): number {
  if (logit >= 0) return 1 / (1 + Math.exp(-logit));
  const exponential = Math.exp(logit);
  return exponential / (1 + exponential);
}

/** log(1 + exp(s)), without overflow and exact in both tails. */
export function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

/** -y log p - (1-y) log(1-p) with p = sigmoid(s), y in [0, 1]; finite for every finite logit. */
export function binaryCrossEntropy(logit: number, target: number): number {
  return target * softplus(-logit) + (1 - target) * softplus(logit);
}

/** The derivative of binaryCrossEntropy by the logit: sigmoid(s) - y, without cancellation at either end. */
export function binaryCrossEntropySlope(logit: number, target: number): number {
  return (1 - target) * sigmoid(logit) - target * sigmoid(-logit);
}
