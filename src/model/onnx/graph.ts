/** An ONNX file in memory, with its graph indexed by tensor name. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CatwiseError } from "../../errors.ts";
import { ModelProtoSchema, NodeProtoSchema, ValueInfoProtoSchema } from "./generated/onnx_pb.ts";
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from "./generated/onnx_pb.ts";
import { checkExternalFiles } from "./external-data.ts";
import { encodeField, encodePieces, graphField, joinBytes, modelField, splicePieces, wirePayloads } from "./wire.ts";
import type { WireEdit } from "./wire.ts";

export interface LoadedModel {
  readonly path: string;
  readonly directory: string;
  readonly bytes: Uint8Array;
  /** The part of `bytes` that is the graph's message. */
  readonly graphBytes: Uint8Array;
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

/**
 * Reads and indexes a model file. Weights in external files stay there; that the files are there and long enough is checked.
 * Throws file.missing, file.unreadable, file.empty, model.unreadable, model.external-data, model.unsupported (more than 2 GiB in one file).
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const bytes = await readWhole(path);
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw notAModel(path, cause);
  }
  const graph = model.graph;
  const graphs = wirePayloads(bytes, modelField.graph);
  // Protobuf would merge several graphs into one; no exporter writes that, and byte surgery could not follow.
  if (graph === undefined || graphs.length !== 1 || graph.output.length === 0 || model.opsetImport.length === 0) throw notAModel(path, undefined);
  const index = indexGraph(graph);
  // ONNX demands that nodes follow what they read; with that, no walk through the graph can go round in a circle.
  const early = graph.node.find((node, at) => namesRead(node).some((name) => (index.producer.get(name) ?? -1) >= at));
  if (early !== undefined) throw new CatwiseError("model.unreadable", `Expected nodes in the order of computation; "${early.name}" reads what is made after it.`, { place: { file: path }, remedy: "Export the model again." });
  const directory = dirname(path);
  await checkExternalFiles(graph.initializer, directory);
  return { path, directory, bytes, graphBytes: graphs[0]!, model, graph, ...index };
}

async function readWhole(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ERR_FS_FILE_TOO_LARGE")
      throw new CatwiseError("model.unsupported", "Expected an ONNX file of at most 2 GiB, which is all that its format allows.", { place: { file: path }, remedy: "Export the model with its weights in an external file.", cause });
    const missing = code === "ENOENT";
    throw new CatwiseError(missing ? "file.missing" : "file.unreadable", `Expected an ONNX model; the file ${missing ? "does not exist" : "cannot be read"}.`, { place: { file: path }, remedy: "Check the path.", cause });
  }
  if (bytes.length === 0) throw new CatwiseError("file.empty", "Expected an ONNX model, got an empty file.", { place: { file: path }, remedy: "Export or copy the model again." });
  return bytes;
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
 * The bytes of a model that computes only the tensor `output` (of undeclared shape) from what `wanted` names; `extraNodes` come last.
 * External weights stay in their files, which the runtime is told to look for in the model's folder.
 */
export function cutModel(loaded: LoadedModel, output: string, wanted: readonly string[], extraNodes: readonly NodeProto[] = []): Uint8Array {
  const { graph } = loaded;
  const { nodes, names } = neededFor(loaded, wanted);
  const edits = [
    ...without(graphField.node, graph.node.map((_, index) => nodes.has(index))),
    ...without(graphField.initializer, graph.initializer.map((tensor) => names.has(tensor.name))),
    ...without(graphField.input, graph.input.map((input) => names.has(input.name))),
    ...without(graphField.output, graph.output.map(() => false)),
    ...without(graphField.valueInfo, graph.valueInfo.map(() => false)),
  ];
  const added = [
    ...extraNodes.map((node) => encodeField(graphField.node, toBinary(NodeProtoSchema, node))),
    encodeField(graphField.output, toBinary(ValueInfoProtoSchema, create(ValueInfoProtoSchema, { name: output }))),
  ];
  const cut = encodePieces(modelField.graph, splicePieces(loaded.graphBytes, edits, added));
  return joinBytes(splicePieces(loaded.bytes, [{ number: modelField.graph, index: 0, fields: cut }]));
}

/** Removes those fields of a number that are not kept. */
function without(number: number, keep: readonly boolean[]): WireEdit[] {
  return keep.flatMap((kept, index) => (kept ? [] : [{ number, index, fields: [] }]));
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
