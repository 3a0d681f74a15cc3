/** The definition of truth of the inner loops: TypeScript on one thread, float64 arithmetic over float32 features. */
import { symmetricEigen } from "./eigen.ts";
import { JointProblem } from "./joint-problem.ts";
import type { Kernels } from "./kernels.ts";
import { averagePrecisions, plainReplicatedAveragePrecisions } from "./plain-kernels/average-precisions.ts";
import { plainCellSums } from "./plain-kernels/cell-sums.ts";
import { PlainCellProblem } from "./plain-kernels/cell-problem.ts";
import { gram, scores, transform } from "./plain-kernels/dense.ts";
import { PlainMatrix } from "./plain-kernels/matrix.ts";

/** Known cells that any kernels walk together at most, about, unless told: of 16 bytes each. */
export const defaultCellsAtOnce = 2 ** 25;

/** Kernels that need nothing but JavaScript: one thread, no memory outside the garbage collector. */
export function plainKernels(): Kernels {
  return {
    name: "plain",
    threads: 1,
    cellsAtOnce: defaultCellsAtOnce,
    matrix: (rows, columns, fill) => PlainMatrix.filled(rows, columns, fill),
    cellProblem: (matrix, cells, loss) => new PlainCellProblem(PlainMatrix.from(matrix), cells, loss),
    together: (problems) => new JointProblem(problems),
    scores: (matrix, weights, intercepts, rows) => scores(PlainMatrix.from(matrix), weights, intercepts, rows),
    transform: (matrix, map, outputColumns) => transform(PlainMatrix.from(matrix), map, outputColumns),
    *transformInSteps(matrix, map, outputColumns) {
      yield 0;
      return transform(PlainMatrix.from(matrix), map, outputColumns);
    },
    gram: (matrix, rows) => gram(PlainMatrix.from(matrix), rows),
    eigen: symmetricEigen,
    cellSums: plainCellSums,
    averagePrecisions,
    replicatedAveragePrecisions: plainReplicatedAveragePrecisions,
    dispose() {},
  };
}
