/** Thresholds in words: why there is none, and what one does on the report part. */
import type { NoThreshold, ThresholdTarget } from "../../learn/index.ts";

/** One plain sentence. */
export function thresholdReason({ code, best }: NoThreshold, target: ThresholdTarget | null): string {
  switch (code) {
    case "not-asked-for":
      return "No target was given for it.";
    case "no-clean-scores":
      return "Not reachable: no label is clean to choose on, since the base model has seen the selection part, or there is none.";
    case "no-positive":
      return "Not reachable: no image to choose on is known to show it.";
    case "no-negative":
      return "Not reachable: no image to choose on is known not to show it.";
    case "not-reachable":
      return notReachable(target, best ?? Number.NaN);
    default:
      throw unknownCode(code);
  }
}

function notReachable(target: ThresholdTarget | null, best: number): string {
  const figure = best.toFixed(3);
  const on = "Not reachable: on the labels to choose on,";
  if (target?.kind === "precision") return `${on} no threshold has a precision over ${figure}.`;
  if (target?.kind === "specificity") return `${on} a threshold that finds anything has a specificity of ${figure} at most.`;
  if (target?.kind === "cost") return `${on} no threshold costs less than always saying no.`;
  return `${on} the best is ${figure}.`;
}

/** "recall of at least 0.95", "the largest F1". */
export function targetWords(target: ThresholdTarget): string {
  if (target.kind === "f1") return "the largest F1";
  return target.kind === "cost" ? `the least cost, a miss costing ${target.value} false alarms` : `${target.kind} of at least ${target.value}`;
}

function unknownCode(code: never): Error {
  return new TypeError(`unknown reason ${String(code)}`);
}
