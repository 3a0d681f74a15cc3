/** What kind of layer a linear node is, told from its operator, its attributes and the shape of its weight. */
import { constantValues, isConstant } from "./constants.ts";
import type { NodeProto } from "./generated/onnx_pb.ts";
import type { LoadedModel } from "./graph.ts";
import { Refusal, describeNode } from "./refusal.ts";

/** The forms of linear layers that are understood. */
export type LinearKind = "gemm" | "matmul-add" | "matmul" | "conv1x1" | "einsum" | "group-conv" | "group-matmul" | "product-sum";

/** How the weight of row r and column d is stored: at floor(r / rowsPerList) * list + (r % rowsPerList) * row + d * column. */
export interface WeightStrides {
  readonly list: number;
  readonly row: number;
  readonly column: number;
}

/** The form of a layer: what it reads and where its numbers stand. */
export interface LayerForm {
  readonly kind: LinearKind;
  readonly rows: number;
  readonly columns: number;
  /** Lists of features in the tensor the layer reads, one behind the other: 1 where all rows read the same; otherwise row r reads list floor(r / rowsPerList). */
  readonly lists: number;
  readonly rowsPerList: number;
  readonly strides: WeightStrides;
  /** Stored as columns x rows when transposed is false, rows x columns when it is true (as Gemm's transB says). */
  readonly transposed: boolean;
  /** The shape in which a number for each row can be added to the node's answer. */
  readonly answerShape: readonly number[];
}

/** All rows read the same features. */
export function sharedForm(kind: LinearKind, rows: number, columns: number, transposed: boolean, answerShape: readonly number[] = [rows]): LayerForm {
  const strides = transposed ? { list: 0, row: columns, column: 1 } : { list: 0, row: 1, column: rows };
  return { kind, rows, columns, lists: 1, rowsPerList: rows, strides, transposed, answerShape };
}

/** The form of a Gemm, MatMul, Conv or Einsum node whose input `position` is a weight of this shape. Throws Refusal when it is none that is understood. */
export async function layerForm(loaded: LoadedModel, index: number, shape: readonly number[], position: number): Promise<LayerForm> {
  const node = loaded.graph.node[index]!;
  if (node.opType === "Conv") return convolution(loaded, index, node, shape);
  if (node.opType === "Einsum") return einsum(loaded, index, node, shape, position);
  if (node.opType === "MatMul" && shape.length === 3) return groupProduct(loaded, index, node, shape);
  const [first = 0, second = 0] = shape;
  if (shape.length !== 2) throw refuse(loaded, index, `whose weight has ${shape.length} dimensions instead of 2`);
  if (whole(node, "transA") !== 0n) throw refuse(loaded, index, "which transposes the features");
  if (node.opType === "Gemm" && whole(node, "transB") !== 0n) return sharedForm("gemm", first, second, true);
  return sharedForm(node.opType === "Gemm" ? "gemm" : "matmul", second, first, false);
}

/** A kernel of one pixel: a linear layer of pooled features. In G groups, each of rows/G rows reads its own list of features. */
function convolution(loaded: LoadedModel, index: number, node: NodeProto, shape: readonly number[]): LayerForm {
  const list = (name: string): readonly bigint[] => node.attribute.find((attribute) => attribute.name === name)?.ints ?? [];
  const [rows = 0, columns = 0, ...kernel] = shape;
  const single = kernel.length > 0 && kernel.length < 3 && kernel.every((length) => length === 1);
  if (!single || list("strides").some((one) => one !== 1n) || list("pads").some((one) => one !== 0n))
    throw refuse(loaded, index, `a convolution with kernel ${kernel.join("x")}, which is not a linear layer of pooled features`);
  const groups = Number(whole(node, "group") || 1n);
  if (groups === 1) return sharedForm("conv1x1", rows, columns, true);
  const rowsPerList = rows / groups;
  return { ...sharedForm("group-conv", rows, columns, true), lists: groups, rowsPerList, strides: { list: rowsPerList * columns, row: columns, column: 1 } };
}

