import type { Kernels } from "../../math/index.ts";
import type { PartialLabels, Parts } from "../../labels/index.ts";
import { kernelCells, knownCellsIn, rowsOf, type KnownCells } from "../cells.ts";
import { cellProblem, rawMatrix, requireCategories } from "../features.ts";
import type { Features, Head } from "../types.ts";

/** The cells to judge on: the known ones of one part. */
export interface EvaluateInput {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** FIT, SELECTION or REPORT. */
  readonly part: number;
  readonly kernels: Kernels;
}

/** The known cells of one part and what each head says of them. */
export interface KnownLogits {
  readonly cells: KnownCells;
  /** The images of the part, ascending; the cells' rows count among them. */
  readonly rows: Uint32Array;
  /** Per head (M), in the order of the cells. */
  readonly logits: readonly Float32Array[];
}

/** Scores only the known cells: the others would be most of the work, and nothing looks at them. */
export function knownLogits({ labels, parts, part, kernels, features }: EvaluateInput, heads: readonly Head[]): KnownLogits {
  requireCategories(features, labels.categories.length);
  const subset = rowsOf(parts, [part]);
  const cells = knownCellsIn(labels, parts, [part], subset);
  const matrix = rawMatrix(kernels, features, subset.rows);
  const problem = cellProblem(kernels, matrix, kernelCells(cells), { kind: "bce" });
  const logits = heads.map((head) => {
    const out = new Float32Array(cells.row.length);
    problem.logits(Float64Array.from(head.weight), Float64Array.from(head.bias), out);
    return out;
  });
  problem.dispose();
  matrix.dispose();
  return { cells, rows: subset.rows, logits };
}
