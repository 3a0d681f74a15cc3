import type { UndefinedReason } from "./metric.ts";

/**
 * How the values of a metric become one:
 * macro: the plain mean over categories; weighted: the mean weighted by known positives; micro: no mean, the known cells of all categories
 * judged as one problem; samples: per image over its known cells, then the plain mean over images; none: a value per category, no mean.
 */
export const averages = ["macro", "micro", "weighted", "samples", "none"] as const;
/** How one number is made of the groups' values: see `averages`. */
export type Average = (typeof averages)[number];

/** A value per group (category or image): NaN where undefined, with the reason there, null elsewhere. */
export interface GroupValues {
  readonly values: Float64Array;
  readonly reasons: readonly (UndefinedReason | null)[];
}

/** A mean over groups, and what it leaves out. */
export interface MeanValue {
  /** NaN where no group can be averaged. */
  readonly value: number;
  readonly reason: UndefinedReason | null;
  /** Groups with a value, and groups without: what the mean speaks for, and what it leaves out. */
  readonly defined: number;
  readonly skipped: number;
}

/**
 * sum w_g v_g / sum w_g over the groups where v is defined (w_g = 1 without weights (G)). Undefined groups are skipped and counted, so that
 * a category nobody can judge neither helps nor harms. NaN ("nothing-to-average") where none is defined, or all weights are 0.
 */
export function meanOverGroups({ values, reasons }: GroupValues, weights?: ArrayLike<number>): MeanValue {
  let sum = 0;
  let mass = 0;
  let defined = 0;
  for (let g = 0; g < values.length; g++) {
    if (reasons[g] !== null) continue;
    const weight = weights === undefined ? 1 : weights[g];
    // An infinite loss of a category that weighs nothing must not turn the mean into NaN.
    if (weight > 0) sum += weight * values[g];
    mass += weight;
    defined += 1;
  }
  return { value: mass > 0 ? sum / mass : Number.NaN, reason: mass > 0 ? null : "nothing-to-average", defined, skipped: values.length - defined };
}
