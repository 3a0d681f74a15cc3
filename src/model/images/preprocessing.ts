/**
 * How a picture becomes the numbers a model was trained on.
 *
 * value = (pixel * scale - mean) / std per channel, planes one after another (CHW). A model file does not say which numbers it
 * wants, so they come from, in this order: explicit options, `catwise.json` beside the model, HuggingFace's
 * `preprocessor_config.json` beside the model, ImageNet's usual numbers (and then the description says that they were assumed).
 */
import { CatwiseError } from "../../errors.ts";

/** The ways of bringing a picture to the input's size, explained at Preprocessing. */
export const resizeModes = ["squash", "squash-crop", "shortest-edge", "letterbox"] as const;
/** The orders of colours a network may expect. */
export const channelOrders = ["rgb", "bgr", "grey"] as const;
/** The ways of computing pixels between pixels, each as PIL does it. */
export const interpolations = ["nearest", "bilinear", "bicubic", "lanczos"] as const;

/** One of `resizeModes`. */
export type ResizeMode = (typeof resizeModes)[number];
/** One of `channelOrders`. */
export type ChannelOrder = (typeof channelOrders)[number];
/** One of `interpolations`. */
export type Interpolation = (typeof interpolations)[number];
/** A number for each of red, green and blue, in the order of the channels. */
export type Triple = readonly [number, number, number];

/** How a picture becomes the numbers a network reads. */
export interface Preprocessing {
  /** Size of the model's input, pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * squash: both sides to the input's size, shape not kept. squash-crop: both sides to (width, height) / cropPct, shape not kept, then
   * the centre is cut out (DeiT's custom). shortest-edge: scaled until it covers (width, height) / cropPct, then
   * the centre is cut out (torchvision's Resize + CenterCrop). letterbox: scaled to fit inside, the rest black.
   */
  readonly resize: ResizeMode;
  /** shortest-edge and squash-crop only: input size divided by the size resized to, in (0, 1]; 224 / 256 = 0.875 is the custom. */
  readonly cropPct: number;
  /** In the order of channelOrder; grey uses the first. After `scale`. */
  readonly mean: Triple;
  readonly std: Triple;
  /** Multiplies 0..255 first; 1/255 gives 0..1. */
  readonly scale: number;
  readonly channelOrder: ChannelOrder;
  readonly interpolation: Interpolation;
}

export const imagenetMean: Triple = [0.485, 0.456, 0.406];
export const imagenetStd: Triple = [0.229, 0.224, 0.225];

/** What is assumed of a model that comes with no description: torchvision's evaluation transform of ImageNet classifiers. */
export function imagenetPreprocessing(width: number, height: number): Preprocessing {
  return {
    width,
    height,
    resize: "shortest-edge",
    cropPct: 0.875,
    mean: imagenetMean,
    std: imagenetStd,
    scale: 1 / 255,
    channelOrder: "rgb",
    interpolation: "bilinear",
  };
}

/** Planes per picture: 1 for grey, else 3. */
export function channelCount(preprocessing: Preprocessing): number {
  return preprocessing.channelOrder === "grey" ? 1 : 3;
}

/** Numbers per picture: channels * height * width. */
export function pixelsPerImage(preprocessing: Preprocessing): number {
  return channelCount(preprocessing) * preprocessing.width * preprocessing.height;
}

/** One line for people: "224x224, shortest edge then centre crop 0.875, rgb, (x/255 - mean) / std, ...". */
export function describePreprocessing(preprocessing: Preprocessing): string {
  const { width, height, resize, cropPct, mean, std, scale, channelOrder, interpolation } = preprocessing;
  const shape = { squash: "squashed", "squash-crop": `squashed and centre crop ${shown(cropPct)}`, "shortest-edge": `shortest edge and centre crop ${shown(cropPct)}`, letterbox: "letterboxed on black" }[resize];
  const factor = Math.abs(scale * 255 - 1) < 1e-9 ? "pixel/255" : `pixel*${shown(scale)}`;
  return `${width}x${height}, ${shape}, ${interpolation}, ${channelOrder}, (${factor} - [${mean.map(shown).join(", ")}]) / [${std.map(shown).join(", ")}]`;
}

/** Returns the description itself when every field obeys its domain; else images.preprocessing naming the field (and file). */
export function checkPreprocessing(preprocessing: Preprocessing, file?: string): Preprocessing {
  const refuse = (field: string, rule: string, got: unknown): never => {
    throw preprocessingError(file, field, rule, got);
  };
  for (const field of ["width", "height"] as const) {
    const value = preprocessing[field];
    if (!Number.isInteger(value) || value < 1 || value > 8192) refuse(field, "a whole number from 1 to 8192", value);
  }
  for (const field of ["mean", "std"] as const) {
    const value: readonly unknown[] = preprocessing[field];
    if (!Array.isArray(value) || value.length !== 3 || !value.every((entry) => Number.isFinite(entry))) refuse(field, "three numbers", value);
    if (field === "std" && value.some((entry) => !(Number(entry) > 0))) refuse(field, "three numbers above 0", value);
  }
  const { scale, cropPct, resize, channelOrder, interpolation } = preprocessing;
  if (!Number.isFinite(scale) || scale <= 0) refuse("scale", "a number above 0", scale);
  if (!(cropPct > 0 && cropPct <= 1)) refuse("cropPct", "a number in (0, 1]", cropPct);
  if (!resizeModes.includes(resize)) refuse("resize", `one of ${resizeModes.join(", ")}`, resize);
  if (!channelOrders.includes(channelOrder)) refuse("channelOrder", `one of ${channelOrders.join(", ")}`, channelOrder);
  if (!interpolations.includes(interpolation)) refuse("interpolation", `one of ${interpolations.join(", ")}`, interpolation);
  return preprocessing;
}

export function preprocessingError(file: string | undefined, field: string, rule: string, got: unknown): CatwiseError {
  return new CatwiseError("images.preprocessing", `expected ${rule}, got ${JSON.stringify(got) ?? "nothing"}.`, {
    place: file === undefined ? { field } : { file, field },
    remedy: "Correct the field, or state the preprocessing with options.",
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
