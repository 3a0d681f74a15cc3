/** Runs a model on image batches: cut before its head (features), or whole (logits or probabilities). */
import { CatwiseError } from "../../errors.ts";
import type { OwnFeatures } from "../files/index.ts";
import { elementType } from "./build.ts";
import { arrange, featureNodes, featurePoint } from "./feature-point.ts";
import type { FeaturePoint } from "./feature-point.ts";
import { cutModel, declaredShape, loadModel, neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { imageLayout, requireHead } from "./inspect-model.ts";
import type { HeadChoice } from "./inspect-model.ts";
import { freeName } from "./replace-head.ts";
import { openSession } from "./session.ts";
import type { Session } from "./session.ts";

/** The picture input of a network. */
export interface ModelInput {
  readonly name: string;
  readonly channels: number;
  /** null where the model takes any size. */
  readonly height: number | null;
  readonly width: number | null;
  readonly layout: "NCHW" | "NHWC";
}

/** A network up to the features its classification layer reads, ready to run. Close it when done. */
export interface Backbone {
  readonly input: ModelInput;
  /** Numbers per image: D, or C*D where every category has features of its own. */
  readonly columns: number;
  /** The categories that have features of their own, one behind the other, D = columns / count numbers each; null where all share the image's. */
  readonly perCategory: OwnFeatures | null;
  /**
   * `pixels` in the input's layout, images one after another (square where the model takes any size) -> count x columns
   * features. Throws usage.invalid-value for a wrong length, model.run-failed, model.spatial-head when the features of
   * an image are not `columns` numbers.
   */
  run(pixels: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A whole network, ready to run. Close it when done. */
export interface Classifier {
  readonly input: ModelInput;
  readonly categories: number;
  readonly activation: "none" | "sigmoid";
  /** As Backbone.run; values are count x C, logits where activation is "none", probabilities where it is "sigmoid". */
  run(pixels: Float32Array, count: number): Promise<{ values: Float32Array; activation: "none" | "sigmoid" }>;
  close(): Promise<void>;
}

/** How to open a network. */
export interface OpenOptions extends HeadChoice {
  /** Threads of the runtime; its own choice when absent. */
  readonly threads?: number;
}

/**
 * The part of a model before its head. `features` names the tensor to stop at, for a backbone without a head; otherwise
 * it is what the head reads. Throws the head's refusal, model.input-mismatch, model.run-failed, model.external-data.
 */
export async function openBackbone(path: string, options: OpenOptions & { readonly features?: string } = {}): Promise<Backbone> {
  const loaded = await loadModel(path);
  return openFeatures(loaded, await featurePoint(loaded, options), options.threads);
}

/** Opens the whole model, which answers with its classification output: logits or probabilities, as it says. Throws as openBackbone. */
export async function openClassifier(path: string, options: OpenOptions = {}): Promise<Classifier> {
  const loaded = await loadModel(path);
  const head = await requireHead(loaded, options);
  const input = imageInput(loaded, [head.outputTensor]);
  const session = await openSession(path, head.outputTensor, { threads: options.threads, file: path });
  const run = batchRunner(session, { path, input, batch: fixedBatch(loaded, input), columns: head.rows });
  return {
    input,
    categories: head.rows,
    activation: head.activation,
    run: async (pixels, count) => ({ values: await run(pixels, count), activation: head.activation }),
    close: () => session.close(),
  };
}

export async function openFeatures(loaded: LoadedModel, point: FeaturePoint, threads?: number): Promise<Backbone> {
  const tensors = point.sources.map((source) => source.tensor);
  const input = imageInput(loaded, tensors);
  // A model this program wrote has a tensor of that name already.
  const name = freeName(loaded, "catwise_features");
  const session = await openSession(cutModel(loaded, name, tensors, featureNodes(loaded, point.sources, name)), name, { threads, file: loaded.path });
  const given = { path: loaded.path, input, batch: fixedBatch(loaded, input) };
  try {
    const columns = point.columns ?? (await measureColumns(session, given));
    const run = batchRunner(session, { ...given, columns });
    const { arrangement } = point;
    if (arrangement === null) return { input, columns, perCategory: point.perCategory, run, close: () => session.close() };
    const arranged = async (pixels: Float32Array, count: number): Promise<Float32Array> => arrange(await run(pixels, count), count, columns, arrangement);
    return { input, columns: arrangement.offsets.length * arrangement.columns, perCategory: point.perCategory, run: arranged, close: () => session.close() };
  } catch (problem) {
    await session.close();
    throw problem;
  }
}

/** Lets a black image through to see how many features come out; a free size is taken as 224. */
async function measureColumns(session: Session, { path, input, batch }: Omit<Given, "columns">): Promise<number> {
  const images = batch ?? 1;
  const data = new Float32Array(images * input.channels * (input.height ?? 224) * (input.width ?? 224));
  const { shape } = await session.run({ name: input.name, shape: inputShape(input, data.length / images, images), data });
  const long = shape.slice(1).filter((length) => length !== 1);
  if (shape.length < 2 || shape[0] !== images || long.length > 1) throw new CatwiseError("model.spatial-head", `Expected one list of features per image, got shape [${shape.join(", ")}].`, { place: { file: path }, remedy: "Name a tensor behind the pooling." });
  return long[0] ?? 1;
}

/** What a run needs to know of the model; not the model itself, whose bytes need not stay in memory while the runtime holds its own. */
interface Given {
  readonly path: string;
  readonly input: ModelInput;
  /** The batch the model is fixed to: fewer images are filled up with black ones, more are run one batch after another. null when free. */
  readonly batch: number | null;
  readonly columns: number;
}

function batchRunner(session: Session, { path, input, batch, columns }: Given): (pixels: Float32Array, count: number) => Promise<Float32Array> {
  // Exporters that trace one image may write the one into a shape inside and still declare the batch free: then one by one works.
  let free = batch === null;
  return async (pixels, count) => {
    if (!Number.isInteger(count) || count < 1 || pixels.length % count !== 0) throw new CatwiseError("usage.invalid-value", `pixels: expected ${count} images of equal size, got ${pixels.length} numbers.`);
    const perImage = pixels.length / count;
    const inSteps = async (step: number): Promise<Float32Array> => {
      const answers = new Float32Array(count * columns);
      for (let first = 0; first < count; first += step) {
        const some = Math.min(step, count - first);
        const given = pixels.subarray(first * perImage, (first + some) * perImage);
        const data = some === step ? given : new Float32Array(step * perImage);
        if (data !== given) data.set(given);
        const { data: values, shape } = await session.run({ name: input.name, shape: inputShape(input, perImage, step), data });
        if (values.length !== step * columns)
          throw new CatwiseError("model.spatial-head", `Expected ${columns} numbers per image, got shape [${shape.join(", ")}].`, { place: { file: path }, remedy: "Export the model so that pooling comes before the last layer." });
        answers.set(values.subarray(0, some * columns), first * columns);
      }
      return answers;
    };
    if (!free) return inSteps(batch ?? 1);
    try {
      return await inSteps(count);
    } catch (problem) {
      if (count === 1 || !(problem instanceof CatwiseError) || problem.code !== "model.run-failed") throw problem;
      const answers = await inSteps(1).catch(() => {
        throw problem;
      });
      free = false;
      return answers;
    }
  };
}

function inputShape(input: ModelInput, perImage: number, count: number): number[] {
  const area = perImage / input.channels;
  const height = input.height ?? (input.width === null ? Math.sqrt(area) : area / input.width);
  const width = input.width ?? area / height;
  if (!Number.isInteger(height) || !Number.isInteger(width) || height * width * input.channels !== perImage)
    throw new CatwiseError("usage.invalid-value", `pixels: expected ${input.channels} x ${input.height ?? "any"} x ${input.width ?? "any"} numbers per image, got ${perImage}.`);
  return input.layout === "NCHW" ? [count, input.channels, height, width] : [count, height, width, input.channels];
}

/** The one image input that the tensors are computed from. Throws model.input-mismatch when there is not exactly one. */
function imageInput(loaded: LoadedModel, tensors: readonly string[]): ModelInput {
  const { names } = neededFor(loaded, tensors);
  const inputs = loaded.inputs.filter((input) => names.has(input.name));
  const shape = declaredShape(inputs[0]);
  const layout = imageLayout(shape);
  const type = inputs[0]?.type?.tensorType?.elemType;
  if (inputs.length !== 1 || layout === null || shape === null || type !== elementType.float32)
    throw new CatwiseError("model.input-mismatch", `Expected one float32 input [N, 3, H, W] or [N, H, W, 3], found ${inputs.map((input) => `"${input.name}" [${(declaredShape(input) ?? ["?"]).map((length) => length ?? "?").join(", ")}] of element type ${input.type?.tensorType?.elemType ?? "?"}`).join(" and ") || "none"}.`, { place: { file: loaded.path }, remedy: "Export the model with one float32 image input of declared shape." });
  const [height, width, channels] = layout === "NCHW" ? [shape[2], shape[3], shape[1]] : [shape[1], shape[2], shape[3]];
  return { name: inputs[0]!.name, channels: channels ?? 3, height: height ?? null, width: width ?? null, layout };
}

function declared(loaded: LoadedModel, input: ModelInput): LoadedModel["inputs"][number] | undefined {
  return loaded.inputs.find((one) => one.name === input.name);
}

function fixedBatch(loaded: LoadedModel, input: ModelInput): number | null {
  return declaredShape(declared(loaded, input))?.[0] ?? null;
}