/**
 * One product of features and weight, in any order of the weight's dimensions: "bd,cd->bc" (all categories share the features),
 * "bcd,cd->bc" (each has its own), "bgd,gdf->bgf" (each group of categories has).
 */
function einsum(loaded: LoadedModel, index: number, node: NodeProto, shape: readonly number[], position: number): LayerForm {
  const equation = new TextDecoder().decode(node.attribute.find((attribute) => attribute.name === "equation")?.s).replaceAll(" ", "");
  const [operands = "", answer = ""] = equation.split("->");
  const terms = operands.split(",");
  const [features = "", weight = ""] = [terms[1 - position], terms[position]];
  const [batch = "", column = ""] = [features[0], features.at(-1)];
  const group = features.slice(1, -1);
  const own = answer.slice(1 + group.length);
  const expected = sorted(group + column + own);
  const understood =
    terms.length === 2 && features.length > 1 && group.length < 2 && own.length < 2 && group.length + own.length > 0 && answer === batch + group + own && !weight.includes(batch) &&
    shape.length === weight.length && sorted(weight) === expected && new Set(batch + expected).size === expected.length + 1;
  if (!understood) throw refuse(loaded, index, `with the equation ${equation}`);
  const at = (letter: string): number => weight.indexOf(letter);
  const length = (letter: string): number => (letter === "" ? 1 : shape[at(letter)]!);
  const stride = (letter: string): number => (letter === "" ? 0 : shape.slice(at(letter) + 1).reduce((product, one) => product * one, 1));
  const [lists, rowsPerList, columns] = [length(group), length(own), length(column)];
  const answerShape = [...(group === "" ? [] : [lists]), ...(own === "" ? [] : [rowsPerList])];
  return { kind: "einsum", rows: lists * rowsPerList, columns, lists, rowsPerList, strides: { list: stride(group), row: stride(own), column: stride(column) }, transposed: weight.endsWith(column), answerShape };
}

/** [N,G,1,D] times a weight [G,D,F]. Only where the features plainly have these four dimensions: of three, the first would be the groups. */
async function groupProduct(loaded: LoadedModel, index: number, node: NodeProto, shape: readonly number[]): Promise<LayerForm> {
  const before = loaded.graph.node[loaded.producer.get(node.input[0] ?? "") ?? -1];
  const axes = before?.opType === "Unsqueeze" ? await axesOf(loaded, before) : [];
  const target = before?.opType === "Reshape" ? loaded.graph.initializer[loaded.initializer.get(before.input[1] ?? "") ?? -1] : undefined;
  const plain = (axes.length === 1 && (axes[0] === 2 || axes[0] === -2)) || target?.dims[0] === 4n;
  if (!plain) throw refuse(loaded, index, "whose weight has 3 dimensions, of features that do not plainly have 4");
  return groupForm(shape);
}

/** The axes of a Squeeze, Unsqueeze or Reduce node, an input in later versions and an attribute before; none where they cannot be told. */
export async function axesOf(loaded: LoadedModel, node: NodeProto): Promise<number[]> {
  const input = node.input[1];
  if (input !== undefined && input !== "") return isConstant(loaded, input) ? [...(await constantValues(loaded, input)).data] : [];
  return (node.attribute.find((attribute) => attribute.name === "axes")?.ints ?? []).map(Number);
}

/** The form of a product with a weight [G,D,F], one list of features for each of G groups of F rows. */
export function groupForm([lists = 0, columns = 0, rowsPerList = 0]: readonly number[]): LayerForm {
  return { kind: "group-matmul", rows: lists * rowsPerList, columns, lists, rowsPerList, strides: { list: columns * rowsPerList, row: 1, column: rowsPerList }, transposed: false, answerShape: [lists, 1, rowsPerList] };
}

function sorted(letters: string): string {
  return letters.split("").sort().join("");
}

function whole(node: NodeProto, name: string): bigint {
  return node.attribute.find((attribute) => attribute.name === name)?.i ?? 0n;
}

function refuse(loaded: LoadedModel, index: number, why: string): Refusal {
  return new Refusal("model.no-linear-head", `${describeNode(loaded, index)}, ${why}`, "Export the model with a linear layer at its end.");
}
