import { countClasses, type KnownCells } from "../cells.ts";
import type { Reason } from "../types.ts";

/** What a category has to learn from and to be judged on, or why it cannot be tuned. */
export interface Eligibility {
  readonly fit: { readonly positive: number; readonly negative: number };
  readonly selection: { readonly positive: number; readonly negative: number };
  /** Both classes known among the selection cells. */
  readonly scorable: boolean;
  /** Why the category is left alone; null when it may be tuned. */
  readonly refusal: Reason | null;
}

/**
 * A category needs a known positive and a known negative to fit; and, for methods that choose each category by its own
 * selection cells (`needsSelection`), one of each there too (METHOD 4).
 */
export function eligibility(
  fitCells: KnownCells,
  selectionCells: KnownCells,
  categories: readonly string[],
  options: { readonly needsSelection: boolean; readonly only?: readonly string[] | undefined },
): Eligibility[] {
  const wanted = options.only === undefined ? null : new Set(options.only);
  return categories.map((name, c) => {
    const fit = countClasses(fitCells, c);
    const selection = countClasses(selectionCells, c);
    const scorable = selection.positive > 0 && selection.negative > 0;
    const params = { fitPositive: fit.positive, fitNegative: fit.negative, selectionPositive: selection.positive, selectionNegative: selection.negative };
    let code: Reason["code"] | null = null;
    if (wanted !== null && !wanted.has(name)) code = "not-asked-for";
    else if (fit.positive === 0) code = "no-positive-in-fit";
    else if (fit.negative === 0) code = "no-negative-in-fit";
    else if (options.needsSelection && selection.positive === 0) code = "no-positive-in-selection";
    else if (options.needsSelection && selection.negative === 0) code = "no-negative-in-selection";
    return { fit, selection, scorable, refusal: code === null ? null : { code, params } };
  });
}
