import { areaUnderRocWithWeights, averagePrecisionWithWeights, replicatedAreaUnderRoc, replicatedAveragePrecision, sortForRanking, type Replicates } from "../../math/index.ts";
import { expected } from "../../errors.ts";
import type { OwnMetric, SelectionMetric, TuneMethod, TuneOptions } from "../types.ts";

/** 1 where higher is better, -1 where lower is: everything inside compares value * sense, so that more is better. */
export const senseOf = (metric: TuneOptions["metric"]): 1 | -1 => (typeof metric === "object" && metric.direction === "lower" ? -1 : 1);

/** What warnings that speak of ranking are judged by: a metric of one's own has a scale of its own. */
export const rankingMetric = (metric: TuneOptions["metric"]): SelectionMetric => (typeof metric === "object" ? "ap" : metric);

/** Throws usage.invalid-value for a metric that is not what OwnMetric says, or that the method cannot use. */
export function checkMetric(metric: TuneOptions["metric"], method: TuneMethod): void {
  if (typeof metric !== "object") {
    if (metric !== "ap" && metric !== "auroc") throw expected("metric", 'one of ap, auroc, or a metric of your own { name, direction, reads, value }', metric);
    return;
  }
  if (typeof metric.name !== "string" || metric.name.trim() === "") throw expected("metric.name", "a name", metric.name);
  if (metric.direction !== "higher" && metric.direction !== "lower") throw expected("metric.direction", "one of higher, lower", metric.direction);
  if (metric.reads !== "order" && metric.reads !== "values") throw expected("metric.reads", "one of order, values", metric.reads);
  if (typeof metric.value !== "function") throw expected("metric.value", "a function of logits, labels and weights", typeof metric.value);
  if (method === "auto" && metric.reads === "values") {
    throw expected("metric.reads", "order with the method auto, which judges held-out scores without the intercepts of their folds", metric.reads, {
      remedy: "Use a metric of the order of scores, or one of the paper's methods.",
    });
  }
}

/**
 * A metric of one's own, times its sense, of cells given as (n) logits, labels and weights (null: each once). NaN without a positive and a
 * negative that count, and where the metric says NaN. Throws usage.invalid-value for an answer that is infinite or no number.
 */
export function ownScore(metric: OwnMetric, logits: Float32Array, positive: Uint8Array, weights: Float64Array | null): number {
  let seen = 0;
  for (let i = 0; i < positive.length && seen !== 3; i++) if (weights === null || weights[i] > 0) seen |= positive[i] === 1 ? 1 : 2;
  if (seen !== 3) return Number.NaN;
  const value: unknown = metric.value(logits, positive, weights);
  if (typeof value !== "number" || (!Number.isFinite(value) && !Number.isNaN(value))) throw expected(`the value of the metric ${metric.name}`, "a finite number, or NaN where it is undefined", value);
  return senseOf(metric) * value;
}

/** Scores one vector of logits on the data and on replicates; `drawn[i]` is the image of cell i among those the replicates draw. */
export function scoreReplicates(
  metric: TuneOptions["metric"],
  logits: Float32Array,
  positive: Uint8Array,
  drawn: Uint32Array,
  draws: Replicates,
): { readonly point: number; readonly replicates: Float64Array | null } {
  if (typeof metric === "object") {
    const point = ownScore(metric, logits, positive, null);
    // Without both classes every replicate is undefined too.
    if (Number.isNaN(point)) return { point, replicates: null };
    const weights = new Float64Array(positive.length);
    const replicates = Float64Array.from({ length: draws.count }, (_, r) => {
      for (let i = 0; i < weights.length; i++) weights[i] = draws.multiplicity[drawn[i] * draws.count + r];
      return ownScore(metric, logits, positive, weights);
    });
    return { point, replicates };
  }
  const [once, replicated] = metric === "ap" ? [averagePrecisionWithWeights, replicatedAveragePrecision] : [areaUnderRocWithWeights, replicatedAreaUnderRoc];
  const ranking = sortForRanking(logits);
  const point = once(ranking, positive, null);
  return { point, replicates: Number.isNaN(point) ? null : replicated(ranking, positive, drawn, draws) };
}
