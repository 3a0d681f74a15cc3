import { betaDraw, binomialDraw, dirichletDraw, quantile, randomSource, type RandomSource } from "../../math/index.ts";

/** Cells by what they are taken for. */
export interface Taken {
  readonly negative: number;
  readonly positive: number;
  /** No answer: left out, or held at doubt. */
  readonly none: number;
}

/** Where the share of positives among the unknown cells comes from. */
export type PrevalenceCounts =
  /** Known cells are a random sample of all cells: their own share. */
  | { readonly kind: "known-at-random"; readonly positive: number; readonly negative: number }
  /** The share of positives among all cells is told; `known` of the `cells` counted here are known, `positive` of these positive. */
  | { readonly kind: "given"; readonly share: number; readonly cells: number; readonly known: number; readonly positive: number }
  /** From the answers of a head: `called` of the `unknown` cells are called positive, and so many of the held-out cells by class; null: it is the head whose answers are judged. */
  | {
      readonly kind: "adjusted-count";
      readonly unknown: number;
      readonly called: number;
      readonly heldOut: { readonly positive: number; readonly calledPositive: number; readonly negative: number; readonly calledNegative: number } | null;
    };

export interface HarmCounts {
  /** The unknown cells, by what they are taken for. */
  readonly unknown: Taken;
  /** Held-out known cells by class, by what they would be taken for (sums of shares need not be whole numbers). */
  readonly heldOut: { readonly positive: Taken; readonly negative: Taken };
  readonly prevalence: PrevalenceCounts;
}

/** A share with its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface HarmEstimate {
  /** Of the cells taken as negative, the share that is positive; null where none is taken as negative. */
  readonly falseNegative: Estimate | null;
  /** Of the cells taken as positive, the share that is negative; null where none is taken as positive. */
  readonly falsePositive: Estimate | null;
  /** The share of positives among the unknown cells. */
  readonly prevalence: Estimate;
  /** (1000) each: draws of how many of the cells taken are wrong, all 0 where none is taken. The intervals' ends are quantiles of them. */
  readonly wrong: WrongDraws;
}

/** Draws of how many of the cells taken as negative, and as positive, are wrong. */
export interface WrongDraws {
  readonly negative: Float64Array;
  readonly positive: Float64Array;
}

/** The share beyond each end of a 95 % interval is then .025 give or take .005. */
const draws = 1000;

/**
 * Estimates how wrong answers for unknown cells are. With q the share of positives among the unknown cells, a_k and b_k the probabilities that a positive and a
 * negative cell is taken as k (negative, positive, none):
 *
 *   false-negative rate = q a_neg / (q a_neg + (1-q) b_neg),   false-positive rate = (1-q) b_pos / (q a_pos + (1-q) b_pos).
 *
 * a and b are drawn from their posteriors given the held-out cells (Dirichlet, Jeffreys' 1/2 for every kind that occurs), q from that of its source; the
 * realised share among the cells taken is a binomial draw on top. Value: the median of the rates; interval: the central quantiles of the realised shares.
 * Docs: docs/methods/pseudo-label-harm.md.
 */
export function estimateHarm({ unknown, heldOut, prevalence }: HarmCounts, { coverage = 0.95, seed }: { readonly coverage?: number; readonly seed: number | string }): HarmEstimate {
  const random = randomSource(`pseudo-label harm\u0000${seed}`);
  const kinds = (["negative", "positive", "none"] as const).filter((kind) => unknown[kind] + heldOut.positive[kind] + heldOut.negative[kind] > 0);
  const [negative, positive] = [kinds.indexOf("negative"), kinds.indexOf("positive")];
  const [weightsOfPositive, weightsOfNegative] = [heldOut.positive, heldOut.negative].map((held) => kinds.map((kind) => held[kind] + 0.5));
  const prevalences = new Float64Array(draws);
  const rates = { negative: new Rates(unknown.negative), positive: new Rates(unknown.positive) };
  for (let draw = 0; draw < draws; draw++) {
    const ofPositive = dirichletDraw(random, weightsOfPositive);
    const ofNegative = dirichletDraw(random, weightsOfNegative);
    const q = drawPrevalence(random, prevalence, ofPositive[positive] ?? 0, ofNegative[positive] ?? 0);
    prevalences[draw] = q;
    rates.negative.add(random, q * (ofPositive[negative] ?? 0), (1 - q) * (ofNegative[negative] ?? 0));
    rates.positive.add(random, (1 - q) * (ofNegative[positive] ?? 0), q * (ofPositive[positive] ?? 0));
  }
  const tail = (1 - coverage) / 2;
  const summary = (values: ArrayLike<number>, realised: ArrayLike<number>): Estimate => {
    const value = quantile(values, 0.5);
    // Of a few cells none may be wrong in nearly every draw: the interval of what comes true is then 0, and leaves out the rate.
    return { value, low: Math.min(value, quantile(realised, tail)), high: Math.max(value, quantile(realised, 1 - tail)) };
  };
  const shareOf = (side: "negative" | "positive"): Estimate | null => (unknown[side] > 0 ? summary(rates[side].values, rates[side].wrong.map((count) => count / unknown[side])) : null);
  return {
    falseNegative: shareOf("negative"),
    falsePositive: shareOf("positive"),
    prevalence: summary(prevalences, prevalences),
    wrong: { negative: rates.negative.wrong, positive: rates.positive.wrong },
  };
}

/** Draws of the rate of wrong answers among `cells` cells, and of how many are then really wrong. */
class Rates {
  readonly values: number[] = [];
  readonly wrong = new Float64Array(draws);
  private readonly cells: number;

  constructor(cells: number) {
    this.cells = cells;
  }

  add(random: RandomSource, wrong: number, right: number): void {
    if (this.cells === 0) return;
    const rate = wrong + right > 0 ? wrong / (wrong + right) : 0;
    this.wrong[this.values.length] = binomialDraw(random, this.cells, rate);
    this.values.push(rate);
  }
}

/** ownSensitivity, ownFalseAlarm: how often the taker itself calls positives and negatives positive, in this draw. */
function drawPrevalence(random: RandomSource, source: PrevalenceCounts, ownSensitivity: number, ownFalseAlarm: number): number {
  if (source.kind === "known-at-random") return betaDraw(random, source.positive + 0.5, source.negative + 0.5);
  if (source.kind === "given") {
    const unknown = source.cells - source.known;
    return unknown === 0 ? source.share : clip((binomialDraw(random, source.cells, source.share) - source.positive) / unknown);
  }
  const held = source.heldOut;
  const sensitivity = held === null ? ownSensitivity : betaDraw(random, held.calledPositive + 0.5, held.positive - held.calledPositive + 0.5);
  const falseAlarm = held === null ? ownFalseAlarm : betaDraw(random, held.calledNegative + 0.5, held.negative - held.calledNegative + 0.5);
  // A head that does not tell the classes apart says nothing of their shares.
  if (sensitivity <= falseAlarm) return random.next();
  const called = binomialDraw(random, source.unknown, source.called / source.unknown) / source.unknown;
  return clip((called - falseAlarm) / (sensitivity - falseAlarm));
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share));
}
