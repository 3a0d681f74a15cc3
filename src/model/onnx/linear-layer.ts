/** Reads one linear node (Gemm, MatMul, Conv, Einsum) as weight, bias and the tensor it reads. */
import { elementType } from "./build.ts";
import { constantValues, isConstant } from "./constants.ts";
import { neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { layerForm } from "./layer-form.ts";
import type { LayerForm } from "./layer-form.ts";
import { Refusal, describeNode, isQuantised, refuseHalf, refuseQuantised } from "./refusal.ts";
import type { TensorValues } from "./tensor-values.ts";

/** Where a constant operand of a node comes from: input `position` of `node` reads `tensor`, used `gain` times. */
export interface Operand {
  readonly tensor: string;
  readonly node: number;
  readonly position: number;
  readonly gain: number;
}

export interface LinearPart extends LayerForm {
  readonly node: number;
  /** The node whose output is the layer's answer, to which `answerShape` applies. */
  readonly answerNode: number;
  readonly featureTensor: string;
  /** The mean over the image is taken behind the layer (convolution, then pooling): features are the pooled input. */
  readonly pooledBehind: boolean;
  readonly weight: Operand & { readonly values: TensorValues };
  readonly bias: (Operand & { readonly values: Float32Array; readonly shape: readonly number[] }) | null;
  /** What happens behind the layer, per row: s = scale * (layer) + shift. */
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/** Throws Refusal when the node is not weight * features + bias with a constant weight. */
export async function linearLayer(loaded: LoadedModel, index: number): Promise<LinearPart> {
  const node = loaded.graph.node[index]!;
  // Only an Einsum may name its operands in either order; for the others the second is the weight.
  const position = node.opType === "Einsum" && isConstant(loaded, node.input[0] ?? "") ? 0 : 1;
  const features = node.input[node.opType === "Einsum" ? 1 - position : 0] ?? "";
  const { name, values } = await constantWeight(loaded, index, features, position);
  const form = await layerForm(loaded, index, values.shape, position);
  const number = (attribute: string): number => node.attribute.find((one) => one.name === attribute)?.f ?? 1;
  const gemm = node.opType === "Gemm";
  const weight = { tensor: name, node: index, position, gain: gemm ? number("alpha") : 1, values };
  return partOf(form, index, features, weight, await ownBias(loaded, index, form.rows, gemm ? number("beta") : 1));
}

/** A layer with nothing behind it. */
export function partOf(form: LayerForm, node: number, featureTensor: string, weight: LinearPart["weight"], bias: LinearPart["bias"]): LinearPart {
  const { rows } = form;
  return { ...form, node, answerNode: node, featureTensor, pooledBehind: false, weight, bias, scale: Array.from({ length: rows }, () => 1), shift: Array.from({ length: rows }, () => 0) };
}

/** The weight at input `position` of a node, float32 or wider. Throws Refusal when it hangs on the image, or the features do not, or it is rounded. */
export async function constantWeight(loaded: LoadedModel, index: number, features: string, position: number): Promise<{ name: string; values: TensorValues }> {
  const name = loaded.graph.node[index]!.input[position] ?? "";
  if (isConstant(loaded, features) || !isConstant(loaded, name))
    throw new Refusal("model.no-linear-head", `${describeNode(loaded, index)}, whose ${isConstant(loaded, features) ? "first input is constant" : "weight is computed from the image"}`, "Export the model with a linear layer of fixed weights at its end.");
  if ([...neededFor(loaded, [name]).nodes].some((one) => isQuantised(loaded.graph.node[one]!.opType))) throw refuseQuantised(`${describeNode(loaded, index)} with weights unpacked from integers`);
  const values = await constantValues(loaded, name);
  if (values.type === elementType.float16 || values.type === elementType.bfloat16) throw refuseHalf(`${describeNode(loaded, index)}, whose weights are rounded`);
  return { name, values };
}

/** The part's weight (rows x columns) and bias with every scale and shift folded in, as float64-rounded float32. */
export function foldedPart(part: LinearPart): { weight: Float32Array; bias: Float32Array } {
  const { rows, columns } = part;
  const weight = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) weight[row * columns + column] = part.weight.values.data[storedAt(part, row, column)]! * part.weight.gain * part.scale[row]!;
  const bias = Float32Array.from(part.shift, (shift, row) => {
    const own = part.bias === null ? 0 : part.bias.values[part.bias.values.length === 1 ? 0 : row]! * part.bias.gain;
    return own * part.scale[row]! + shift;
  });
  return { weight, bias };
}

/** Undoes foldedPart: what must be stored so that the model answers with this weight and bias, in the stored order. */
export function unfoldedPart(part: LinearPart, weight: Float32Array, bias: Float32Array): { weight: Float32Array; bias: Float32Array } {
  const { rows, columns } = part;
  // A layer of which only the first rows count keeps the others.
  const stored = part.weight.values.data.slice();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) stored[storedAt(part, row, column)] = weight[row * columns + column]! / part.scale[row]! / part.weight.gain;
  const own = bias.map((value, row) => (value - part.shift[row]!) / part.scale[row]! / (part.bias?.gain ?? 1));
  if (part.bias === null || part.bias.values.length <= rows) return { weight: stored, bias: own };
  const all = part.bias.values.slice();
  all.set(own);
  return { weight: stored, bias: all };
}

function storedAt({ rowsPerList, strides }: LinearPart, row: number, column: number): number {
  return Math.floor(row / rowsPerList) * strides.list + (row % rowsPerList) * strides.row + column * strides.column;
}

async function ownBias(loaded: LoadedModel, index: number, rows: number, gain: number): Promise<LinearPart["bias"]> {
  const node = loaded.graph.node[index]!;
  const tensor = node.input[2] ?? "";
  if (tensor === "" || gain === 0 || node.opType === "Einsum" || node.opType === "MatMul") return null;
  if (!isConstant(loaded, tensor)) throw new Refusal("model.no-linear-head", `${describeNode(loaded, index)}, whose bias is computed from the image`, "Export the model with a linear layer at its end.");
  const { data, shape } = await constantValues(loaded, tensor);
  if ((shape.at(-1) ?? 1) !== data.length) throw new Refusal("model.unsupported", `${describeNode(loaded, index)} with a bias of shape [${shape.join(", ")}], per image`, "Export the model with one bias per category.");
  if (data.length !== 1 && data.length !== rows) throw new Refusal("model.unsupported", `${describeNode(loaded, index)} with ${data.length} biases for ${rows} categories`, "Export the model again.");
  return { tensor, node: index, position: 2, gain, values: data, shape: data.length === rows ? shape : [rows] };
}
