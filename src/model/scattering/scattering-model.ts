/**
 * A wavelet scattering network as an ONNX model: a backbone that needs no training and no download.
 *
 * The picture is made grey and halved again and again; at every size the same Morlet wavelets are applied and the modulus taken.
 * What is carried to the next size are the picture and the moduli found so far, so wavelets meet the picture (first order) and
 * the moduli of finer scales (second order) in one convolution per size. Pooled over the whole picture, in this column order:
 *   2                    logarithm of the mean and of the deviation of the grey picture
 *   3 * S * L            first order, per scale (fine to coarse): L means, L deviations, L maxima, logarithms
 *   L * L * S (S - 1)/2  second order, per coarse scale, per finer scale, per orientation there: L means, logarithms
 * then brought near zero and one by fixed numbers. 452 columns for S = 5 scales and L = 6 orientations.
 * Source: Bruna and Mallat, "Invariant scattering convolution networks", IEEE TPAMI 2013.
 */
import { expected } from "../../errors.ts";
import { buildModel } from "../onnx/build.ts";
import type { ConstantTensor, NodeDeclaration } from "../onnx/build.ts";
import { imagenetPreprocessing } from "../images/preprocessing.ts";
import type { Preprocessing } from "../images/preprocessing.ts";
import { binomialFilter, filterRadius, morletFilters } from "./morlet.ts";

/** The size of a scattering network: numbers of features grow with scales and orientations. */
export interface ScatteringOptions {
  /** Side of the input picture; a multiple of 2^(scales - 1), the coarsest size at least 8. */
  readonly size: number;
  readonly scales: number;
  readonly orientations: number;
  /** Rows of the classification layer, all zero until a head is written; 1 unless told. */
  readonly categories?: number;
}

/** What the demo uses. */
export const defaultScattering = { size: 128, scales: 5, orientations: 6 } as const;

/** Keeps the logarithm finite where nothing answers: about what the rounding of 8-bit pixels answers. */
const floor = 1e-3;

/** How many features (D) a scattering network of these options gives. */
export function scatteringColumns({ scales, orientations }: ScatteringOptions): number {
  return 2 + 3 * scales * orientations + (orientations ** 2 * scales * (scales - 1)) / 2;
}

/** How the network wants its pictures: RGB in 0..1, the whole picture squashed to the input's size. */
export function scatteringPreprocessing(size: number): Preprocessing {
  return { ...imagenetPreprocessing(size, size), resize: "squash", cropPct: 1, mean: [0, 0, 0], std: [1, 1, 1] };
}

/**
 * The bytes of the model: input `input` [N, 3, size, size], outputs `logits` [N, categories] (Gemm `classifier`, weights
 * `classifier.weight` and `classifier.bias`, zero) and `features` [N, columns]. The same options give the same bytes.
 * Errors: usage.invalid-value.
 */
export function scatteringModel(options: ScatteringOptions): Uint8Array {
  requireOptions(options);
  const { size, scales, categories = 1 } = options;
  const columns = scatteringColumns(options);
  const graph = new GraphWriter();
  graph.constant("grey.weight", [1, 3, 1, 1], [0.299, 0.587, 0.114]);
  graph.constant("floor", [], [floor]);
  const pooled = scatter(graph, graph.node("Conv", ["input", "grey.weight"], "grey"), options);
  const all = graph.node("Flatten", [graph.node("Concat", pooled, "pooled", { axis: 1n })], "flat");
  const logarithm = graph.node("Log", [graph.node("Add", [all, "floor"], "floored")], "logarithm");
  // On the demo's plates logarithms average -5.2 and their deviations are 0.07 to 0.55; solvers like numbers around zero and one.
  graph.constant("centre", [], [5]);
  graph.constant("stretch", [], [2]);
  graph.node("Mul", [graph.node("Add", [logarithm, "centre"], "centred"), "stretch"], "features");
  graph.constant("classifier.weight", [categories, columns], new Float32Array(categories * columns));
  graph.constant("classifier.bias", [categories], new Float32Array(categories));
  graph.node("Gemm", ["features", "classifier.weight", "classifier.bias"], "logits", { transB: 1n }, "classifier");
  return buildModel({
    name: `scattering-${size}-${scales}x${options.orientations}`,
    inputs: [{ name: "input", shape: ["N", 3, size, size] }],
    outputs: [
      { name: "logits", shape: ["N", categories] },
      { name: "features", shape: ["N", columns] },
    ],
    nodes: graph.nodes,
    initializers: graph.constants,
  });
}

