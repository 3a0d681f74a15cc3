import { expected } from "../../errors.ts";

/**
 * What a category's threshold is chosen for (docs/methods/thresholds.md):
 * recall, precision, specificity: at least `value`, in (0, 1]; cost: a miss costs `value` (> 0) times a false alarm; f1: the largest F1.
 */
export type ThresholdTarget = { readonly kind: "recall" | "precision" | "specificity" | "cost"; readonly value: number } | { readonly kind: "f1" };

/** How targets are typed, for help texts and messages. */
export const targetHelp = "recall=R, precision=P or specificity=S with a number over 0 and up to 1, cost=K (a miss costs K false alarms), or f1";

/**
 * The target a text names: "recall=0.95", "precision=0.9", "specificity=0.99", "cost=5", "f1"; null for anything else. Shares lie in (0, 1], a cost is
 * above 0.
 */
export function parseTarget(text: string): ThresholdTarget | null {
  if (text.trim() === "f1") return { kind: "f1" };
  const match = /^\s*(recall|precision|specificity|cost)\s*=\s*(\d+(?:\.\d*)?|\.\d+)\s*$/.exec(text);
  if (match === null) return null;
  const target = { kind: match[1] as "recall" | "precision" | "specificity" | "cost", value: Number(match[2]) };
  return isTarget(target) ? target : null;
}

/** A target as it is typed: the text that parseTarget reads. */
export function targetText(target: ThresholdTarget): string {
  return target.kind === "f1" ? "f1" : `${target.kind}=${target.value}`;
}

/** Throws usage.invalid-value for a value outside of what the kind allows. */
export function requireTarget(target: ThresholdTarget): void {
  if (!isTarget(target)) throw expected("target", targetHelp, target);
}

function isTarget(target: ThresholdTarget): boolean {
  if (target.kind === "f1") return true;
  return target.value > 0 && Number.isFinite(target.value) && (target.kind === "cost" || target.value <= 1);
}
