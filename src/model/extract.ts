/** Pictures to features, batch by batch, in this thread: the next batch is decoded while the model works on this one. Many pictures go through lanes/ instead. */
import { CatwiseError, expected } from "../errors.ts";
import { decodeImage } from "./images/decode-image.ts";
import type { DecodeFailure, SkipReason } from "./images/decode-image.ts";
import { channelCount, pixelsPerImage } from "./images/preprocessing.ts";
import type { Preprocessing } from "./images/preprocessing.ts";

/** What extraction needs of a model: pixels to features (count x columns). */
export interface PixelRunner {
  readonly columns: number;
  /** How the model lays pixels out; channels first (CHW) unless told. */
  readonly input?: { readonly layout: "NCHW" | "NHWC" };
  run(pixels: Float32Array, count: number): Promise<Float32Array>;
}

/** A picture that has no features, and why. */
export interface SkippedImage {
  readonly id: string;
  readonly reason: SkipReason;
  readonly detail: string;
}

/** Features of some of the pictures. */
export interface FeatureBatch {
  /** Ids of the rows, in the order of the list; images that could not be read have no row. */
  readonly ids: readonly string[];
  /** ids.length x columns, row-major. */
  readonly features: Float32Array;
  readonly skipped: readonly SkippedImage[];
}

/** A picture by id and path. */
export interface ListedPicture {
  readonly id: string;
  readonly path: string;
}

/** Pictures to run through a backbone. */
export interface ExtractRequest {
  readonly images: readonly ListedPicture[];
  readonly preprocessing: Preprocessing;
  readonly backbone: PixelRunner;
  /** Pictures run through the model at once; 32 unless told. */
  readonly batchSize?: number;
}

export interface DecodedBatch {
  readonly ids: string[];
  readonly pixels: Float32Array;
  readonly skipped: SkippedImage[];
}

/**
 * Yields the features of all images in list order; a row does not depend on which others share its batch beyond what the model's
 * own arithmetic does. A bad picture is skipped and named, never thrown. Errors: usage.invalid-value (batchSize); model.run-failed
 * when the model answers with another number of features; whatever the model itself throws.
 */
export async function* extractFeatures(request: ExtractRequest): AsyncGenerator<FeatureBatch, void, void> {
  const { images, preprocessing, batchSize = 32 } = request;
  if (!Number.isInteger(batchSize) || batchSize < 1) throw expected("batchSize", "a whole number of at least 1", batchSize);
  const decodeFrom = (first: number): Promise<DecodedBatch> | null =>
    first < images.length ? decodeBatch(images.slice(first, first + batchSize), preprocessing) : null;
  let coming = decodeFrom(0);
  for (let first = 0; coming !== null; first += batchSize) {
    const decoded = await coming;
    coming = decodeFrom(first + batchSize);
    try {
      yield await runBatch(decoded, request);
    } finally {
      // Whoever stops early leaves no decoding behind that could fail with nobody listening.
      if (coming !== null) await coming.catch(() => null);
    }
  }
}

/** The features of one picture given as bytes; why it cannot be used where it is none. Errors: as runBatch. */
export async function pictureFeatures(bytes: Uint8Array, model: Pick<ExtractRequest, "backbone" | "preprocessing">): Promise<Float32Array | DecodeFailure> {
  const pixels = new Float32Array(pixelsPerImage(model.preprocessing));
  const failure = await decodeImage(bytes, model.preprocessing, pixels);
  return failure ?? (await runBatch({ ids: [""], pixels, skipped: [] }, model)).features;
}

/** The features of a batch. Errors: model.run-failed when the model answers with another number of them; whatever the model itself throws. */
export async function runBatch({ ids, pixels, skipped }: DecodedBatch, { backbone, preprocessing }: Pick<ExtractRequest, "backbone" | "preprocessing">): Promise<FeatureBatch> {
  const features = ids.length === 0 ? new Float32Array(0) : await backbone.run(laidOut(pixels, { backbone, preprocessing }), ids.length);
  requireCount(features, ids.length, backbone.columns);
  return { ids, features, skipped };
}

/** Decodes a batch side by side, then closes the gaps that skipped pictures left. */
export async function decodeBatch(images: ExtractRequest["images"], preprocessing: Preprocessing): Promise<DecodedBatch> {
  const size = pixelsPerImage(preprocessing);
  const pixels = new Float32Array(images.length * size);
  const failures = await Promise.all(images.map((image, index) => decodeImage(image.path, preprocessing, pixels, index * size)));
  const ids: string[] = [];
  const skipped: SkippedImage[] = [];
  for (const [index, image] of images.entries()) {
    const failure = failures[index];
    if (failure) {
      skipped.push({ id: image.id, ...failure });
      continue;
    }
    if (ids.length < index) pixels.copyWithin(ids.length * size, index * size, (index + 1) * size);
    ids.push(image.id);
  }
  return { ids, pixels: pixels.subarray(0, ids.length * size), skipped };
}

/** Decoding gives planes; a model that wants pixels with their channels side by side (TensorFlow's habit) gets them so. */
function laidOut(pixels: Float32Array, { backbone, preprocessing }: Pick<ExtractRequest, "backbone" | "preprocessing">): Float32Array {
  const channels = channelCount(preprocessing);
  if (backbone.input?.layout !== "NHWC" || channels === 1) return pixels;
  const plane = preprocessing.width * preprocessing.height;
  const turned = new Float32Array(pixels.length);
  for (let first = 0; first < pixels.length; first += channels * plane) {
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < plane; at++) turned[first + at * channels + channel] = pixels[first + channel * plane + at] ?? 0;
    }
  }
  return turned;
}

function requireCount(features: Float32Array, rows: number, columns: number): void {
  if (features.length === rows * columns) return;
  throw new CatwiseError("model.run-failed", `expected ${rows} x ${columns} features from the model, got ${features.length} numbers.`);
}
