/** The distribution true gains are taken to come from, N(mu, tau^2), and the variance of the estimate of mu. */
export interface PooledGain {
  readonly mu: number;
  readonly tau: number;
  readonly muVariance: number;
}

/**
 * DerSimonian and Laird's moment estimate for g_c ~ N(mu, s_c^2 + tau^2): Q = sum w (g - mean_w)^2 with w = 1/s^2;
 * tau^2 = max(minimumTau^2, (Q - (k-1)) / (sum w - sum w^2 / sum w)); mu = weighted mean with 1/(s^2 + tau^2), its variance 1/sum of these.
 * gains, deviations (k), k >= 1, deviations > 0. Source: Controlled Clinical Trials 7 (1986) 177-188.
 */
export function derSimonianLaird(gains: Float64Array, deviations: Float64Array, minimumTau: number): PooledGain {
  let sum = 0;
  let squares = 0;
  let weighted = 0;
  gains.forEach((gain, c) => {
    const w = 1 / deviations[c] ** 2;
    sum += w;
    squares += w * w;
    weighted += w * gain;
  });
  const fixed = weighted / sum;
  let q = 0;
  gains.forEach((gain, c) => {
    q += (gain - fixed) ** 2 / deviations[c] ** 2;
  });
  const room = sum - squares / sum;
  const moment = gains.length > 1 && room > 0 ? (q - (gains.length - 1)) / room : 0;
  const spread = Math.max(minimumTau ** 2, moment);
  let total = 0;
  let mu = 0;
  gains.forEach((gain, c) => {
    const w = 1 / (deviations[c] ** 2 + spread);
    total += w;
    mu += w * gain;
  });
  return { mu: mu / total, tau: Math.sqrt(spread), muVariance: 1 / total };
}
