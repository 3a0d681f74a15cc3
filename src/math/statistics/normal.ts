/**
 * P(Z <= x) for a standard normal Z, from the error function as a power series in the middle and a continued fraction in the tails;
 * absolute error below 1e-12.
 */
export function standardNormalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const half = complementaryError(Math.abs(x) / Math.SQRT2) / 2;
  return x > 0 ? 1 - half : half;
}

/** erfc(x) for x >= 0: the Taylor series of erf below 2.5, the continued fraction of erfc above (Abramowitz and Stegun 7.1.5, 7.1.14). */
function complementaryError(x: number): number {
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 100 && Math.abs(term) > 1e-18; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 80; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/**
 * Standard error of an AUROC of `auc` from p positives and n negatives (Hanley and McNeil, Radiology 143 (1982) 29-36):
 * sqrt((A(1-A) + (p-1)(Q1 - A^2) + (n-1)(Q2 - A^2)) / (p*n)), Q1 = A/(2-A), Q2 = 2A^2/(1+A).
 */
export function hanleyMcNeilError(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const sum = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.sqrt(Math.max(0, sum) / (positives * negatives));
}
