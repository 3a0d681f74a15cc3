/**
 * Finds the classification layer by walking back from a model output to the last linear layer, passing what leaves it
 * linear: shape changes, dropout, casts, constant scales and shifts, batch norm, mean pooling, a Concat of small layers,
 * and at most one Sigmoid, which must come last.
 */
import { elementType } from "./build.ts";
import { constantValues, isConstant } from "./constants.ts";
import { namesRead, neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { productSum, turnedProduct } from "./group-layer.ts";
import { linearLayer } from "./linear-layer.ts";
import { axesOf } from "./layer-form.ts";
import type { LinearKind } from "./layer-form.ts";
import { Refusal, describeNode, isQuantised, operatorOf, quantisedBefore, refuseHalf, refuseQuantised } from "./refusal.ts";
import { isPooled, nonlinearPooling } from "./spatial.ts";
import { headOf, isConvolution, numbersPerRow, readDifferently, withFirstRows } from "./traced-head.ts";
import type { TracedHead } from "./traced-head.ts";

const shapeOnly = new Set(["Identity", "Dropout", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"]);
const linear = new Set(["Gemm", "MatMul", "Conv", "Einsum"]);
/** Nodes that add a bias themselves. */
const hasOwnBias: ReadonlySet<LinearKind> = new Set(["gemm", "matmul-add", "conv1x1", "group-conv"]);

/** The head that leads to `output`. Throws Refusal when there is none that is a linear layer of some features. */
export async function traceHead(loaded: LoadedModel, output: string): Promise<TracedHead> {
  const head = await trace(loaded, output);
  if (head.parts.some((part) => part.scale.includes(0) || part.weight.gain === 0))
    throw new Refusal("model.unsupported", "a constant scale of 0 behind the last layer, which cannot be undone", "Remove the scale from the model.");
  const conv = head.parts.find((part) => isConvolution(part) && !part.pooledBehind && !isPooled(loaded, part.featureTensor));
  if (conv !== undefined)
    throw new Refusal("model.spatial-head", `${describeNode(loaded, conv.node)}, a convolution over an image that is never pooled`, "Export the model with its pooling inside.");
  return { ...head, outputTensor: output };
}

/** Answers already found: residual networks reach the same tensor by very many paths. */
const traced = new WeakMap<LoadedModel, Map<string, Promise<TracedHead>>>();

function trace(loaded: LoadedModel, tensor: string): Promise<TracedHead> {
  const known = traced.get(loaded) ?? new Map<string, Promise<TracedHead>>();
  traced.set(loaded, known);
  // Begun in a turn of its own, so that a deep network is a long queue and not a deep stack.
  const answer = known.get(tensor) ?? Promise.resolve().then(() => traceTensor(loaded, tensor));
  known.set(tensor, answer);
  return answer;
}

async function traceTensor(loaded: LoadedModel, tensor: string): Promise<TracedHead> {
  const index = loaded.producer.get(tensor);
  if (index === undefined) throw noLinearLayer(`"${tensor}" is an input of the model`);
  const node = loaded.graph.node[index]!;
  const source = node.input[0] ?? "";
  if (isQuantised(node.opType)) throw refuseQuantised(describeNode(loaded, quantisedProduct(loaded, index)));
  const operator = operatorOf(node);
  if (shapeOnly.has(operator)) {
    const turned = operator === "Transpose" ? await turnedProduct(loaded, index) : null;
    if (turned !== null) return headOf([turned]);
    const head = await trace(loaded, source);
    if (operator === "Cast") refuseRounding(loaded, index, head);
    if (operator === "Transpose" && (node.attribute.find((attribute) => attribute.name === "perm")?.ints[0] ?? 1n) !== 0n)
      throw behindHead(describeNode(loaded, index), head);
    return head;
  }
  if (linear.has(operator)) return headOf([await linearLayer(loaded, index)]);
  switch (operator) {
    case "Sigmoid": {
      const head = await trace(loaded, source);
      if (head.activation === "sigmoid") throw behindHead(`${describeNode(loaded, index)} behind another Sigmoid`, head);
      return { ...head, activation: "sigmoid" };
    }
    case "Neg":
      return affine(loaded, index, source, [-1], [0]);
    case "Mul":
    case "Div":
    case "Add":
    case "Sub":
      return arithmetic(loaded, index);
    case "BatchNormalization":
      return batchNorm(loaded, index);
    case "GlobalAveragePool":
    case "ReduceMean":
      return meanPool(loaded, index);
    case "ReduceSum": {
      const part = await productSum(loaded, index);
      return part === null ? refuseOperator(loaded, index) : headOf([part]);
    }
    case "Slice":
      return firstRows(loaded, index);
    case "Concat":
      return joined(loaded, index);
    default:
      return refuseOperator(loaded, index);
  }
}

/** Behind a layer, a Cast keeps what the layer answers only where it goes to float32 or wider. */
function refuseRounding(loaded: LoadedModel, index: number, head: TracedHead): void {
  const to = Number(loaded.graph.node[index]!.attribute.find((attribute) => attribute.name === "to")?.i ?? 0n);
  if (to === elementType.float32 || to === elementType.float64) return;
  if (to === elementType.float16 || to === elementType.bfloat16) throw refuseHalf(`${describeNode(loaded, index)}, which rounds the answers`);
  throw behindHead(`${describeNode(loaded, index)} to ONNX element type ${to}`, head, loaded);
}

async function arithmetic(loaded: LoadedModel, index: number): Promise<TracedHead> {
  const node = loaded.graph.node[index]!;
  const [first = "", second = ""] = node.input;
  const firstIsConstant = isConstant(loaded, first);
  if (firstIsConstant === isConstant(loaded, second)) {
    refuseIfQuantised(loaded, index);
    const branches = await Promise.all([first, second].map((name) => trace(loaded, name).catch(() => null)));
    if (branches.every((branch) => branch !== null))
      throw new Refusal("model.ambiguous-head", `${describeNode(loaded, index)} joins ${branches.map((branch) => describeNode(loaded, branch.parts[0]!.node)).join(" and ")}`, "Export the model with one of the layers, or merge them.");
    return refuseOperator(loaded, index);
  }
  const [constant, source] = firstIsConstant ? [first, second] : [second, first];
  const { shape, data: given } = await constantValues(loaded, constant);
  const layer = await trace(loaded, source).catch(() => null);
  const perRow = layer === null ? null : numbersPerRow(loaded, layer, source, shape, given);
  const data = perRow ?? given;
  const long = shape.map((length, at) => (length === 1 ? -1 : shape.length - 1 - at)).filter((fromEnd) => fromEnd >= 0);
  // Numbers per category lie in the last dimension, or in the third last of a convolution's answer; elsewhere they belong to images.
  if (perRow === null && (long.length > 1 || long[0] === 1)) throw behindHead(`${describeNode(loaded, index)} with a constant of shape [${shape.join(", ")}], per image or per pixel`, await trace(loaded, source), loaded);
  const values = [...data];
  switch (node.opType) {
    case "Mul":
      return affine(loaded, index, source, values, [0]);
    case "Div":
      if (firstIsConstant) return refuseOperator(loaded, index);
      return affine(loaded, index, source, values.map((value) => 1 / value), [0]);
    case "Sub":
      return firstIsConstant ? affine(loaded, index, source, [-1], values) : affine(loaded, index, source, [1], values.map((value) => -value));
    default:
      return added(loaded, index, source, constant, { shape, values });
  }
}

/** An Add right behind a product is that layer's bias; elsewhere it is a shift. */
async function added(loaded: LoadedModel, index: number, source: string, constant: string, { shape, values }: { shape: readonly number[]; values: readonly number[] }): Promise<TracedHead> {
  const head = await affine(loaded, index, source, [1], values);
  const part = head.parts[0]!;
  const isBias = head.parts.length === 1 && !hasOwnBias.has(part.kind) && part.bias === null && part.scale.every((value) => value === 1);
  if (!isBias || part.shift.some((value, row) => value !== (values.length === 1 ? values[0] : values[row]))) return head;
  const bias = { tensor: constant, node: index, position: loaded.graph.node[index]!.input.indexOf(constant), gain: 1, values: Float32Array.from(part.shift), shape: values.length === head.rows ? shape : [head.rows] };
  return { ...head, parts: [{ ...part, kind: part.kind === "matmul" ? "matmul-add" : part.kind, bias, shift: part.shift.map(() => 0) }] };
}

async function batchNorm(loaded: LoadedModel, index: number): Promise<TracedHead> {
  const node = loaded.graph.node[index]!;
  if (!node.input.slice(1).every((name) => isConstant(loaded, name))) return refuseOperator(loaded, index);
  const [gain, shift, mean, variance] = await Promise.all(node.input.slice(1, 5).map(async (name) => (await constantValues(loaded, name)).data));
  const epsilon = node.attribute.find((attribute) => attribute.name === "epsilon")?.f ?? 1e-5;
  const scale = Array.from(gain!, (value, row) => value / Math.sqrt(variance![row]! + epsilon));
  return affine(loaded, index, node.input[0]!, scale, scale.map((value, row) => shift![row]! - mean![row]! * value));
}

async function meanPool(loaded: LoadedModel, index: number): Promise<TracedHead> {
  const node = loaded.graph.node[index]!;
  const head = await trace(loaded, node.input[0]!).catch((problem: unknown) => {
    throw (problem instanceof Refusal && problem.code === "model.no-linear-head" && nonlinearPooling(loaded, index)) || problem;
  });
  const axes = node.opType === "GlobalAveragePool" ? [2, 3] : await axesOf(loaded, node);
  const spatial = axes.length === 2 && axes.every((axis) => [2, 3, -2, -1].includes(axis));
  const upstreamNonlinear = head.activation !== "none";
  if (upstreamNonlinear || !spatial || !head.parts.every(isConvolution))
    throw new Refusal("model.spatial-head", `${describeNode(loaded, index)} behind ${describeNode(loaded, head.parts[0]!.node)}${upstreamNonlinear ? " and its Sigmoid" : ""}`, "Export the model so that pooling comes before the last layer.");
  return { ...head, parts: head.parts.map((part) => ({ ...part, pooledBehind: true })), pooledBehind: true };
}

/**
 * Layers side by side. Where they read different tensors, every category has the features of its layer; but no layer may read what
 * another one answers, or tuning one would change the other's features.
 */
async function joined(loaded: LoadedModel, index: number): Promise<TracedHead> {
  const node = loaded.graph.node[index]!;
  const heads: TracedHead[] = [];
  for (const name of node.input) heads.push(await trace(loaded, name));
  const first = heads[0]!;
  const parts = heads.flatMap((head) => head.parts);
  const axis = Number(node.attribute.find((attribute) => attribute.name === "axis")?.i ?? 0n);
  if (heads.some((head) => head.activation !== first.activation) || (axis !== 1 && axis !== -1))
    throw new Refusal("model.ambiguous-head", `${describeNode(loaded, index)} joins layers that end differently`, "Export the model with one linear layer.");
  const read = neededFor(loaded, parts.map((part) => part.featureTensor)).nodes;
  const inner = parts.find((part) => read.has(part.node));
  if (inner !== undefined) throw new Refusal("model.ambiguous-head", `${describeNode(loaded, index)} joins layers of which one reads what ${describeNode(loaded, inner.node)} answers`, "Export the model with one of the layers.");
  return { ...headOf(parts, heads.some((head) => head.perCategory) || readDifferently(loaded, parts)), activation: first.activation };
}

/** A Slice that keeps the first categories, as ML-Decoder cuts off what its last group has too many; the layer's other rows are left as they are. */
async function firstRows(loaded: LoadedModel, index: number): Promise<TracedHead> {
  const node = loaded.graph.node[index]!;
  const source = node.input[0] ?? "";
  const values = async (position: number, attribute: string, otherwise: number): Promise<number> => {
    const name = node.input[position] ?? "";
    const list = name === "" ? (node.attribute.find((one) => one.name === attribute)?.ints ?? []).map(Number) : isConstant(loaded, name) ? [...(await constantValues(loaded, name)).data] : [Number.NaN];
    return list.length === 0 ? otherwise : list.length === 1 ? list[0]! : Number.NaN;
  };
  const [start, end, axis, step] = [await values(1, "starts", Number.NaN), await values(2, "ends", Number.NaN), await values(3, "axes", Number.NaN), await values(4, "steps", 1)];
  if (isConstant(loaded, source) || start !== 0 || step !== 1 || !(end > 0)) return refuseOperator(loaded, index);
  const head = await trace(loaded, source);
  if (end >= head.rows && (axis === 1 || axis === -1)) return head;
  // All images, in the exporters' way of saying so.
  if (axis === 0 && end >= 2 ** 31 - 1) return head;
  if (axis !== 1 || end >= head.rows) return refuseOperator(loaded, index);
  return withFirstRows(head, end);
}

/** y = scale * s + shift behind the head; one number, or one per category. */
async function affine(loaded: LoadedModel, index: number, source: string, scale: readonly number[], shift: readonly number[]): Promise<TracedHead> {
  const head = await trace(loaded, source);
  if (head.activation === "sigmoid") throw behindHead(`${describeNode(loaded, index)} behind the Sigmoid`, head);
  for (const values of [scale, shift])
    if (values.length !== 1 && values.length !== head.rows) throw behindHead(`${describeNode(loaded, index)} with ${values.length} constants for ${head.rows} categories`, head);
  let first = 0;
  const parts = head.parts.map((part) => {
    const at = (values: readonly number[], row: number): number => values[values.length === 1 ? 0 : first + row]!;
    const changed = {
      ...part,
      scale: part.scale.map((value, row) => value * at(scale, row)),
      shift: part.shift.map((value, row) => value * at(scale, row) + at(shift, row)),
    };
    first += part.rows;
    return changed;
  });
  return { ...head, parts };
}

/** A branch may read the layer's answer inside, a selection as its second input: whatever the node reads is looked at. */
async function refuseOperator(loaded: LoadedModel, index: number): Promise<never> {
  refuseIfQuantised(loaded, index);
  const node = loaded.graph.node[index]!;
  if (/Pool$|^ReduceMax$/.test(node.opType)) {
    const pooling = nonlinearPooling(loaded, index);
    if (pooling !== null) throw pooling;
  }
  let refusal: Refusal | null = null;
  for (const source of namesRead(node).filter((name) => loaded.producer.has(name) && !isConstant(loaded, name))) {
    const head = await trace(loaded, source).catch((problem: unknown) => {
      if (problem instanceof Refusal) return problem;
      throw problem;
    });
    if (head instanceof Refusal) {
      if (head.code !== "model.no-linear-head" && head.code !== "model.spatial-head") refusal ??= head;
    } else if (!isConvolution(head.parts[0]!) || head.pooledBehind || isPooled(loaded, head.featureTensor)) throw behindHead(describeNode(loaded, index), head, loaded);
  }
  throw refusal ?? noLinearLayer(describeNode(loaded, index));
}

/** Behind an integer product stands the node that turns it into floats; the product is the thing to name. */
function quantisedProduct(loaded: LoadedModel, index: number): number {
  const before = loaded.producer.get(loaded.graph.node[index]!.input[0] ?? "");
  const operator = before === undefined ? "" : loaded.graph.node[before]!.opType;
  return before !== undefined && isQuantised(operator) && !operator.startsWith("Quantize") ? before : index;
}

function refuseIfQuantised(loaded: LoadedModel, index: number): void {
  const quantised = quantisedBefore(loaded, index);
  if (quantised !== null) throw refuseQuantised(describeNode(loaded, quantised));
}

function behindHead(found: string, head: TracedHead, loaded?: LoadedModel): Refusal {
  const layer = loaded === undefined ? "the last linear layer" : describeNode(loaded, head.parts[0]!.node);
  return new Refusal("model.nonlinear-after-head", `${found}, behind ${layer}`, "Export the model so that it ends with its linear layer or with one Sigmoid.");
}

function noLinearLayer(found: string): Refusal {
  return new Refusal("model.no-linear-head", `${found}, with no linear layer at the end`, "Export the model with its classification layer, or attach a head to its features.");
}
