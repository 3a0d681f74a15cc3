/** Numbers as a reader meets them. */
import { holds, type Target } from "./bench.ts";

/** To three significant digits. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** A share in whole percent. */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What was measured, to three significant digits, or to as many more as it takes to stand on its own side of the bound: what misses a bound by little must not look as if it met it. */
export function measuredText(target: Target): string {
  for (let digits = 3; digits < 17; digits++) {
    const shown = Number(target.measured.toPrecision(digits));
    if (holds({ ...target, measured: shown }) === holds(target)) return String(shown);
  }
  return String(target.measured);
}

/** The same with its standard error, where it has one. */
export function estimateText(target: Target): string {
  return target.error === undefined ? measuredText(target) : `${measuredText(target)}, standard error ${target.error.toPrecision(2)}`;
}
