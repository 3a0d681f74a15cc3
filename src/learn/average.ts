import { CatwiseError, expected } from "../errors.ts";
import type { Head } from "./types.ts";

/**
 * The mean of heads on the same features, which is a head again: mean_m(w_m . z + b_m) = (mean_m w_m) . z + mean_m b_m. It is the mean of
 * logits, so the odds are averaged geometrically; the mean of probabilities is no linear layer.
 *
 * Sums in float64, rounded to float32 once; the order of the heads does not matter beyond that rounding. Heads with the same categories
 * in the same order and as many columns; otherwise throws head.category-mismatch or head.width-mismatch, and usage.invalid-value without any.
 */
export function averageHeads(heads: readonly Head[]): Head {
  const [first] = heads;
  if (first === undefined) throw expected("heads", "at least one head", heads.length);
  for (const { categories, columns } of heads) {
    if (columns !== first.columns) throw new CatwiseError("head.width-mismatch", `The heads expect ${first.columns} and ${columns} features.`, { remedy: "Average heads made for the same features." });
    if (categories.length !== first.categories.length || categories.some((name, c) => name !== first.categories[c])) {
      throw new CatwiseError("head.category-mismatch", "The heads' categories differ or stand in another order.", { remedy: "Average heads of the same categories." });
    }
  }
  const mean = (of: (head: Head) => Float32Array): Float32Array => {
    const sums = new Float64Array(of(first).length);
    for (const head of heads) of(head).forEach((value, i) => (sums[i] += value));
    return Float32Array.from(sums, (sum) => sum / heads.length);
  };
  return { categories: first.categories, columns: first.columns, weight: mean((head) => head.weight), bias: mean((head) => head.bias) };
}
