/** Writes a copy of a model with another head, and keeps it only when it answers as that head says. */
import { copyFile, mkdir, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { sha256OfFile, writeFileAtomically, writePartsAtomically } from "../files/index.ts";
import { attachHead } from "./attach-head.ts";
import { elementType } from "./build.ts";
import { categoriesKey } from "./category-names.ts";
import { externalLocation, isExternal } from "./external-data.ts";
import { loadModel, neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { requireHead } from "./inspect-model.ts";
import type { HeadChoice } from "./inspect-model.ts";
import { featurePoint } from "./feature-point.ts";
import { openClassifier, openFeatures } from "./open-model.ts";
import type { Backbone } from "./open-model.ts";
import { assembleModel, replaceHead } from "./replace-head.ts";
import type { TracedHead } from "./traced-head.ts";

/** The head to put into a model: weight (C*D), bias (C). */
export interface ModelHead {
  readonly categories: readonly string[];
  readonly columns: number;
  /** C x D, row-major. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Where a head is to be put, and where the new model goes. */
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

/** What was written: whether a layer was replaced or one attached, and how exactly the file answers as the head says it should. */
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
  await refuseWeightFile(loaded, out);
  const changed = await change(loaded, request);
  const expectation = await expectedAnswers(loaded, changed, request);
  const firstMade = await mkdir(dirname(resolve(out)), { recursive: true });
  const copied: string[] = [];
  let difference = 0;
  try {
    await copyExternalFiles(loaded, changed.pieces, out, copied);
    await writePartsAtomically(out, changed.pieces, async (temporary) => {
      difference = await verify(temporary, changed, expectation, out);
    });
  } catch (problem) {
    for (const path of firstMade === undefined ? copied : [firstMade]) await rm(path, { recursive: true, force: true });
    throw problem;
  }
  return { mode: changed.mode, outputTensor: changed.output, difference };
}

/** An output that takes the name of a file in which the model keeps its weights would destroy them, or be destroyed by their copy. */
async function refuseWeightFile(loaded: LoadedModel, out: string): Promise<void> {
  const target = await realpath(out).catch(() => resolve(out));
  for (const location of new Set(loaded.graph.initializer.filter(isExternal).map(externalLocation))) {
    const source = resolve(loaded.directory, location);
    if (target === source || target === (await realpath(source).catch(() => source)) || resolve(out) === resolve(dirname(out), location))
      throw new CatwiseError("output.exists", "Expected a new file, got the name of the file in which the model keeps its weights.", { place: { file: out }, remedy: "Choose another name." });
  }
}

interface Change {
  readonly mode: "replaced" | "attached";
  /** The new model's bytes, one piece behind the other: most of them are the old model's own. */
  readonly pieces: readonly Uint8Array[];
  readonly output: string;
  readonly activation: "none" | "sigmoid";
  readonly perCategory: boolean;
  readonly featureColumns: number;
}

async function change(loaded: LoadedModel, request: WriteModelHeadRequest): Promise<Change> {
  const { head } = request;
  const { columns, weight, bias } = head;
  const rows = bias.length;
  const named = { [categoriesKey]: JSON.stringify(head.categories) };
  if (request.features !== undefined) {
    const attached = attachHead(loaded, { featureTensor: request.features, float32: false, pooledBehind: false, activation: "none", outputTensor: null, rows, columns, weight, bias });
    return { mode: "attached", pieces: assembleModel(loaded, attached.graph, named), output: attached.output, activation: "none", perCategory: false, featureColumns: columns };
  }
  const old = await requireHead(loaded, request);
  if (old.columns !== columns) throw widthMismatch(loaded.path, columns, old.columns);
  const { perCategory } = old;
  const story = { output: old.outputTensor, activation: old.activation, perCategory, featureColumns: perCategory ? rows * columns : columns };
  if (old.rows === rows) {
    return { ...story, mode: "replaced", pieces: assembleModel(loaded, replaceHead(loaded, old, weight, bias), request.writeCategories === true ? named : {}) };
  }
  if (perCategory) throw new CatwiseError("model.category-count", `Expected ${old.rows} categories, because every category of this model has features of its own; got ${rows}.`, { place: { file: loaded.path }, remedy: "Keep the model's categories." });
  const place = await logitsBefore(loaded, old);
  return { ...story, mode: "attached", pieces: assembleModel(loaded, attachHead(loaded, { ...place, float32: old.parts[0]!.weight.values.type === elementType.float32, rows, columns, weight, bias }).graph, named) };
}

/** Where a model answers with logits and with the probabilities made of them, the head goes behind the logits, or those would stay the old ones. */
async function logitsBefore(loaded: LoadedModel, head: TracedHead): Promise<TracedHead> {
  if (head.activation === "none") return head;
  for (const { name } of loaded.graph.output) {
    const other = await requireHead(loaded, { output: name }).catch(() => null);
    const sameLayer = other?.parts.every((part, index) => part.node === head.parts[index]?.node && part.scale.join() === head.parts[index].scale.join() && part.shift.join() === head.parts[index].shift.join());
    if (other?.activation === "none" && sameLayer === true && neededFor(loaded, [head.outputTensor]).names.has(name)) return other;
  }
  return head;
}

/** Copies the weight files that the new model still reads beside it. Throws output.exists when another file has the name. */
async function copyExternalFiles(loaded: LoadedModel, pieces: readonly Uint8Array[], out: string, copied: string[]): Promise<void> {
  const directory = dirname(resolve(out));
  if (directory === resolve(loaded.directory) || !loaded.graph.initializer.some(isExternal)) return;
  for (const location of new Set(loaded.graph.initializer.filter(isExternal).map(externalLocation))) {
    if (!pieces.some((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).includes(location))) continue;
    const [from, to] = [join(loaded.directory, location), join(directory, location)];
    const present = await sha256OfFile(to).catch(() => null);
    if (present !== null && present === (await sha256OfFile(from))) continue;
    if (present !== null) throw new CatwiseError("output.exists", "The model's weight file must be copied here, and another file has its name.", { place: { file: to }, remedy: "Choose an empty folder." });
    await mkdir(dirname(to), { recursive: true });
    await writeFileAtomically(to, (temporary) => copyFile(from, temporary));
    copied.push(to);
  }
}

interface Expectation {
  readonly pixels: Float32Array;
  readonly count: number;
  /** What the written model must answer, count x C. */
  readonly answers: Float64Array;
}

/** (Features of the original model) * W^T + b. The original's session is gone before the new model's begins: large models fit once, not twice. */
async function expectedAnswers(loaded: LoadedModel, changed: Change, request: WriteModelHeadRequest): Promise<Expectation> {
  const { head } = request;
  const backbone = await openFeatures(loaded, await featurePoint(loaded, request));
  try {
    if (backbone.columns !== changed.featureColumns) throw widthMismatch(request.model, changed.featureColumns, backbone.columns);
    const { pixels, count, features } = await probed(backbone, request.probe);
    const rows = head.bias.length;
    const answers = Float64Array.from({ length: count * rows }, (_, index) => {
      const category = index % rows;
      const first = Math.floor(index / rows) * backbone.columns + (changed.perCategory ? category * head.columns : 0);
      let score = head.bias[category]!;
      for (let column = 0; column < head.columns; column++) score += head.weight[category * head.columns + column]! * features[first + column]!;
      return changed.activation === "sigmoid" ? 1 / (1 + Math.exp(-score)) : score;
    });
    return { pixels, count, answers };
  } finally {
    await backbone.close();
  }
}

/** The features of the images to compare on. Networks that take logarithms or roots of pixels answer NaN to negative ones: then there are none. */
async function probed(backbone: Backbone, given: WriteModelHeadRequest["probe"]): Promise<{ pixels: Float32Array; count: number; features: Float32Array }> {
  const { pixels, count } = given ?? noise(backbone);
  const features = await backbone.run(pixels, count);
  if (given !== undefined || features.every(Number.isFinite)) return { pixels, count, features };
  const positive = pixels.map(Math.abs);
  return { pixels: positive, count, features: await backbone.run(positive, count) };
}

async function verify(path: string, changed: Change, { pixels, count, answers }: Expectation, out: string): Promise<number> {
  const classifier = await openClassifier(path, { output: changed.output });
  try {
    const { values } = await classifier.run(pixels, count);
    let largest = values.length === answers.length ? 0 : Infinity;
    answers.forEach((answer, index) => {
      const difference = Math.abs(values[index]! - answer) / Math.max(1, Math.abs(answer));
      largest = Math.max(largest, difference); // NaN stays NaN.
    });
    if (largest <= tolerance) return largest;
    throw new CatwiseError("output.verification", `The written model differs from its head by ${largest}, expected at most ${tolerance}; it was not kept.`, { place: { file: out }, remedy: "If the model computes in float16, export it as float32; otherwise please report this." });
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
