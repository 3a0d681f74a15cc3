/**
 * Writes an ONNX model from plain data: for networks that Catwise makes itself (the demo's backbone, heads attached to a
 * backbone, test models).
 */
import { create, toBinary } from "@bufbuild/protobuf";
import { expected } from "../../errors.ts";
import { AttributeProtoSchema, GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, TensorProtoSchema, ValueInfoProtoSchema } from "./generated/onnx_pb.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from "./generated/onnx_pb.ts";

/** Element types by ONNX's own numbers. */
export const elementType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11, bfloat16: 16 } as const;

/** A graph input or output; a dimension is a length, or a name for one that is free ("N"). float32 unless told. */
export interface TensorDeclaration {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type?: keyof typeof elementType;
}

/** A constant. The element type follows the array: Float16Array, Float32Array, Float64Array, Int32Array, BigInt64Array (int64), Int8Array, Uint8Array. */
export interface ConstantTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float16Array | Float32Array | Float64Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;
}

/** The body of an If or a Loop. Its nodes may read the tensors of the graph around it. */
export interface InnerGraph {
  readonly inputs?: readonly TensorDeclaration[];
  readonly nodes: readonly NodeDeclaration[];
  readonly outputs: readonly TensorDeclaration[];
}

/**
 * A number becomes a float attribute, a bigint an int; lists alike. A Float32Array is a list of floats. A constant is a tensor
 * (what a Constant node holds), an inner graph a branch or a body.
 */
export type AttributeValue = number | bigint | string | readonly bigint[] | Float32Array | ConstantTensor | InnerGraph;

/** One node of a graph: an operator with the tensors it reads and writes. */
export interface NodeDeclaration {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** An ONNX model to be built. */
export interface ModelDeclaration {
  readonly inputs: readonly TensorDeclaration[];
  /** In an order in which they can be computed. */
  readonly nodes: readonly NodeDeclaration[];
  readonly initializers: readonly ConstantTensor[];
  readonly outputs: readonly TensorDeclaration[];
  /** Version of the standard operators; 15 unless told. */
  readonly opset?: number;
  /** Version of the file format; 8 unless told. Before 4, initialisers had to be listed among the inputs too. */
  readonly irVersion?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly name?: string;
}

/**
 * The bytes of an ONNX model file.
 *
 * Throws usage.invalid-value when a constant's data does not fill its shape, or a node reads a tensor that nothing
 * before it makes.
 */
export function buildModel(model: ModelDeclaration): Uint8Array {
  requireOrder(model);
  const graph = create(GraphProtoSchema, {
    name: model.name ?? "catwise",
    node: model.nodes.map(nodeMessage),
    initializer: model.initializers.map(tensorMessage),
    input: model.inputs.map(valueInfoMessage),
    output: model.outputs.map(valueInfoMessage),
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(model.irVersion ?? 8),
      producerName: "catwise",
      graph,
      opsetImport: [{ domain: "", version: BigInt(model.opset ?? 15) }],
      metadataProps: Object.entries(model.metadata ?? {}).map(([key, value]) => ({ key, value })),
    }),
  );
}

/** The message of one node. */
export function nodeMessage(node: NodeDeclaration): NodeProto {
  return create(NodeProtoSchema, {
    input: [...node.inputs],
    output: [...node.outputs],
    name: node.name ?? `${node.operator}_${node.outputs[0] ?? ""}`,
    opType: node.operator,
    ...(node.domain === undefined ? {} : { domain: node.domain }),
    attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => attributeMessage(name, value)),
  });
}

/** The message of one constant, its values as raw little-endian bytes. Throws usage.invalid-value when data and shape disagree. */
export function tensorMessage(tensor: ConstantTensor): TensorProto {
  const { data, shape, name } = tensor;
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) throw expected(`initializers "${name}"`, `${count} values for shape [${shape.join(", ")}]`, data.length);
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: elementTypeOf(data),
    rawData: Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  });
}

/** The message of a graph input or output. */
export function valueInfoMessage(tensor: TensorDeclaration): ValueInfoProto {
  const dim = tensor.shape.map((length) => (typeof length === "number" ? { dimValue: BigInt(length) } : { dimParam: length }));
  return create(ValueInfoProtoSchema, {
    name: tensor.name,
    type: { tensorType: { elemType: elementType[tensor.type ?? "float32"], shape: { dim } } },
  });
}

function attributeMessage(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === "number") return create(AttributeProtoSchema, { name, f: value, type: 1 });
  if (typeof value === "bigint") return create(AttributeProtoSchema, { name, i: value, type: 2 });
  if (typeof value === "string") return create(AttributeProtoSchema, { name, s: new TextEncoder().encode(value), type: 3 });
  if (value instanceof Float32Array) return create(AttributeProtoSchema, { name, floats: [...value], type: 6 });
  if ("data" in value) return create(AttributeProtoSchema, { name, t: tensorMessage(value), type: 4 });
  if ("nodes" in value) return create(AttributeProtoSchema, { name, g: innerGraphMessage(name, value), type: 5 });
  return create(AttributeProtoSchema, { name, ints: [...value], type: 7 });
}

function innerGraphMessage(name: string, graph: InnerGraph): GraphProto {
  return create(GraphProtoSchema, { name, node: graph.nodes.map(nodeMessage), input: (graph.inputs ?? []).map(valueInfoMessage), output: graph.outputs.map(valueInfoMessage) });
}

function elementTypeOf(data: ConstantTensor["data"]): number {
  if (data instanceof Float32Array) return elementType.float32;
  if (data instanceof Float16Array) return elementType.float16;
  if (data instanceof Float64Array) return elementType.float64;
  if (data instanceof Int32Array) return elementType.int32;
  if (data instanceof BigInt64Array) return elementType.int64;
  return data instanceof Int8Array ? elementType.int8 : elementType.uint8;
}

function requireOrder(model: ModelDeclaration): void {
  const made = new Set([...model.inputs, ...model.initializers].map((tensor) => tensor.name));
  for (const node of model.nodes) {
    const missing = node.inputs.find((name) => name !== "" && !made.has(name));
    if (missing !== undefined) throw expected(`nodes (${node.operator})`, "inputs made before the node", missing);
    for (const name of node.outputs) made.add(name);
  }
  const unmade = model.outputs.find((tensor) => !made.has(tensor.name));
  if (unmade !== undefined) throw expected("outputs", "tensors that a node makes", unmade.name);
}