/** Adds the network proper; returns the pooled maps [N, some channels, 1, 1] in column order. */
function scatter(graph: GraphWriter, grey: string, { scales, orientations }: ScatteringOptions): string[] {
  const filters = morletFilters(orientations);
  const side = 2 * filterRadius + 1;
  const greyMean = graph.node("GlobalAveragePool", [grey], "grey.mean");
  const first: string[] = [];
  const second: string[] = [];
  let carried = grey;
  for (let scale = 0, channels = 1; scale < scales; scale++, channels += orientations) {
    const at = `scale${scale}`;
    const padded = graph.padded(carried, filterRadius, at);
    const answers = (["real", "imaginary"] as const).map((part) => {
      graph.constant(`${at}.${part}.weight`, [channels * orientations, 1, side, side], repeated(filters[part], channels));
      const answer = graph.node("Conv", [padded, `${at}.${part}.weight`], `${at}.${part}`, { group: BigInt(channels) });
      return graph.node("Mul", [answer, answer], `${at}.${part}.square`);
    });
    const modulus = graph.node("Sqrt", [graph.node("Add", answers, `${at}.energy`)], `${at}.modulus`);
    const finest = scale === 0 ? modulus : graph.slice(modulus, 0, orientations, `${at}.first`);
    const mean = graph.node("GlobalAveragePool", [modulus], `${at}.mean`);
    const firstMean = scale === 0 ? mean : graph.slice(mean, 0, orientations, `${at}.first.mean`);
    first.push(firstMean, graph.deviation(finest, firstMean, `${at}.first`), graph.node("GlobalMaxPool", [finest], `${at}.first.max`));
    if (scale > 0) second.push(graph.slice(mean, orientations, channels * orientations, `${at}.second.mean`));
    if (scale === scales - 1) break;
    const kept = graph.node("Concat", [carried, finest], `${at}.kept`, { axis: 1n });
    const groups = channels + orientations;
    graph.constant(`${at}.low.weight`, [groups, 1, 5, 5], repeated(binomialFilter(), groups));
    const low = { group: BigInt(groups), strides: [2n, 2n] };
    carried = graph.node("Conv", [graph.padded(kept, 2, `${at}.low`), `${at}.low.weight`], `${at}.low`, low);
  }
  return [greyMean, graph.deviation(grey, greyMean, "grey"), ...first, ...second];
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let index = 0; index < times; index++) all.set(values, index * values.length);
  return all;
}

function requireOptions({ size, scales, orientations, categories = 1 }: ScatteringOptions): void {
  if (!whole(scales, 1, 8)) throw expected("scales", "a whole number from 1 to 8", scales);
  if (!whole(orientations, 1, 16)) throw expected("orientations", "a whole number from 1 to 16", orientations);
  if (!whole(categories, 1, 1e6)) throw expected("categories", "a whole number of at least 1", categories);
  const step = 2 ** (scales - 1);
  if (!whole(size, 8 * step, 2048) || size % step !== 0) throw expected("size", `a multiple of ${step} from ${8 * step} to 2048`, size);
}

function whole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Collects nodes and constants; every method returns the name of the tensor it makes. */
class GraphWriter {
  readonly nodes: NodeDeclaration[] = [];
  readonly constants: ConstantTensor[] = [];

  constant(name: string, shape: readonly number[], values: Float32Array | readonly number[]): void {
    this.constants.push({ name, shape, data: values instanceof Float32Array ? values : Float32Array.from(values) });
  }

  node(operator: string, inputs: readonly string[], output: string, attributes: NonNullable<NodeDeclaration["attributes"]> = {}, name = output): string {
    this.nodes.push({ operator, inputs, outputs: [output], name, attributes });
    return output;
  }

  /** Mirrored beyond the border, so that the border of the picture is no edge. */
  padded(input: string, by: number, name: string): string {
    const edge = BigInt(by);
    this.integers(`${name}.pads`, [0n, 0n, edge, edge, 0n, 0n, edge, edge]);
    return this.node("Pad", [input, `${name}.pads`], `${name}.padded`, { mode: "reflect" });
  }

  /** Channels first .. end-1. */
  slice(input: string, first: number, end: number, name: string): string {
    this.integers(`${name}.from`, [BigInt(first)]);
    this.integers(`${name}.to`, [BigInt(end)]);
    this.integers(`${name}.axis`, [1n]);
    return this.node("Slice", [input, `${name}.from`, `${name}.to`, `${name}.axis`], name);
  }

  /** Square root of the mean squared distance from the mean, per channel. */
  deviation(input: string, mean: string, name: string): string {
    const away = this.node("Sub", [input, mean], `${name}.away`);
    const squares = this.node("Mul", [away, away], `${name}.away.square`);
    return this.node("Sqrt", [this.node("GlobalAveragePool", [squares], `${name}.variance`)], `${name}.deviation`);
  }

  private integers(name: string, values: readonly bigint[]): void {
    this.constants.push({ name, shape: [values.length], data: BigInt64Array.from(values) });
  }
}
