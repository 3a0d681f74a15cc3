/**
 * Loss, slope and curvature of cells, in float64: the formulas of math/plain-kernels/cell-loss.ts.
 * Results are left in the variables below, which are globals of the instance.
 */
import { exponentialOfNegative, logarithmOfOnePlus } from "./exponential";

/** Of one cell. */
export let lossTerm: f64 = 0;
export let slopeTerm: f64 = 0;
export let curvatureTerm: f64 = 0;

/** Of two cells. */
export let lossPair: v128 = f64x2.splat(0);
export let slopePair: v128 = f64x2.splat(0);
export let curvaturePair: v128 = f64x2.splat(0);

/** Two cells at once: logits s, targets y. What one lane holds never touches the other. */
export function binaryPair(s: v128, y: v128): void {
  const one = f64x2.splat(1);
  const e = exponentialOfNegative(f64x2.neg(f64x2.abs(s)));
  const inverse = f64x2.div(one, f64x2.add(one, e));
  const small = f64x2.mul(e, inverse);
  const p = v128.bitselect(inverse, small, f64x2.ge(s, f64x2.splat(0)));
  lossPair = f64x2.add(f64x2.sub(f64x2.max(s, f64x2.splat(0)), f64x2.mul(y, s)), logarithmOfOnePlus(e));
  slopePair = f64x2.sub(p, y);
  curvaturePair = f64x2.mul(small, inverse);
}

export function asymmetricTerms(s: f64, y: f64, gammaPositive: f64, gammaNegative: f64, margin: f64, detach: bool): void {
  let loss: f64 = 0, slope: f64 = 0, curvature: f64 = 0;
  if (y > 0) {
    positiveTerms(s, gammaPositive, detach);
    loss = y * lossTerm;
    slope = y * slopeTerm;
    curvature = y * curvatureTerm;
  }
  if (y < 1) {
    negativeTerms(s, gammaNegative, margin, detach);
    loss += (1 - y) * lossTerm;
    slope += (1 - y) * slopeTerm;
    curvature += (1 - y) * curvatureTerm;
  }
  lossTerm = loss;
  slopeTerm = slope;
  curvatureTerm = max(0, curvature);
}

function positiveTerms(s: f64, g: f64, detach: bool): void {
  const p = sigmoid(s);
  const q = sigmoid(-s);
  const l = softplus(-s);
  const focal = power(q, g);
  lossTerm = focal * l;
  slopeTerm = detach ? -focal * q : -focal * (g * p * l + q);
  curvatureTerm = detach ? focal * p * q : focal * p * (g * l * (g * p - q) + (2 * g + 1) * q);
}

function negativeTerms(s: f64, g: f64, margin: f64, detach: bool): void {
  lossTerm = 0;
  slopeTerm = 0;
  curvatureTerm = 0;
  const p = sigmoid(s);
  const q = sigmoid(-s);
  const r = p - margin;
  if (!(r > 0)) return;
  const l = margin == 0 ? softplus(s) : r < 0.5 ? -Math.log1p(-r) : -Math.log(q + margin);
  const d = margin == 0 ? p : (p * q) / (q + margin);
  const focal = power(r, g);
  lossTerm = focal * l;
  if (detach) {
    slopeTerm = focal * d;
    curvatureTerm = focal * d * (q - p + d);
    return;
  }
  const t = margin == 0 ? q : (p * q) / r;
  slopeTerm = focal * (g * t * l + d);
  curvatureTerm = focal * (g * (g - 1) * t * t * l + 2 * g * t * d + g * t * (q - p) * l + d * (q - p + d));
}

/** base^g; small whole exponents, which is what people choose, by multiplication. */
function power(base: f64, g: f64): f64 {
  if (g == 0) return 1;
  if (g == 1) return base;
  if (g == 2) return base * base;
  if (g == 4) return base * base * (base * base);
  return Math.pow(base, g);
}

function sigmoid(s: f64): f64 {
  if (s >= 0) return 1 / (1 + Math.exp(-s));
  const e = Math.exp(s);
  return e / (1 + e);
}

function softplus(s: f64): f64 {
  return max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
}
