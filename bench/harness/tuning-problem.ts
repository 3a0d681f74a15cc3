/** Problems to tune: the seeded ones of problem.ts divided into the three parts, with a base head, as `tune` takes them. */
import { buildPartialLabels, FIT, NO_PART, REPORT, SELECTION, type LabelCell, type PartialLabels, type Parts } from "../../src/labels/index.ts";
import { denseFeatures, pretrain, type Features, type Head } from "../../src/learn/index.ts";
import type { Kernels } from "../../src/math/index.ts";
import { makeProblem } from "./problem.ts";

export interface TuningSize {
  readonly fit: number;
  readonly selection: number;
  /** Of report images every cell is known. */
  readonly report: number;
  readonly columns: number;
  readonly categories: number;
  /** Share of the fit part's cells that are known. */
  readonly known: number;
  /** The selection part is labelled as sparsely as the fit part. Absent: every cell of it is known. */
  readonly sparseSelection?: boolean;
}

export interface TuningProblem extends TuningSize {
  /** Row-major, fit images first, then selection, then report. */
  readonly data: Float32Array;
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
}

/** What the targets are stated for. */
export const statedSize: TuningSize = { fit: 82_000, selection: 40_000, report: 5_000, columns: 2_048, categories: 80, known: 0.1 };

export function makeTuningProblem(size: TuningSize, seed = 5): TuningProblem {
  const { fit, selection, report, columns, categories, known, sparseSelection = false } = size;
  const rows = fit + selection + report;
  const { features: data, cells } = makeProblem({ rows, columns, categories, known, complete: sparseSelection ? report : selection + report }, seed);
  const part = Uint8Array.from({ length: rows }, (_, image) => (image < fit ? FIT : image < fit + selection ? SELECTION : REPORT));
  return {
    ...size,
    data,
    features: denseFeatures(data, rows, columns),
    labels: buildPartialLabels({
      imageIds: Array.from({ length: rows }, (_, image) => `image-${image}`),
      categories: Array.from({ length: categories }, (_, c) => `category-${c}`),
      cells: listed(cells),
    }),
    parts: { part, group: Uint32Array.from(part, (_, image) => image), origin: "column" },
  };
}

function* listed({ headStart, row, target }: { readonly headStart: Uint32Array; readonly row: Uint32Array; readonly target: Float32Array }): Generator<LabelCell> {
  for (let category = 0; category + 1 < headStart.length; category++) {
    for (let cell = headStart[category]; cell < headStart[category + 1]; cell++) yield { image: row[cell], category, value: target[cell] === 1 ? 1 : 0 };
  }
}

/** The base every method starts from: unknown cells of the fit part taken for negative. `every`: trained on every so-manieth fit image alone, which is cheaper. */
export async function baseOf({ features, labels, parts }: TuningProblem, kernels: Kernels, every = 1): Promise<Head> {
  const part = parts.part.map((own, image) => (own === FIT && image % every !== 0 ? NO_PART : own));
  return (await pretrain({ features, labels, parts: { ...parts, part }, strategy: "assume-negative", kernels })).head;
}

/** (D+1): weights and bias of one category of a head. */
export function genesOf(weights: ArrayLike<number>, biases: ArrayLike<number>, category: number): Float64Array {
  const D = weights.length / biases.length;
  return Float64Array.from({ length: D + 1 }, (_, j) => (j < D ? weights[category * D + j] : biases[category]));
}

/** `count` of 0 .. length-1, evenly spread. */
export function spread(length: number, count: number): number[] {
  return Array.from({ length: Math.min(count, length) }, (_, i) => Math.floor((i * length) / Math.min(count, length)));
}
