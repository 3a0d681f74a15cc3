/** An ONNX file in memory, with its graph indexed by tensor name. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CatwiseError } from "../../errors.ts";
import { GraphProtoSchema, ModelProtoSchema } from "./generated/onnx_pb.ts";
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from "./generated/onnx_pb.ts";
import { isExternal, readExternal } from "./tensor-values.ts";

export interface LoadedModel {
  readonly path: string;
  readonly directory: string;
  readonly bytes: Uint8Array;
  readonly model: ModelProto;
  readonly graph: GraphProto;
  /** Tensor name -> index of the node that makes it. */
  readonly producer: ReadonlyMap<string, number>;
  /** Tensor name -> how many nodes and graph outputs read it. */
  readonly uses: ReadonlyMap<string, number>;
  /** Tensor name -> index among the graph's initialisers. */
  readonly initializer: ReadonlyMap<string, number>;
  /** The graph's inputs without those that an initialiser fills. */
  readonly inputs: readonly ValueInfoProto[];
}

/** Reads and indexes a model file. Throws file.missing, file.unreadable, file.empty or model.unreadable. */
export async function loadModel(path: string): Promise<LoadedModel> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new CatwiseError(missing ? "file.missing" : "file.unreadable", `Expected an ONNX model; the file ${missing ? "does not exist" : "cannot be read"}.`, { place: { file: path }, remedy: "Check the path.", cause });
  }
  if (bytes.length === 0) throw new CatwiseError("file.empty", "Expected an ONNX model, got an empty file.", { place: { file: path }, remedy: "Export or copy the model again." });
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw notAModel(path, cause);
  }
  const graph = model.graph;
  if (graph === undefined || graph.output.length === 0 || model.opsetImport.length === 0) throw notAModel(path, undefined);
  const index = indexGraph(graph);
  // ONNX demands that nodes follow what they read; with that, no walk through the graph can go round in a circle.
  const early = graph.node.find((node, at) => namesRead(node).some((name) => (index.producer.get(name) ?? -1) >= at));
  if (early !== undefined) throw new CatwiseError("model.unreadable", `Expected nodes in the order of computation; "${early.name}" reads what is made after it.`, { place: { file: path }, remedy: "Export the model again." });
  return { path, directory: dirname(path), bytes, model, graph, ...index };
}

/** Names a node reads, those read by its inner graphs (If, Loop) included. */
export function namesRead(node: NodeProto): string[] {
  const inner = node.attribute.flatMap((attribute) => [...(attribute.g === undefined ? [] : [attribute.g]), ...attribute.graphs]);
  const captured = inner.flatMap((graph) => graph.node.flatMap(namesRead).concat(graph.output.map((output) => output.name)));
  return [...node.input, ...captured].filter((name) => name !== "");
}

/** The nodes (by index) and names needed to compute the tensors. */
export function neededFor(loaded: Pick<LoadedModel, "graph" | "producer">, tensors: readonly string[]): { nodes: Set<number>; names: Set<string> } {
  const names = new Set<string>();
  const nodes = new Set<number>();
  const open = [...tensors];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    const index = loaded.producer.get(name);
    if (index === undefined || nodes.has(index)) continue;
    nodes.add(index);
    open.push(...namesRead(loaded.graph.node[index]!));
  }
  return { nodes, names };
}

/**
 * The bytes of a self-contained model that computes only `outputs`; `extraNodes` come last. External weights are
 * brought inside. Throws model.unsupported when the result would pass protobuf's 2 GB.
 */
export async function cutModel(loaded: LoadedModel, outputs: readonly ValueInfoProto[], wanted: readonly string[], extraNodes: readonly NodeProto[] = []): Promise<Uint8Array> {
  const { graph } = loaded;
  const { nodes, names } = neededFor(loaded, wanted);
  const initializer: TensorProto[] = [];
  let size = 0;
  for (const tensor of graph.initializer) {
    if (!names.has(tensor.name)) continue;
    const kept = isExternal(tensor) ? { ...tensor, rawData: await readExternal(tensor, loaded.directory), externalData: [], dataLocation: 0 } : tensor;
    size += kept.rawData.length;
    initializer.push(kept);
  }
  if (size > 2_000_000_000) throw new CatwiseError("model.unsupported", `The model's weights take ${size} bytes; expected less than 2 GB.`, { place: { file: loaded.path }, remedy: "Extract the features with the runtime the model came from." });
  const cut = create(GraphProtoSchema, {
    name: graph.name,
    node: [...graph.node.filter((_, index) => nodes.has(index)), ...extraNodes],
    initializer,
    input: graph.input.filter((input) => names.has(input.name)),
    output: [...outputs],
  });
  return toBinary(ModelProtoSchema, { ...loaded.model, graph: cut });
}

/** Dimensions of a declared tensor; null where free; null as a whole when nothing is declared. */
export function declaredShape(info: ValueInfoProto | undefined): (number | null)[] | null {
  const dim = info?.type?.tensorType?.shape?.dim;
  return dim === undefined ? null : dim.map((one) => (one.dimParam === "" && one.dimValue > 0n ? Number(one.dimValue) : null));
}

function indexGraph(graph: GraphProto): Pick<LoadedModel, "producer" | "uses" | "initializer" | "inputs"> {
  const producer = new Map<string, number>();
  const uses = new Map<string, number>();
  graph.node.forEach((node, index) => {
    for (const name of node.output) if (name !== "") producer.set(name, index);
    for (const name of namesRead(node)) uses.set(name, (uses.get(name) ?? 0) + 1);
  });
  for (const output of graph.output) uses.set(output.name, (uses.get(output.name) ?? 0) + 1);
  const initializer = new Map(graph.initializer.map((tensor, index) => [tensor.name, index]));
  return { producer, uses, initializer, inputs: graph.input.filter((input) => !initializer.has(input.name)) };
}

function notAModel(path: string, cause: unknown): CatwiseError {
  return new CatwiseError("model.unreadable", "Expected an ONNX model; the content is not one.", { place: { file: path }, remedy: "Export the model again, or copy the file again.", cause });
}
