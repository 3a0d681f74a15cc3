import { derSimonianLaird, standardNormalCdf } from "../../math/index.ts";

export interface CategoryEvidence {
  /** Held-out gain of the category and its bootstrap standard deviation; null where it cannot be scored. */
  readonly gain: number | null;
  readonly deviation: number | null;
}

export interface Acceptance {
  /** Per category: P(true gain > 0) given all categories' evidence. */
  readonly probability: readonly number[];
  readonly accepted: readonly boolean[];
  readonly gainMean: number;
  readonly gainSpread: number;
}

/** Below these the smallest evidence would count as certainty (METHOD 4.2.5). */
const smallestDeviation = 0.001;
const smallestSpread = 0.01;

/** Accept unless harm is likely (default), or only on evidence of gain (strict). */
export const acceptFrom = { default: 0.35, strict: 0.8 } as const;

/**
 * Acceptance by empirical Bayes (METHOD 4.2.5). theta_c ~ N(mu, tau^2), g_c | theta_c ~ N(theta_c, s_c^2), s_c = bootstrap SD + .001;
 * mu and tau by DerSimonian-Laird with tau >= .01, the uncertainty of mu carried along:
 * B = tau^2/(tau^2+s^2); theta_c | data ~ N(mu + B*(g-mu), B*s^2 + (1-B)^2*Var(mu)); a category that cannot be scored gets
 * N(mu, tau^2 + Var(mu)). With no evidence at all mu = 0 and P = 1/2, so the default accepts and strict does not.
 */
export function decideAcceptance(evidence: readonly CategoryEvidence[], strict: boolean): Acceptance {
  const scored = evidence.filter((one) => one.gain !== null && one.deviation !== null);
  const gains = Float64Array.from(scored, (one) => one.gain ?? 0);
  const deviations = Float64Array.from(scored, (one) => (one.deviation ?? 0) + smallestDeviation);
  const pooled =
    scored.length === 0 ? { mu: 0, tau: smallestSpread, muVariance: 0 } : derSimonianLaird(gains, deviations, smallestSpread);
  const threshold = strict ? acceptFrom.strict : acceptFrom.default;
  const probability = evidence.map(({ gain, deviation }) => {
    const spread = pooled.tau ** 2;
    if (gain === null || deviation === null) return standardNormalCdf(pooled.mu / Math.sqrt(spread + pooled.muVariance));
    const noise = (deviation + smallestDeviation) ** 2;
    const weight = spread / (spread + noise);
    const mean = pooled.mu + weight * (gain - pooled.mu);
    return standardNormalCdf(mean / Math.sqrt(weight * noise + (1 - weight) ** 2 * pooled.muVariance));
  });
  return { probability, accepted: probability.map((p) => p >= threshold), gainMean: pooled.mu, gainSpread: pooled.tau };
}
