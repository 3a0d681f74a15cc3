/** What an ONNX model is and where its classification layer lies, without running it on an image. */
import { CatwiseError } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import { categoriesInMetadata } from "./category-names.ts";
import { declaredShape, loadModel, neededFor } from "./graph.ts";
import type { LoadedModel } from "./graph.ts";
import { foldedPart } from "./linear-layer.ts";
import type { LinearKind } from "./layer-form.ts";
import { Refusal, describeNode } from "./refusal.ts";
import { traceHead } from "./trace-head.ts";
import type { TracedHead } from "./traced-head.ts";

/** An input or output of the model. */
export interface InspectedTensor {
  readonly name: string;
  /** null where a length is free or undeclared; null as a whole when no shape is declared. */
  readonly shape: readonly (number | null)[] | null;
  /** For inputs that can be images. */
  readonly layout: "NCHW" | "NHWC" | null;
}

/** The classification layer that was found. */
export interface InspectedHead {
  readonly node: string;
  readonly kind: LinearKind | "concat";
  /** The (first) weight and bias tensor. */
  readonly weight: string;
  readonly bias: string | null;
  readonly transposed: boolean;
  readonly categories: number;
  readonly columns: number;
  readonly activation: "none" | "sigmoid";
  /** The constant scale behind the layer that is folded in, per category; null when there is none. */
  readonly foldedScale: readonly number[] | null;
  readonly featureTensor: string;
  readonly outputTensor: string;
  /** The features are the mean of the feature tensor over the image (the model pools behind its last convolution). */
  readonly pooledBehind: boolean;
  /** Not all categories read the same features: N x C x D, zeros behind those of a category that reads fewer. */
  readonly perCategoryFeatures: boolean;
  readonly categoryNames: readonly string[] | null;
}

/** What a model file holds, and its classification layer or why there is none (exactly one of head and refusal is null). */
export interface ModelInspection {
  readonly inputs: readonly InspectedTensor[];
  readonly outputs: readonly InspectedTensor[];
  readonly opset: number;
  readonly producer: string;
  readonly head: InspectedHead | null;
  readonly refusal: { readonly code: ErrorCode; readonly found: string; readonly remedy: string } | null;
}

/** Which layer is meant where several could be. */
export interface HeadChoice {
  /** The model output that the head leads to; needed only when several layers could be the classification layer. */
  readonly output?: string;
}

/**
 * Inspects a model file. A model without a usable head is no error: `head` is null and `refusal` says why.
 * Throws file.* and model.unreadable / model.external-data for broken files, usage.invalid-value for an unknown output.
 */
export async function inspectModel(path: string, choice: HeadChoice = {}): Promise<ModelInspection> {
  const loaded = await loadModel(path);
  const { model, graph } = loaded;
  const found = await chooseHead(loaded, choice).catch((problem: unknown) => {
    if (problem instanceof Refusal) return problem;
    throw problem;
  });
  const version = model.opsetImport.find((one) => one.domain === "" || one.domain === "ai.onnx")?.version ?? 0n;
  return {
    inputs: loaded.inputs.map((input) => inspected(input.name, declaredShape(input), true)),
    outputs: graph.output.map((output) => inspected(output.name, declaredShape(output), false)),
    opset: Number(version),
    producer: [model.producerName, model.producerVersion].filter((word) => word !== "").join(" "),
    head: found instanceof Refusal ? null : describeHead(loaded, found),
    refusal: found instanceof Refusal ? { code: found.code, found: found.found, remedy: found.remedy } : null,
  };
}

/**
 * The weight (C x D) and bias of the classification layer, constant scales folded in, float32. `categories` are the
 * names in the model's metadata, or null. Throws the refusal of inspectModel as an error.
 */
