/** Puts a head of the same size into a model's bytes: only the head's own initialisers change wherever that is possible. */
import { create, toBinary } from "@bufbuild/protobuf";
import { nodeMessage, tensorMessage } from "./build.ts";
import { NodeProtoSchema, StringStringEntryProtoSchema, TensorProtoSchema } from "./generated/onnx_pb.ts";
import type { LoadedModel } from "./graph.ts";
import { unfoldedPart } from "./linear-layer.ts";
import type { LinearPart, Operand } from "./linear-layer.ts";
import { encodeRaw } from "./tensor-values.ts";
import type { TracedHead } from "./traced-head.ts";
import { encodeField, encodePieces, encodeText, encodeVarintField, graphField, modelField, spliceMessage, splicePieces, wireFields, wirePayloads } from "./wire.ts";
import type { WireEdit } from "./wire.ts";

const nodeField = { input: 1, output: 2 } as const;
const tensorField = { dims: 1, dataType: 2, rawData: 9, dataLocation: 14 } as const;
/** Everything of a TensorProto that says what its values are: typed lists, raw bytes, external files. */
const valueFields: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11, 13, 14]);

/**
 * The graph's bytes, in pieces, with this weight (C x D) and bias in the place of the head's. Constant scales behind the layer stay
 * and are undone in what is stored. A tensor that something else reads too, or that is computed, is left alone and the
 * head's node reads a new one; a missing bias is added when the new one is not zero.
 */
export function replaceHead(loaded: LoadedModel, head: TracedHead, weight: Float32Array, bias: Float32Array): Uint8Array[] {
  const changes = new GraphChanges(loaded);
  let row = 0;
  for (const part of head.parts) {
    const stored = unfoldedPart(part, rowsOf(weight, row, part, head.columns), bias.subarray(row, row + part.rows));
    changes.setOperand(part.weight, part.weight.values.shape, stored.weight, part.weight.values.type);
    if (part.bias !== null) changes.setOperand(part.bias, part.bias.shape, stored.bias, part.weight.values.type);
    else if (stored.bias.some((value) => value !== 0)) changes.addBias(part, stored.bias);
    row += part.rows;
  }
  return changes.apply();
}

/** The part's rows (rows x part.columns) of a weight as wide as the widest part. */
function rowsOf(weight: Float32Array, first: number, { rows, columns }: LinearPart, width: number): Float32Array {
  if (columns === width) return weight.subarray(first * width, (first + rows) * width);
  const own = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) own.set(weight.subarray((first + row) * width, (first + row) * width + columns), row * columns);
  return own;
}

/** The model's bytes, in pieces, with this graph and the metadata entries of these keys (new, or in the place of the old ones). */
export function assembleModel(loaded: LoadedModel, graph: readonly Uint8Array[], metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const edits: WireEdit[] = [{ number: modelField.graph, index: 0, fields: encodePieces(modelField.graph, graph) }];
  const added: Uint8Array[] = [];
  for (const [key, value] of Object.entries(metadata)) {
    const entry = encodeField(modelField.metadata, toBinary(StringStringEntryProtoSchema, create(StringStringEntryProtoSchema, { key, value })));
    const index = loaded.model.metadataProps.findIndex((one) => one.key === key);
    if (index < 0) added.push(entry);
    else edits.push({ number: modelField.metadata, index, fields: [entry] });
  }
  return splicePieces(loaded.bytes, edits, added);
}

