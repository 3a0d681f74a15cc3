import type { TuneWarning } from "../types.ts";
import { fewPositives, nameSome } from "./warnings.ts";

/** The metric of every category (C) on cells that heads were fitted to. */
export interface TrainingScores {
  readonly positives: Uint32Array;
  /** Under the base, and under the heads of the weakest penalty: the optimum for these very cells. */
  readonly base: Float64Array;
  readonly optimum: Float64Array;
}

/** An optimum this much above the base counts as above it: as much as a category must lose to count as harmed. */
const barely = 0.01;

/** A head that ranks the cells it was fitted to this well is not held back by the features. */
const good = 0.9;

/**
 * Categories whose features are the limit (METHOD 8: the training-set optimum barely above the base): with at least 20 positives, the head
 * of the weakest penalty scores less than .01 above the base, and less than .9, on the very cells it was fitted to. No head on these
 * features can then do much better on new images. Where features outnumber cells the optimum is near 1 and nothing is said.
 */
export function featureLimitWarning(scores: TrainingScores, categories: readonly string[]): TuneWarning | null {
  const limited = categories.filter((_, c) => scores.positives[c] >= fewPositives && scores.optimum[c] < good && scores.optimum[c] - scores.base[c] < barely);
  if (limited.length === 0) return null;
  const names = nameSome(limited);
  return {
    code: "features-are-the-limit",
    message: `In ${limited.length} categories (${names}) even the best head for the labelled cells themselves ranks them hardly better than the base. Tuning the last layer cannot mend these; other features may.`,
    params: { categories: limited.length, names },
  };
}
