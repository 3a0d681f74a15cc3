import { expected } from "../../errors.ts";
import { sigmoid } from "../losses/logistic.ts";
import { countConfusion, type Confusion } from "./confusion.ts";
import type { Numbers } from "./descending-order.ts";
import { sortForRanking, type Ranking } from "./ranking.ts";

/** Whether scores are logits or probabilities is said by the caller, never guessed from their range. */
export interface ScoreKind {
  readonly from: "logits" | "probabilities";
}

/** Known cells judged together, column by column: (n) each. */
export interface ProblemColumns extends ScoreKind {
  readonly scores: Float32Array | Float64Array;
  /** 1 positive, 0 negative. */
  readonly labels: Uint8Array;
  /** 1 where the answer at the threshold is yes. */
  readonly predicted: Uint8Array;
}

/**
 * One yes-or-no question: the known cells of one category, of one image, or all of them. What several metrics need (the ranking, the
 * probabilities, the counts at the threshold) is made on first use and kept.
 */
export class BinaryProblem {
  readonly from: ScoreKind["from"];
  readonly scores: Float32Array | Float64Array;
  readonly labels: Uint8Array;
  readonly predicted: Uint8Array;
  readonly size: number;
  readonly positives: number;
  readonly negatives: number;
  #ranking: Ranking | undefined;
  #probabilities: Float64Array | undefined;
  #confusion: Confusion | undefined;

  /** The cells first .. end-1 of the columns, as views. */
  constructor({ scores, labels, predicted, from }: ProblemColumns, first = 0, end = labels.length) {
    this.from = from;
    this.scores = scores.subarray(first, end);
    this.labels = labels.subarray(first, end);
    this.predicted = predicted.subarray(first, end);
    this.size = end - first;
    let positives = 0;
    for (let i = first; i < end; i++) positives += labels[i];
    this.positives = positives;
    this.negatives = this.size - positives;
  }

  /** Of the scores as they came: no sigmoid, which would tie large logits. */
  get ranking(): Ranking {
    this.#ranking ??= sortForRanking(this.scores);
    return this.#ranking;
  }

  get probabilities(): Float64Array {
    this.#probabilities ??= probabilitiesOf(this.scores, this);
    return this.#probabilities;
  }

  get confusion(): Confusion {
    this.#confusion ??= countConfusion(this.labels, this.predicted);
    return this.#confusion;
  }
}

/** (n) scores as probabilities, in float64. */
export function probabilitiesOf(scores: Numbers, { from }: ScoreKind): Float64Array {
  return from === "logits" ? Float64Array.from(scores, sigmoid) : Float64Array.from(scores);
}

/**
 * The logit at which a probability equals p: log(p / (1 - p)); -Infinity at 0, Infinity at 1. Domain: [0, 1].
 */
export function logit(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}

/** The threshold in the unit of the scores. Logits are compared with the logit of the threshold: their sigmoid would round. */
export function thresholdFor(probability: number, { from }: ScoreKind): number {
  return from === "logits" ? logit(probability) : probability;
}

/**
 * A problem of its own from (n) scores and (n) labels 0/1; a cell counts as predicted where its probability is greater than `threshold`
 * (a probability, default .5). Throws where lengths differ, a label is neither 0 nor 1, a score is NaN, or a probability is outside [0, 1].
 */
export function binaryProblem(scores: Numbers, labels: Uint8Array | readonly number[], { from, threshold = 0.5 }: ScoreKind & { readonly threshold?: number }): BinaryProblem {
  const kept = scores instanceof Float32Array ? scores : Float64Array.from(scores);
  if (labels.length !== kept.length) throw expected("labels", `${kept.length} labels, as many as scores`, labels.length);
  for (let i = 0; i < labels.length; i++) if (labels[i] !== 0 && labels[i] !== 1) throw expected(`labels[${i}]`, "0 or 1", labels[i]);
  checkScores(kept, { from });
  checkThreshold("threshold", threshold);
  const limit = thresholdFor(threshold, { from });
  return new BinaryProblem({ from, scores: kept, labels: Uint8Array.from(labels), predicted: Uint8Array.from(kept, (score) => (score > limit ? 1 : 0)) });
}

/** Throws on NaN, and on a probability outside [0, 1]: the likely slip is logits passed off as probabilities. */
export function checkScores(scores: Float32Array | Float64Array, { from }: ScoreKind): void {
  const [least, most] = from === "probabilities" ? [0, 1] : [-Infinity, Infinity];
  for (let i = 0; i < scores.length; i++) {
    if (!(scores[i] >= least && scores[i] <= most)) {
      throw expected(`scores[${i}]`, from === "probabilities" ? 'a probability in [0, 1] (for logits say from: "logits")' : "a number", scores[i]);
    }
  }
}

export function checkThreshold(name: string, threshold: number): void {
  if (!(threshold >= 0 && threshold <= 1)) throw expected(name, "a probability in [0, 1]", threshold);
}
