/**
 * Counts the passes over the fit cells that `auto` takes on a made-up problem: the table of docs/decisions/0060. A pass over some categories counts by their
 * share of the cells, so that the figures do not hang on the machine.
 *
 *   node scripts/solver-passes.ts [--images 12000] [--features 512] [--categories 8] [--keep .1]
 */
import { parseArgs } from "node:util";
import { makeProblem } from "../bench/harness/problem.ts";
import { loadKernels } from "../src/kernels/index.ts";
import { buildPartialLabels, FIT, REPORT, SELECTION, type LabelCell } from "../src/labels/index.ts";
import { denseFeatures, pretrain, tune } from "../src/learn/index.ts";
import type { CellProblem, Cells, Kernels } from "../src/math/index.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "12000" },
    features: { type: "string", default: "512" },
    categories: { type: "string", default: "8" },
    keep: { type: "string", default: ".1" },
  },
});
const [rows, columns, categories, known] = [values.images, values.features, values.categories, values.keep].map(Number);
const problem = makeProblem({ rows, columns, categories, known }, 3);
const { headStart, row, target } = problem.cells;
const cells: LabelCell[] = [];
for (let category = 0; category < categories; category++) {
  for (let cell = headStart[category]; cell < headStart[category + 1]; cell++) cells.push({ image: row[cell], category, value: target[cell] === 1 ? 1 : 0 });
}
const part = Uint8Array.from({ length: rows }, (_, image) => (image < 0.6 * rows ? FIT : image < 0.9 * rows ? SELECTION : REPORT));
const parts = { part, group: Uint32Array.from(part, (_, image) => image), origin: "column" } as const;
const labels = buildPartialLabels({ imageIds: Array.from(part, (_, image) => `image-${image}`), categories: Array.from({ length: categories }, (_, c) => `category-${c}`), cells });
const features = denseFeatures(problem.features, rows, columns);

/** Cells passed over. */
const passed = { gradient: 0, curvature: 0 };

/** The kernels, counting. A problem keeps its own `this`, so its methods are wrapped and not copied. */
function counting(kernels: Kernels): Kernels {
  return {
    ...kernels,
    cellProblem(matrix, own, loss): CellProblem {
      const inner = kernels.cellProblem(matrix, own, loss);
      return {
        heads: inner.heads,
        columns: inner.columns,
        cellCount: inner.cellCount,
        lossGradient(weights, intercepts, active) {
          passed.gradient += cellsOf(own, active);
          return inner.lossGradient(weights, intercepts, active);
        },
        curvatureProduct(direction, directionIntercepts, active) {
          passed.curvature += cellsOf(own, active);
          return inner.curvatureProduct(direction, directionIntercepts, active);
        },
        logits: (weights, intercepts, out, active) => inner.logits(weights, intercepts, out, active),
        dispose: () => inner.dispose(),
      };
    },
  };
}

function cellsOf({ headStart: start }: Cells, active: Uint8Array | undefined): number {
  let sum = 0;
  for (let head = 0; head + 1 < start.length; head++) if (active === undefined || active[head] !== 0) sum += start[head + 1] - start[head];
  return sum;
}

const kernels = counting(await loadKernels());
const base = (await pretrain({ features, labels, parts, strategy: "assume-negative", kernels })).head;
const fitCells = cells.filter(({ image }) => part[image] === FIT).length;
for (const fitOnly of [true, false]) {
  passed.gradient = 0;
  passed.curvature = 0;
  await tune({ features, labels, parts, base, kernels, options: { method: "auto", metric: "ap", fitOnly, strict: false, seed: 0 } });
  const [gradient, curvature] = [passed.gradient, passed.curvature].map((count) => Math.round(count / fitCells));
  console.log(`${fitOnly ? "fit only" : "with refitting"}: ${gradient} loss-and-gradient passes + ${curvature} curvature products`);
}
kernels.dispose();
