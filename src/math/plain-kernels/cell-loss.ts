import type { CellLoss } from "../kernels.ts";

/** Loss, slope and curvature of one cell as functions of its logit. */
export interface CellTerms {
  loss: number;
  slope: number;
  /** At least 0. */
  curvature: number;
}

/**
 * The function that fills `out` with the terms of logit s and target y in [0, 1].
 *
 * With p = sigmoid(s), q = 1 - p:
 * bce: loss = -y log p - (1-y) log q; slope = p - y; curvature = p q.
 * asl: loss = -y q^g+ log p - (1-y) r^g- log(1-r), r = max(p - margin, 0); Ridnik et al., ICCV 2021. With `detachFocal`
 * the powers count as constants in slope and curvature, as in the authors' code. The curvature is floored at 0: the loss
 * is not convex. Every logarithm is taken of the logit, never of a rounded p, so logits of any size are finite.
 */
export function cellTermsOf(loss: CellLoss): (s: number, y: number, out: CellTerms) => void {
  if (loss.kind === "bce") return bceTerms;
  const { gammaPositive, gammaNegative, margin, detachFocal } = loss;
  const positive: CellTerms = { loss: 0, slope: 0, curvature: 0 };
  const negative: CellTerms = { loss: 0, slope: 0, curvature: 0 };
  return (s, y, out) => {
    clear(positive);
    clear(negative);
    if (y > 0) positiveTerms(s, gammaPositive, detachFocal, positive);
    if (y < 1) negativeTerms(s, gammaNegative, margin, detachFocal, negative);
    out.loss = y * positive.loss + (1 - y) * negative.loss;
    out.slope = y * positive.slope + (1 - y) * negative.slope;
    out.curvature = Math.max(0, y * positive.curvature + (1 - y) * negative.curvature);
  };
}

/** 1 / (1 + e^-s), without overflow. */
export function sigmoid(s: number): number {
  if (s >= 0) return 1 / (1 + Math.exp(-s));
  const e = Math.exp(s);
  return e / (1 + e);
}

/** log(1 + e^s), without overflow. */
export function softplus(s: number): number {
  return Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
}

function bceTerms(s: number, y: number, out: CellTerms): void {
  const e = Math.exp(-Math.abs(s));
  const p = s >= 0 ? 1 / (1 + e) : e / (1 + e);
  out.loss = Math.max(s, 0) - y * s + Math.log1p(e);
  out.slope = p - y;
  out.curvature = e / ((1 + e) * (1 + e));
}

function clear(terms: CellTerms): void {
  terms.loss = 0;
  terms.slope = 0;
  terms.curvature = 0;
}

/** A(s) = q^g l with l = -log p. A' = -q^g (g p l + q); A'' = q^g p (g l (g p - q) + (2g + 1) q). */
function positiveTerms(s: number, g: number, detach: boolean, out: CellTerms): void {
  const p = sigmoid(s);
  const q = sigmoid(-s);
  const l = softplus(-s);
  const focal = g === 0 ? 1 : Math.pow(q, g);
  out.loss = focal * l;
  out.slope = detach ? -focal * q : -focal * (g * p * l + q);
  out.curvature = detach ? focal * p * q : focal * p * (g * l * (g * p - q) + (2 * g + 1) * q);
}

/**
 * B(s) = r^g L with L = -log(1 - r), dr/ds = p q, dL/ds = D = p q / (q + margin), t = p q / r:
 * B' = r^g (g t L + D); B'' = r^g (g (g-1) t^2 L + 2 g t D + g t (q - p) L + D (q - p + D)).
 */
function negativeTerms(s: number, g: number, margin: number, detach: boolean, out: CellTerms): void {
  const p = sigmoid(s);
  const q = sigmoid(-s);
  const r = p - margin;
  if (!(r > 0)) return;
  const l = margin === 0 ? softplus(s) : r < 0.5 ? -Math.log1p(-r) : -Math.log(q + margin);
  const d = margin === 0 ? p : (p * q) / (q + margin);
  const focal = g === 0 ? 1 : Math.pow(r, g);
  out.loss = focal * l;
  if (detach) {
    out.slope = focal * d;
    out.curvature = focal * d * (q - p + d);
    return;
  }
  const t = margin === 0 ? q : (p * q) / r;
  out.slope = focal * (g * t * l + d);
  out.curvature = focal * (g * (g - 1) * t * t * l + 2 * g * t * d + g * t * (q - p) * l + d * (q - p + d));
}
