/** Writes a copy of a model with another head, and keeps it only when it answers as that head says. */
import { copyFile, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { CatwiseError } from "../../errors.ts";
import { sha256OfFile, writeFileAtomically } from "../files/index.ts";
import { attachHead } from "./attach-head.ts";
import { categoriesKey } from "./category-names.ts";
import { StringStringEntryProtoSchema } from "./generated/onnx_pb.ts";
import { loadModel } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { requireHead } from "./inspect-model.ts";
import type { HeadChoice } from "./inspect-model.ts";
import { featurePoint, openClassifier, openFeatures } from "./open-model.ts";
import type { Backbone } from "./open-model.ts";
import { modelField, replaceHead } from "./replace-head.ts";
import { externalLocation, isExternal } from "./tensor-values.ts";
import { encodeField, spliceMessage } from "./wire.ts";

export interface ModelHead {
  readonly categories: readonly string[];
  readonly columns: number;
  /** C x D, row-major. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export interface WriteModelHeadRequest extends HeadChoice {
  /** The model to start from; never written to. */
  readonly model: string;
  readonly head: ModelHead;
  readonly out: string;
  /** For a backbone without a head: the tensor whose values are the features. */
  readonly features?: string;
  /** Images to compare on, as the model takes them; two images of seeded noise when absent. */
  readonly probe?: { readonly pixels: Float32Array; readonly count: number };
  /** Also write the category names into the metadata when the head only replaces one of the same size. */
  readonly writeCategories?: boolean;
}

export interface WrittenModel {
  readonly mode: "replaced" | "attached";
  readonly outputTensor: string;
  /** The largest |difference| / max(1, |expected|) seen on the probe. */
  readonly difference: number;
}

/** The written model may differ from features * W^T + b by this much, absolutely or relatively. */
const tolerance = 1e-4;

/**
 * Writes `out`: the model with this head. With as many categories as before only the head's initialisers change; with
 * another number (or on a backbone without head) a new linear layer takes its place and the category names go into the
 * metadata. The file is then run against (features of the original's backbone) * W^T + b, and kept only when they agree.
 *
 * Throws head.width-mismatch, head.not-finite, head.category-mismatch, output.exists (out is the model itself),
 * output.verification, output.unwritable, the refusals of readModelHead.
 */
export async function writeModelHead(request: WriteModelHeadRequest): Promise<WrittenModel> {
  const { model, head, out } = request;
  checkHead(head);
  if ((await realpath(out).catch(() => resolve(out))) === (await realpath(model).catch(() => resolve(model))))
    throw new CatwiseError("output.exists", "Expected a new file, got the model itself, which is never written to.", { place: { file: out }, remedy: "Choose another name." });
  const loaded = await loadModel(model);
  const changed = await change(loaded, request);
  const backbone = await openFeatures(loaded, await featurePoint(loaded, request));
  let difference = 0;
  try {
    if (backbone.columns !== changed.featureColumns) throw widthMismatch(model, changed.featureColumns, backbone.columns);
    await mkdir(dirname(resolve(out)), { recursive: true });
    const copied = await copyExternalFiles(loaded, changed.bytes, out);
    try {
      await writeFileAtomically(out, async (temporary) => {
        await writeFile(temporary, changed.bytes);
        difference = await verify(temporary, changed, backbone, request);
      });
    } catch (problem) {
      for (const path of copied) await rm(path, { force: true });
      throw problem;
    }
  } finally {
    await backbone.close();
  }
  return { mode: changed.mode, outputTensor: changed.output, difference };
}

interface Change {
  readonly mode: "replaced" | "attached";
  readonly bytes: Uint8Array;
  readonly output: string;
  readonly activation: "none" | "sigmoid";
  readonly perCategory: boolean;
  readonly featureColumns: number;
}

async function change(loaded: LoadedModel, request: WriteModelHeadRequest): Promise<Change> {
  const { head } = request;
  const { columns, weight, bias } = head;
  const rows = bias.length;
  if (request.features !== undefined) {
    const attached = attachHead(loaded, { featureTensor: request.features, pooledBehind: false, activation: "none", outputTensor: null, rows, columns, weight, bias });
    return { mode: "attached", bytes: withCategories(attached.bytes, loaded, head), output: attached.output, activation: "none", perCategory: false, featureColumns: columns };
  }
  const old = await requireHead(loaded, request);
  if (old.columns !== columns) throw widthMismatch(loaded.path, columns, old.columns);
  const perCategory = old.parts[0]!.kind === "einsum";
  const story = { output: old.outputTensor, activation: old.activation, perCategory, featureColumns: perCategory ? rows * columns : columns };
  if (old.rows === rows) {
    const bytes = replaceHead(loaded, old, weight, bias);
    return { ...story, mode: "replaced", bytes: request.writeCategories === true ? withCategories(bytes, loaded, head) : bytes };
  }
  if (perCategory) throw new CatwiseError("model.category-count", `Expected ${old.rows} categories, because every category of this model has features of its own; got ${rows}.`, { place: { file: loaded.path }, remedy: "Keep the model's categories." });
  return { ...story, mode: "attached", bytes: withCategories(attachHead(loaded, { ...old, rows, columns, weight, bias }).bytes, loaded, head) };
}

/** The metadata entry catwise.categories, new or in the place of the old one. */
function withCategories(bytes: Uint8Array, loaded: LoadedModel, head: ModelHead): Uint8Array {
  const entry = encodeField(modelField.metadata, toBinary(StringStringEntryProtoSchema, create(StringStringEntryProtoSchema, { key: categoriesKey, value: JSON.stringify(head.categories) })));
  const index = loaded.model.metadataProps.findIndex((one) => one.key === categoriesKey);
  return index < 0 ? spliceMessage(bytes, [], [entry]) : spliceMessage(bytes, [{ number: modelField.metadata, index, fields: [entry] }]);
}

/** Copies the weight files that the new model still reads beside it. Throws output.exists when another file has the name. */
async function copyExternalFiles(loaded: LoadedModel, bytes: Uint8Array, out: string): Promise<string[]> {
  const directory = dirname(resolve(out));
  if (directory === resolve(loaded.directory) || !loaded.graph.initializer.some(isExternal)) return [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const copied: string[] = [];
  for (const location of new Set(loaded.graph.initializer.filter(isExternal).map(externalLocation))) {
    if (!text.includes(location)) continue;
    const [from, to] = [join(loaded.directory, location), join(directory, location)];
    const present = await sha256OfFile(to).catch(() => null);
    if (present !== null && present === (await sha256OfFile(from))) continue;
    if (present !== null) throw new CatwiseError("output.exists", "The model's weight file must be copied here, and another file has its name.", { place: { file: to }, remedy: "Choose an empty folder." });
    await mkdir(dirname(to), { recursive: true });
    await writeFileAtomically(to, (temporary) => copyFile(from, temporary));
    copied.push(to);
  }
  return copied;
}

async function verify(path: string, changed: Change, backbone: Backbone, request: WriteModelHeadRequest): Promise<number> {
  const { head } = request;
  const { pixels, count } = request.probe ?? noise(backbone);
  const features = await backbone.run(pixels, count);
  const classifier = await openClassifier(path, { output: changed.output });
  try {
    const { values } = await classifier.run(pixels, count);
    let largest = 0;
    values.forEach((value, index) => {
      const category = index % head.bias.length;
      const first = Math.floor(index / head.bias.length) * backbone.columns + (changed.perCategory ? category * head.columns : 0);
      let score = head.bias[category]!;
      for (let column = 0; column < head.columns; column++) score += head.weight[category * head.columns + column]! * features[first + column]!;
      const answer = changed.activation === "sigmoid" ? 1 / (1 + Math.exp(-score)) : score;
      const difference = Math.abs(value - answer) / Math.max(1, Math.abs(answer));
      largest = difference <= largest ? largest : difference;
    });
    if (values.length === count * head.bias.length && largest <= tolerance) return largest;
    throw new CatwiseError("output.verification", `The written model differs from its head by ${largest}, expected at most ${tolerance}; it was not kept.`, { place: { file: request.out }, remedy: "If the model's weights are float16, export it as float32; otherwise please report this." });
  } finally {
    await classifier.close();
  }
}

/** Two images of seeded noise in [-1, 1]; a free size is taken as 224. */
function noise(backbone: Backbone): { pixels: Float32Array; count: number } {
  const { channels, height, width } = backbone.input;
  let state = 1;
  const pixels = Float32Array.from({ length: 2 * channels * (height ?? 224) * (width ?? 224) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { pixels, count: 2 };
}

function checkHead(head: ModelHead): void {
  const rows = head.bias.length;
  if (rows === 0 || head.categories.length !== rows || head.weight.length !== rows * head.columns)
    throw new CatwiseError("head.category-mismatch", `Expected C names, C x ${head.columns} weights and C biases, got ${head.categories.length}, ${head.weight.length} and ${rows}.`);
  if (!head.weight.every(Number.isFinite) || !head.bias.every(Number.isFinite)) throw new CatwiseError("head.not-finite", "The head to install holds NaN or infinite weights.", { remedy: "Tune again." });
}

function widthMismatch(file: string, head: number, model: number): CatwiseError {
  return new CatwiseError("head.width-mismatch", `The head takes ${head} features, the model gives ${model}.`, { place: { file }, remedy: "Use the model the head was made for." });
}
