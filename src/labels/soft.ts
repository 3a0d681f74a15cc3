import { expected } from "../errors.ts";
import { cellLots } from "./lots.ts";
import { UNCERTAIN, type PartialLabels } from "./partial-labels.ts";

/** Uncertain cells become targets drawn evenly from [low, high]; low = high is a fixed value. */
export interface SoftPolicy {
  readonly low: number;
  readonly high: number;
}

/** The soft policies tried on CheXpert: rather negative, rather positive, anything. */
export const softPolicies: Readonly<Record<"soft-negative" | "soft-positive" | "soft-any", SoftPolicy>> = {
  "soft-negative": { low: 0, high: 0.3 },
  "soft-positive": { low: 0.55, high: 0.85 },
  "soft-any": { low: 0, high: 1 },
};

/** What softPolicyOf understands, for messages. */
export const softPolicyHelp = `${Object.keys(softPolicies).join(", ")}, a target such as 0.4, or bounds such as 0.55..0.85`;

/** "soft-any", "0.4" (fixed) or "0.55..0.85" as a policy; null for any other text, and for bounds that are not 0 <= low <= high <= 1. */
export function softPolicyOf(text: string): SoftPolicy | null {
  const named = Object.entries(softPolicies).find(([name]) => name === text);
  if (named !== undefined) return named[1];
  const [, first = "", second = first] = /^(\d*\.?\d+)(?:\.\.(\d*\.?\d+))?$/.exec(text) ?? [];
  const policy = { low: Number(first), high: Number(second) };
  return first !== "" && policy.low <= policy.high && policy.high <= 1 ? policy : null;
}

/**
 * A target in [0, 1] for every uncertain cell (one number per listed cell, in the order of `labels.value`; NaN for cells that are not uncertain), for training a base (stage 1). The
 * matrix itself stays as it is: a soft target is no label, so tuning and every metric still leave the cell out.
 *
 * A draw hangs on the seed, the image's id and the category's name, never on positions. Errors: usage.invalid-value for bounds outside 0 <= low <= high <= 1.
 */
export function softTargets(labels: PartialLabels, { low, high }: SoftPolicy, seed: number | string): Float32Array {
  if (!(low >= 0 && low <= high && high <= 1)) throw expected("policy", "bounds with 0 <= low <= high <= 1", { low, high });
  const lot = cellLots(labels.imageIds, labels.categories, seed, 0x736f6674);
  const targets = new Float32Array(labels.value.length).fill(Number.NaN);
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) {
      if (labels.value[cell] === UNCERTAIN) targets[cell] = low + ((high - low) * lot(image, labels.category[cell])) / 2 ** 32;
    }
  }
  return targets;
}
