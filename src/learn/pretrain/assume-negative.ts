import type { FixedStrategy } from "./strategy.ts";

/**
 * assume-negative (AN): unknown cells are taken as negative; mean over all cells of -[y log p + (1-y) log(1-p)].
 * Source: FIELD.md 3 (the commonest pseudo-label, and the one CFT was made to repair).
 */
export const assumeNegative: FixedStrategy = {
  kind: "fixed",
  name: "assume-negative",
  title: "unknown counts as negative, binary cross-entropy",
  source: "Cole et al. 2021",
  loss: { kind: "bce" },
  unknown: { target: 0, weight: 1 },
};
