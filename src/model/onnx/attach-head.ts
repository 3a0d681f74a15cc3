/** Puts a new head, with any number of categories, behind a model's features. */
import { toBinary } from "@bufbuild/protobuf";
import { elementType, nodeMessage, tensorMessage, valueInfoMessage } from "./build.ts";
import type { NodeDeclaration } from "./build.ts";
import { NodeProtoSchema, TensorProtoSchema, ValueInfoProtoSchema } from "./generated/onnx_pb.ts";
import type { ValueInfoProto } from "./generated/onnx_pb.ts";
import { declaredShape, namesRead, neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { freeName } from "./replace-head.ts";
import { encodeField, graphField, splicePieces } from "./wire.ts";
import type { WireEdit } from "./wire.ts";

export interface Attachment {
  readonly featureTensor: string;
  /** Whether the features are known to be float32; otherwise they are made so. */
  readonly float32: boolean;
  readonly pooledBehind: boolean;
  readonly activation: "none" | "sigmoid";
  /** The output the head answers with: that of the head it takes the place of, or null for a new one called "logits". */
  readonly outputTensor: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * The graph's bytes, in pieces, with the new head and the name of its output. The old head's nodes and initialisers go, unless
 * something else needs them; all other bytes stay. Shapes declared for what now changes are declared anew or dropped.
 */
export function attachHead(loaded: LoadedModel, head: Attachment): { graph: Uint8Array[]; output: string } {
  const { graph } = loaded;
  const output = head.outputTensor ?? freeName(loaded, "logits");
  const weight = freeName(loaded, "catwise_head_weight");
  const bias = freeName(loaded, "catwise_head_bias");
  const newNodes = headNodes(loaded, head, { output, weight, bias }).map((node) => encodeField(graphField.node, toBinary(NodeProtoSchema, nodeMessage(node))));
  const place = head.outputTensor === null ? null : loaded.producer.get(head.outputTensor)!;
  const outputs = graph.output.map((one) => one.name);
  const batch = declaredBatch(loaded.inputs.find((input) => (declaredShape(input)?.length ?? 0) > 1)) ?? "N";
  const alive = aliveAfter(loaded, place, [...outputs, head.featureTensor]);
  const changed = changedBy(loaded, place);

  const edits: WireEdit[] = [];
  graph.node.forEach((_, index) => {
    if (index === place) edits.push({ number: graphField.node, index, fields: newNodes });
    else if (!alive.nodes.has(index)) edits.push({ number: graphField.node, index, fields: [] });
  });
  graph.initializer.forEach((tensor, index) => {
    if (loaded.uses.has(tensor.name) && !alive.names.has(tensor.name)) edits.push({ number: graphField.initializer, index, fields: [] });
  });
  graph.input.forEach((one, index) => {
    if (loaded.initializer.has(one.name) && !alive.names.has(one.name)) edits.push({ number: graphField.input, index, fields: [] });
  });
  graph.output.forEach((one, index) => {
    if (one.name === head.outputTensor) edits.push({ number: graphField.output, index, fields: [declaration(one.name, declaredBatch(one) ?? batch, head.rows)] });
    else if (changed.has(one.name)) edits.push({ number: graphField.output, index, fields: [encodeField(graphField.output, toBinary(ValueInfoProtoSchema, { ...one, type: undefined }))] });
  });
  graph.valueInfo.forEach((one, index) => {
    if (changed.has(one.name) || !alive.names.has(one.name)) edits.push({ number: graphField.valueInfo, index, fields: [] });
  });
  const appended = [constant(weight, [head.rows, head.columns], head.weight), constant(bias, [head.rows], head.bias)];
  if (place === null) appended.unshift(...newNodes, declaration(output, batch, head.rows));
  return { graph: splicePieces(loaded.graphBytes, edits, appended), output };
}

function headNodes(loaded: LoadedModel, head: Attachment, names: { output: string; weight: string; bias: string }): NodeDeclaration[] {
  const pooled = head.pooledBehind ? freeName(loaded, "catwise_pooled") : head.featureTensor;
  const flat = freeName(loaded, "catwise_features");
  const score = head.activation === "sigmoid" ? freeName(loaded, "catwise_logits") : names.output;
  const cast = head.float32 ? flat : freeName(loaded, "catwise_features_float32");
  return [
    ...(head.pooledBehind ? [{ operator: "GlobalAveragePool", inputs: [head.featureTensor], outputs: [pooled] }] : []),
    { operator: "Flatten", inputs: [pooled], outputs: [flat], attributes: { axis: 1n } },
    ...(head.float32 ? [] : [{ operator: "Cast", inputs: [flat], outputs: [cast], attributes: { to: BigInt(elementType.float32) } }]),
    { operator: "Gemm", inputs: [cast, names.weight, names.bias], outputs: [score], attributes: { transB: 1n } },
    ...(head.activation === "sigmoid" ? [{ operator: "Sigmoid", inputs: [score], outputs: [names.output] }] : []),
  ];
}

/** What the outputs still need when the node at `place` no longer reads anything. */
function aliveAfter(loaded: LoadedModel, place: number | null, wanted: readonly string[]): { nodes: Set<number>; names: Set<string> } {
  const producer = new Map([...loaded.producer].filter(([, index]) => index !== place));
  return neededFor({ graph: loaded.graph, producer }, wanted);
}

/** Tensors computed from the old head's answer, whose shape changes with the number of categories. */
function changedBy(loaded: LoadedModel, place: number | null): Set<string> {
  const changed = new Set<string>();
  if (place === null) return changed;
  for (const name of loaded.graph.node[place]!.output) changed.add(name);
  for (const node of loaded.graph.node) if (namesRead(node).some((name) => changed.has(name))) for (const name of node.output) changed.add(name);
  return changed;
}

function declaration(name: string, batch: number | string, categories: number): Uint8Array {
  return encodeField(graphField.output, toBinary(ValueInfoProtoSchema, valueInfoMessage({ name, shape: [batch, categories] })));
}

/** The first dimension as it is declared: a number, or a name ("" for one without); undefined when nothing is declared. */
function declaredBatch(info: ValueInfoProto | undefined): number | string | undefined {
  const first = info?.type?.tensorType?.shape?.dim[0];
  if (first === undefined) return undefined;
  return first.dimValue > 0n ? Number(first.dimValue) : first.dimParam;
}

function constant(name: string, shape: readonly number[], data: Float32Array): Uint8Array {
  return encodeField(graphField.initializer, toBinary(TensorProtoSchema, tensorMessage({ name, shape, data })));
}
