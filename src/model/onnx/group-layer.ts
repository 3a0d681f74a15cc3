/** Layers of several nodes in which every category, or group of categories, has a list of features of its own. */
import { axesOf, groupForm, sharedForm } from "./layer-form.ts";
import type { LoadedModel } from "./graph.ts";
import { isConstant } from "./constants.ts";
import { constantWeight, partOf } from "./linear-layer.ts";
import type { LinearPart } from "./linear-layer.ts";

/**
 * Mul with a constant [C,D] (or [1,C,D]), then ReduceSum (node `index`) over the last dimension, as Query2Label writes its group-wise
 * layer. Where the features were shared and only given a dimension for the categories, it is a plain layer of them. null when it is
 * no such pair.
 */
export async function productSum(loaded: LoadedModel, index: number): Promise<LinearPart | null> {
  const sum = loaded.graph.node[index]!;
  const at = loaded.producer.get(sum.input[0] ?? "");
  const product = at === undefined ? undefined : loaded.graph.node[at];
  if (at === undefined || product?.opType !== "Mul") return null;
  const position = product.input.findIndex((name) => isConstant(loaded, name));
  const features = product.input[1 - position] ?? "";
  if (position < 0 || isConstant(loaded, features)) return null;
  const { name, values } = await constantWeight(loaded, at, features, position);
  const shape = values.shape.length === 3 && values.shape[0] === 1 ? values.shape.slice(1) : values.shape;
  const axes = await axesOf(loaded, sum);
  if (shape.length !== 2 || axes.length !== 1 || (axes[0] !== -1 && axes[0] !== 2)) return null;
  const [rows, columns] = [shape[0]!, shape[1]!];
  const kept = (sum.attribute.find((attribute) => attribute.name === "keepdims")?.i ?? 1n) !== 0n;
  const form = sharedForm("product-sum", rows, columns, true, kept ? [rows, 1] : [rows]);
  const weight = { tensor: name, node: at, position, gain: 1, values };
  const before = loaded.graph.node[loaded.producer.get(features) ?? -1];
  const added = before?.opType === "Unsqueeze" ? await axesOf(loaded, before) : [];
  if (before !== undefined && added.length === 1 && (added[0] === 1 || added[0] === -2)) return partOf(form, index, before.input[0]!, weight, null);
  return partOf({ ...form, lists: rows, rowsPerList: 1, strides: { list: columns, row: 0, column: 1 } }, index, features, weight, null);
}

/**
 * Transpose to [C,N,D], MatMul with a constant [C,D,F], and Transpose back (node `index`), as torch.bmm makes it; null when it is no
 * such three.
 */
export async function turnedProduct(loaded: LoadedModel, index: number): Promise<LinearPart | null> {
  const at = loaded.producer.get(loaded.graph.node[index]!.input[0] ?? "");
  const product = at === undefined ? undefined : loaded.graph.node[at];
  if (at === undefined || product?.opType !== "MatMul") return null;
  const before = loaded.graph.node[loaded.producer.get(product.input[0] ?? "") ?? -1];
  if (before?.opType !== "Transpose" || !swapsFirst(loaded, index) || !swapsFirst(loaded, loaded.producer.get(product.input[0]!)!)) return null;
  const { name, values } = await constantWeight(loaded, at, product.input[0]!, 1);
  if (values.shape.length !== 3) return null;
  const form = groupForm(values.shape);
  const part = partOf({ ...form, answerShape: [form.lists, form.rowsPerList] }, at, before.input[0]!, { tensor: name, node: at, position: 1, gain: 1, values }, null);
  return { ...part, answerNode: index };
}

/** Whether a Transpose exchanges the first two of three dimensions. */
function swapsFirst(loaded: LoadedModel, index: number): boolean {
  return loaded.graph.node[index]!.attribute.find((attribute) => attribute.name === "perm")?.ints.join() === "1,0,2";
}
