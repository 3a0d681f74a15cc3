import { expect } from "vitest";
import type { ScoredCells } from "../index.ts";

/** A matrix of scores and labels, images x categories; null: unknown. */
export interface LabelledMatrix {
  readonly scores: readonly (readonly number[])[];
  readonly labels: readonly (readonly (number | null)[])[];
}

/** The known cells of a matrix, by category. */
export function scoredCells({ scores, labels }: LabelledMatrix, from: ScoredCells["from"]): ScoredCells {
  const C = scores[0]?.length ?? 0;
  const start = [0];
  const row: number[] = [];
  const positive: number[] = [];
  const kept: number[] = [];
  for (let c = 0; c < C; c++) {
    labels.forEach((answers, image) => {
      const label = answers[c];
      if (label === null) return;
      row.push(image);
      positive.push(label);
      kept.push(scores[image][c]);
    });
    start.push(row.length);
  }
  return { from, images: labels.length, start: Uint32Array.from(start), row: Uint32Array.from(row), positive: Uint8Array.from(positive), scores: Float64Array.from(kept) };
}

/** To 1e-12 of the larger of 1 and the value: a dozen roundings of float64 apart. null stands for NaN. */
export function expectClose(got: number, wanted: number | null, what = ""): void {
  if (wanted === null || Number.isNaN(wanted)) expect(got, what).toBeNaN();
  else expect(Math.abs(got - wanted) / Math.max(1, Math.abs(wanted)), `${what}: ${got} for ${wanted}`).toBeLessThan(1e-12);
}