/** Collects the edits of one graph. */
class GraphChanges {
  readonly #loaded: LoadedModel;
  readonly #graph: Uint8Array;
  readonly #nodes: readonly Uint8Array[];
  readonly #tensors: readonly Uint8Array[];
  readonly #nodeEdits = new Map<number, { message: Uint8Array; after: Uint8Array[] }>();
  readonly #edits: WireEdit[] = [];
  readonly #added: Uint8Array[] = [];
  readonly #addedNames = new Set<string>();

  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#graph = loaded.graphBytes;
    this.#nodes = wirePayloads(this.#graph, graphField.node);
    this.#tensors = wirePayloads(this.#graph, graphField.initializer);
  }

  setOperand(operand: Operand, shape: readonly number[], values: Float32Array, type: number): void {
    const index = this.#loaded.initializer.get(operand.tensor);
    if (index !== undefined && this.#loaded.uses.get(operand.tensor) === 1) {
      const stored = this.#loaded.graph.initializer[index]!;
      this.#edits.push({ number: graphField.initializer, index, fields: [encodeField(graphField.initializer, withValues(this.#tensors[index]!, values, stored.dataType, stored.dims.map(Number)))] });
      return;
    }
    const edit = this.#editOf(operand.node);
    const name = this.#addTensor(operand.tensor, shape, values, type);
    edit.message = spliceMessage(edit.message, [{ number: nodeField.input, index: operand.position, fields: [encodeText(nodeField.input, name)] }]);
  }

  addBias(part: LinearPart, values: Float32Array): void {
    const node = this.#loaded.graph.node[part.answerNode]!;
    const edit = this.#editOf(part.answerNode);
    const output = node.output[0]!;
    const shape = part.answerShape;
    const all = new Float32Array(shape.reduce((product, length) => product * length, 1));
    all.set(values);
    const name = this.#addTensor(`${output}_bias`, shape, all, part.weight.values.type);
    // With beta = 0 a Gemm ignores its bias.
    if (part.kind === "conv1x1" || part.kind === "group-conv" || (part.kind === "gemm" && node.attribute.find((attribute) => attribute.name === "beta")?.f !== 0)) {
      const input = encodeText(nodeField.input, name);
      const replaced = node.input.length > 2 ? [{ number: nodeField.input, index: 2, fields: [input] }] : [];
      edit.message = spliceMessage(edit.message, replaced, replaced.length > 0 ? [] : [input]);
      return;
    }
    const product = this.#freeName(`${output}_product`);
    edit.message = spliceMessage(edit.message, [{ number: nodeField.output, index: 0, fields: [encodeText(nodeField.output, product)] }]);
    edit.after.push(toBinary(NodeProtoSchema, nodeMessage({ operator: "Add", inputs: [product, name], outputs: [output] })));
  }

  apply(): Uint8Array[] {
    const nodes = [...this.#nodeEdits].map(([index, { message, after }]) => ({ number: graphField.node, index, fields: [message, ...after].map((one) => encodeField(graphField.node, one)) }));
    return splicePieces(this.#graph, [...this.#edits, ...nodes], this.#added);
  }

  #editOf(index: number): { message: Uint8Array; after: Uint8Array[] } {
    const edit = this.#nodeEdits.get(index) ?? { message: this.#nodes[index]!, after: [] };
    this.#nodeEdits.set(index, edit);
    return edit;
  }

  #addTensor(base: string, shape: readonly number[], values: Float32Array, type: number): string {
    const name = this.#freeName(`${base}_catwise`);
    const empty = { ...tensorMessage({ name, shape: [0], data: new Float32Array(0) }), dims: shape.map(BigInt), dataType: type };
    this.#added.push(encodeField(graphField.initializer, withValues(toBinary(TensorProtoSchema, empty), values, type, shape)));
    return name;
  }

  #freeName(base: string): string {
    const name = freeName(this.#loaded, base, this.#addedNames);
    this.#addedNames.add(name);
    return name;
  }
}

/** `base`, or base with a number behind it, that no tensor of the model (nor of `alsoTaken`) has. */
export function freeName(loaded: LoadedModel, base: string, alsoTaken: ReadonlySet<string> = new Set()): string {
  const taken = (name: string): boolean => alsoTaken.has(name) || loaded.producer.has(name) || loaded.uses.has(name) || loaded.initializer.has(name) || loaded.inputs.some((input) => input.name === name);
  let name = base;
  for (let number = 2; taken(name); number++) name = `${base}_${number}`;
  return name;
}

/** A TensorProto's bytes with other values: only the data change, and the dims where their number of values does; everything else keeps its bytes and place. */
function withValues(tensor: Uint8Array, values: Float32Array, type: number, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  const dims = count === values.length ? null : [encodeVarintField(tensorField.dims, values.length)];
  const seen = new Map<number, number>();
  const edits: WireEdit[] = [];
  let placed = false;
  for (const { number } of wireFields(tensor)) {
    const index = seen.get(number) ?? 0;
    seen.set(number, index + 1);
    if (number === tensorField.dims && dims !== null) edits.push({ number, index, fields: [] });
    else if (valueFields.has(number)) {
      edits.push({ number, index, fields: placed || number === tensorField.dataLocation ? [] : [encodeField(tensorField.rawData, encodeRaw(values, type))] });
      placed ||= number !== tensorField.dataLocation;
    }
  }
  return spliceMessage(tensor, edits, [...(dims ?? []), ...(placed ? [] : [encodeField(tensorField.rawData, encodeRaw(values, type))])]);
}