export async function readModelHead(path: string, choice: HeadChoice = {}): Promise<{ categories: string[] | null; columns: number; weight: Float32Array; bias: Float32Array; activation: "none" | "sigmoid" }> {
  const loaded = await loadModel(path);
  const head = await requireHead(loaded, choice);
  const weight = new Float32Array(head.rows * head.columns);
  const bias = new Float32Array(head.rows);
  let row = 0;
  for (const part of head.parts) {
    const folded = foldedPart(part);
    // A part narrower than the widest leaves zeros behind its numbers, as its features do.
    for (let one = 0; one < part.rows; one++) weight.set(folded.weight.subarray(one * part.columns, (one + 1) * part.columns), (row + one) * head.columns);
    bias.set(folded.bias, row);
    row += part.rows;
  }
  if (!weight.every(Number.isFinite) || !bias.every(Number.isFinite)) throw new CatwiseError("head.not-finite", "The model's last layer holds NaN or infinite weights.", { place: { file: path }, remedy: "Train or export the model again." });
  return { categories: categoriesInMetadata(loaded.model.metadataProps, head.rows), columns: head.columns, weight, bias, activation: head.activation };
}

/** The head of a loaded model; its refusal as a CatwiseError. */
export async function requireHead(loaded: LoadedModel, choice: HeadChoice): Promise<TracedHead> {
  try {
    return await chooseHead(loaded, choice);
  } catch (problem) {
    throw problem instanceof Refusal ? problem.asError(loaded.path) : problem;
  }
}

/** Throws Refusal. Outputs that only lead to what a head reads (features beside logits) do not make it ambiguous. */
async function chooseHead(loaded: LoadedModel, choice: HeadChoice): Promise<TracedHead> {
  const names = loaded.graph.output.map((output) => output.name);
  if (choice.output !== undefined) {
    if (!names.includes(choice.output)) throw new CatwiseError("usage.invalid-value", `output: expected one of ${names.join(", ")}, got "${choice.output}".`, { place: { file: loaded.path } });
    return traceHead(loaded, choice.output);
  }
  const heads: TracedHead[] = [];
  const refusals: Refusal[] = [];
  for (const name of names) {
    try {
      heads.push(await traceHead(loaded, name));
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      refusals.push(problem);
    }
  }
  const last = heads.filter((head) => !heads.some((other) => other !== head && neededFor(loaded, other.parts.map((part) => part.featureTensor)).names.has(head.outputTensor)));
  // Logits before the probabilities made of them, in whichever order the model declares them.
  const first = last.find((head) => head.activation === "none" && head.parts[0]!.node === last[0]?.parts[0]!.node) ?? last[0];
  if (first === undefined) throw refusals.find((refusal) => refusal.code !== "model.no-linear-head") ?? refusals[0]!;
  const others = last.filter((head) => head.parts[0]!.node !== first.parts[0]!.node);
  if (others.length > 0)
    throw new Refusal("model.ambiguous-head", [first, ...others].map((head) => `${describeNode(loaded, head.parts[0]!.node)} (output "${head.outputTensor}")`).join(" and "), "Name the output that holds the categories with the option output.");
  return first;
}

function describeHead(loaded: LoadedModel, head: TracedHead): InspectedHead {
  const part = head.parts[0]!;
  const scales = head.parts.flatMap((one) => one.scale.map((value) => value * one.weight.gain));
  return {
    node: describeNode(loaded, part.node),
    kind: head.parts.length > 1 ? "concat" : part.kind,
    weight: part.weight.tensor,
    bias: part.bias?.tensor ?? null,
    transposed: part.transposed,
    categories: head.rows,
    columns: head.columns,
    activation: head.activation,
    foldedScale: scales.every((value) => value === 1) ? null : scales,
    featureTensor: head.featureTensor,
    outputTensor: head.outputTensor,
    pooledBehind: head.pooledBehind,
    perCategoryFeatures: head.perCategory,
    categoryNames: categoriesInMetadata(loaded.model.metadataProps, head.rows),
  };
}

function inspected(name: string, shape: (number | null)[] | null, isInput: boolean): InspectedTensor {
  return { name, shape, layout: isInput ? imageLayout(shape) : null };
}

/** NCHW when the second dimension is 1 or 3, NHWC when the last one is; null for what cannot be an image batch. */
export function imageLayout(shape: readonly (number | null)[] | null): "NCHW" | "NHWC" | null {
  if (shape === null || shape.length !== 4) return null;
  if (isColour(shape[1])) return "NCHW";
  return isColour(shape[3]) ? "NHWC" : null;
}

function isColour(length: number | null | undefined): boolean {
  return length === 1 || length === 3;
}
