/** Reads one linear node (Gemm, MatMul, 1x1 Conv, per-category Einsum) as weight, bias and the tensor it reads. */
import type { NodeProto } from "./generated/onnx_pb.ts";
import { elementType } from "./build.ts";
import { constantValues, isConstant } from "./constants.ts";
import { neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { Refusal, describeNode, isQuantised, refuseHalf, refuseQuantised } from "./refusal.ts";
import type { TensorValues } from "./tensor-values.ts";

export type LinearKind = "gemm" | "matmul-add" | "matmul" | "conv1x1" | "einsum";

/** Where a constant operand of a node comes from: input `position` of `node` reads `tensor`, used `gain` times. */
export interface Operand {
  readonly tensor: string;
  readonly node: number;
  readonly position: number;
  readonly gain: number;
}

export interface LinearPart {
  readonly kind: LinearKind;
  readonly node: number;
  readonly featureTensor: string;
  readonly rows: number;
  readonly columns: number;
  /** Stored as columns x rows when transposed is false, rows x columns when it is true (as Gemm's transB says). */
  readonly transposed: boolean;
  readonly weight: Operand & { readonly values: TensorValues };
  readonly bias: (Operand & { readonly values: Float32Array }) | null;
  /** What happens behind the layer, per row: s = scale * (layer) + shift. */
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/** Throws Refusal when the node is not weight * features + bias with a constant weight. */
export async function linearLayer(loaded: LoadedModel, index: number): Promise<LinearPart> {
  const node = loaded.graph.node[index]!;
  const features = node.input[0] ?? "";
  const weightName = node.input[1] ?? "";
  if (isConstant(loaded, features) || !isConstant(loaded, weightName))
    throw new Refusal("model.no-linear-head", `${describeNode(loaded, index)}, whose ${isConstant(loaded, features) ? "first input is constant" : "weight is computed from the image"}`, "Export the model with a linear layer of fixed weights at its end.");
  if ([...neededFor(loaded, [weightName]).nodes].some((one) => isQuantised(loaded.graph.node[one]!.opType))) throw refuseQuantised(`${describeNode(loaded, index)} with weights unpacked from integers`);
  const values = await constantValues(loaded, weightName);
  if (values.type === elementType.float16 || values.type === elementType.bfloat16) throw refuseHalf(`${describeNode(loaded, index)}, whose weights are rounded`);
  const form = layout(loaded, index, node, values.shape);
  const number = (name: string): number => node.attribute.find((attribute) => attribute.name === name)?.f ?? 1;
  const gemm = node.opType === "Gemm";
  return {
    kind: form.kind,
    node: index,
    featureTensor: features,
    rows: form.rows,
    columns: form.columns,
    transposed: form.transposed,
    weight: { tensor: weightName, node: index, position: 1, gain: gemm ? number("alpha") : 1, values },
    bias: await ownBias(loaded, index, form.rows, gemm ? number("beta") : 1),
    scale: Array.from({ length: form.rows }, () => 1),
    shift: Array.from({ length: form.rows }, () => 0),
  };
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
  const stored = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) stored[storedAt(part, row, column)] = weight[row * columns + column]! / part.scale[row]! / part.weight.gain;
  return { weight: stored, bias: bias.map((value, row) => (value - part.shift[row]!) / part.scale[row]! / (part.bias?.gain ?? 1)) };
}

function storedAt(part: LinearPart, row: number, column: number): number {
  return part.transposed ? row * part.columns + column : column * part.rows + row;
}

function layout(loaded: LoadedModel, index: number, node: NodeProto, shape: readonly number[]): { kind: LinearKind; rows: number; columns: number; transposed: boolean } {
  const whole = (name: string): bigint => node.attribute.find((attribute) => attribute.name === name)?.i ?? 0n;
  const list = (name: string): readonly bigint[] => node.attribute.find((attribute) => attribute.name === name)?.ints ?? [];
  const [first = 0, second = 0] = shape;
  const refuse = (why: string): Refusal => new Refusal("model.no-linear-head", `${describeNode(loaded, index)}, ${why}`, "Export the model with a linear layer at its end.");
  if (node.opType === "Conv") {
    const single = shape.length === 4 && shape[2] === 1 && shape[3] === 1 && (whole("group") || 1n) === 1n;
    if (!single || list("strides").some((one) => one !== 1n) || list("pads").some((one) => one !== 0n)) throw refuse(`a convolution with kernel ${shape.slice(2).join("x")}, which is not a linear layer of pooled features`);
    return { kind: "conv1x1", rows: first, columns: second, transposed: true };
  }
  if (shape.length !== 2) throw refuse(`whose weight has ${shape.length} dimensions instead of 2`);
  if (node.opType === "Einsum") {
    const equation = new TextDecoder().decode(node.attribute.find((attribute) => attribute.name === "equation")?.s).replaceAll(" ", "");
    if (!/^(\w)(\w)(\w),\2\3->\1\2$/.test(equation)) throw refuse(`with the equation ${equation}`);
    return { kind: "einsum", rows: first, columns: second, transposed: true };
  }
  if (whole("transA") !== 0n) throw refuse("which transposes the features");
  if (node.opType === "Gemm" && whole("transB") !== 0n) return { kind: "gemm", rows: first, columns: second, transposed: true };
  return { kind: node.opType === "Gemm" ? "gemm" : "matmul", rows: second, columns: first, transposed: false };
}

async function ownBias(loaded: LoadedModel, index: number, rows: number, gain: number): Promise<LinearPart["bias"]> {
  const node = loaded.graph.node[index]!;
  const tensor = node.input[2] ?? "";
  if (tensor === "" || gain === 0 || node.opType === "Einsum" || node.opType === "MatMul") return null;
  if (!isConstant(loaded, tensor)) throw new Refusal("model.no-linear-head", `${describeNode(loaded, index)}, whose bias is computed from the image`, "Export the model with a linear layer at its end.");
  const { data, shape } = await constantValues(loaded, tensor);
  if ((shape.at(-1) ?? 1) !== data.length) throw new Refusal("model.unsupported", `${describeNode(loaded, index)} with a bias of shape [${shape.join(", ")}], per image`, "Export the model with one bias per category.");
  if (data.length !== 1 && data.length !== rows) throw new Refusal("model.unsupported", `${describeNode(loaded, index)} with ${data.length} biases for ${rows} categories`, "Export the model again.");
  return { tensor, node: index, position: 2, gain, values: data };
}
