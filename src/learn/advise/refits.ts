/** Heads as they would be had fewer cells been known: what a learning curve is made of. */
import { changeCells, FIT, NEGATIVE, POSITIVE, SELECTION, type PartialLabels } from "../../labels/index.ts";
import { RidgePath } from "../../math/index.ts";
import { filterCells, kernelCells, knownCellsIn, rowsOf, weightSums, type KnownCells, type RowSubset } from "../cells.ts";
import { cellProblem, rawMatrix, type FeatureMatrix } from "../features.ts";
import { namesOfGroups } from "../groups.ts";
import { pretrain, type PretrainStrategy } from "../pretrain/index.ts";
import { paced } from "../steps.ts";
import { install } from "../tune/install.ts";
import { penaltyMetricInSteps, type PenaltyMetric } from "../tune/penalty-metric.ts";
import { headParameters } from "../tune/setting.ts";
import type { Head, TuneInput } from "../types.ts";
import { dealQuarters, subsets, type Subset } from "./quarters.ts";

/** What is refitted, and how. */
export interface RefitRequest extends Pick<TuneInput, "features" | "labels" | "parts" | "base" | "kernels" | "baseStrategy" | "softTargets" | "guide"> {
  /** kappa of the heads that all cells gave. */
  readonly strength: number;
  readonly fitOnly: boolean;
  readonly seed: number;
  /** Awaited between passes over the cells, with the refits that are done; may throw to stop. */
  readonly pause: (done: number) => Promise<void>;
}

/** Known cells that heads are fitted to: those of the fit and (unless fitOnly) the selection part, with the quarter of each. */
export interface QuarteredCells {
  readonly subset: RowSubset;
  readonly cells: KnownCells;
  readonly quarter: Uint8Array;
}

export function quarteredCells({ labels, parts, fitOnly, seed }: Pick<RefitRequest, "labels" | "parts" | "fitOnly" | "seed">): QuarteredCells {
  const subset = rowsOf(parts, [FIT, SELECTION]);
  const cells = knownCellsIn(labels, parts, fitOnly ? [FIT] : [FIT, SELECTION], subset);
  const names = namesOfGroups(labels, parts);
  return { subset, cells, quarter: dealQuarters(cells, (row) => names[parts.group[subset.rows[row]]]!, labels.categories, seed) };
}

/**
 * One head per subset and wanted category (C): the base, tuned at strength kappa / share, as strengths are chosen in inverse proportion to the number of cells (METHOD 4.2.4). Where the base was trained here it is first trained without the labels
 * of the other cells, which a base made of all of them would give away. All categories are solved in lockstep, one subset after another.
 */
export async function refitHeads(request: RefitRequest, { subset, cells, quarter }: QuarteredCells, wanted: Uint8Array): Promise<Head[]> {
  const { features, kernels, parts, labels, pause } = request;
  const fitRows = Uint32Array.from(subset.rows.keys()).filter((row) => parts.part[subset.rows[row]] === FIT);
  const raw = rawMatrix(kernels, features, subset.rows);
  const metric = await paced(penaltyMetricInSteps(kernels, features, subset.rows, fitRows), () => pause(0));
  const hide = hidden(labels, subset, cells, quarter);
  const heads: Head[] = [];
  for (const [done, one] of subsets.entries()) {
    await pause(done);
    const base = request.baseStrategy === undefined || one.share === 1 ? request.base : await baseOf(request, request.baseStrategy, hide(one), () => pause(done));
    heads.push(await tuned({ ...request, base }, { raw, metric, wanted }, filterCells(cells, (cell) => one.quarters.includes(quarter[cell])), one.share, () => pause(done)));
  }
  metric.dispose();
  raw.dispose();
  return heads;
}

async function tuned(
  { kernels, base, strength }: Pick<RefitRequest, "kernels" | "base" | "strength">,
  { raw, metric, wanted }: { readonly raw: FeatureMatrix; readonly metric: PenaltyMetric; readonly wanted: Uint8Array },
  cells: KnownCells,
  share: number,
  pause: () => Promise<void>,
): Promise<Head> {
  const { weights, intercepts } = headParameters(base);
  const offset = new Float32Array(cells.row.length);
  const onRaw = cellProblem(kernels, raw, kernelCells(cells), { kind: "bce" });
  onRaw.logits(weights, intercepts, offset);
  onRaw.dispose();
  const onAxes = cellProblem(kernels, metric.matrix, kernelCells(cells, offset), { kind: "bce" });
  const path = new RidgePath(metric.inAxes(onAxes), { weightSum: weightSums(cells), moments: metric.moments, wanted, pause });
  await path.solve(metric.penalty(strength / share));
  onAxes.dispose();
  const E = metric.axes;
  return install(base, wanted, base.categories.map(() => null), (c) => metric.toRaw(path.weights.subarray(c * E, (c + 1) * E), path.intercepts[c], c));
}

async function baseOf({ features, parts, kernels, guide, softTargets }: RefitRequest, strategy: string | PretrainStrategy, { labels, kept }: Shown, pause: () => Promise<void>): Promise<Head> {
  const soft = softTargets === undefined ? {} : { softTargets: softTargets.filter((_, cell) => kept(cell)) };
  const { head } = await pretrain({ features, parts, kernels, labels, strategy, checkpoint: pause, ...soft, ...(guide === undefined ? {} : { guide }) });
  return head;
}

/** What is left of the labels; `kept` tells of a listed cell of all of them whether it is. */
interface Shown {
  readonly labels: PartialLabels;
  readonly kept: (cell: number) => boolean;
}

/** The labels without the known cells that are in none of a subset's quarters. */
function hidden(labels: PartialLabels, { position }: RowSubset, cells: KnownCells, quarter: Uint8Array): (one: Subset) => Shown {
  // Cells are listed by category here and by image there.
  const quarterOf = new Uint8Array(labels.category.length).fill(4);
  const next = cells.start.slice();
  labels.imageIds.forEach((_, image) => {
    if (position[image] < 0) return;
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell++) {
      if (labels.value[cell] !== POSITIVE && labels.value[cell] !== NEGATIVE) continue;
      const c = labels.category[cell];
      if (next[c] < cells.start[c + 1] && cells.row[next[c]] === position[image]) quarterOf[cell] = quarter[next[c]++];
    }
  });
  return ({ quarters }) => {
    const kept = (cell: number): boolean => quarterOf[cell] === 4 || quarters.includes(quarterOf[cell]);
    return { labels: changeCells(labels, (cell) => (kept(cell) ? labels.value[cell] : null)), kept };
  };
}

