import type { CellPlan } from "./cell-objective.ts";
import type { StrategyCells } from "./strategy-cells.ts";

/** (n): how many of each image's cells are known. */
export function knownPerImage({ value, images }: StrategyCells): Float64Array {
  const known = new Float64Array(images);
  for (let cell = 0; cell < value.length; cell++) if (value[cell] >= 0) known[cell % images] += 1;
  return known;
}

/** Multiplies the weights of every image's cells by `factor` (n). */
export function weightImages({ images }: StrategyCells, plan: CellPlan, factor: Float64Array): void {
  for (let cell = 0; cell < plan.weight.length; cell++) plan.weight[cell] *= factor[cell % images];
}
