/**
 * Reads HuggingFace's preprocessor_config.json (keys of transformers' image processors, documented at
 * huggingface.co/docs/transformers, "Image processor"): do_resize, size, resample, do_center_crop, crop_size, crop_pct, do_rescale,
 * rescale_factor, do_normalize, image_mean, image_std; and what single families of processors add: do_flip_channel_order (MobileViT,
 * which feeds blue first and does not normalise), rescale_offset and include_top (EfficientNet: 1 is subtracted after the factor; the
 * spread is divided out twice), a crop_pct that counts only below 384 pixels (ConvNeXT). Other keys are left alone: the file serves
 * many readers.
 */
import { isRecord, preprocessingError } from "./preprocessing.ts";
import type { Interpolation, Preprocessing, Triple } from "./preprocessing.ts";

/** PIL's numbers of resampling filters; box and hamming have no twin here and are refused. */
const resampleNumbers: Readonly<Record<number, Interpolation>> = { 0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic" };

const noMean: Triple = [0, 0, 0];
const noStd: Triple = [1, 1, 1];
/** From this size on ConvNeXT's processor squashes instead of cutting. */
const convNextWhole = 384;

interface Size {
  readonly height: number;
  readonly width: number;
  /** The size names the shortest edge only, so the shape is kept. */
  readonly shortestEdge: boolean;
}

/** The preprocessing a HuggingFace description asks for; what it leaves out comes from `assumed`. Errors: images.preprocessing. */
export function huggingFacePreprocessing(content: Record<string, unknown>, assumed: Preprocessing, file: string): Preprocessing {
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = content[key] ?? otherwise;
    if (typeof value !== "boolean") throw preprocessingError(file, key, "true or false", value);
    return value;
  };
  const cropSize = flag("do_center_crop", content["crop_size"] !== undefined) ? readSize(content["crop_size"], "crop_size", false, file) : null;
  const size = flag("do_resize", true) ? readSize(content["size"], "size", cropSize !== null && !isSquare(content), file) : null;
  const rescale = flag("do_rescale", true) ? readNumber(content["rescale_factor"], "rescale_factor", 1 / 255, file) : 1;
  const flipped = flag("do_flip_channel_order", false);
  const normalise = flag("do_normalize", !flipped || content["image_mean"] !== undefined);
  const offset = flag("rescale_offset", false) ? 1 : 0;
  const spreads = flag("include_top", false) ? 2 : 1;
  const mean = normalise ? readTriple(content["image_mean"], "image_mean", assumed.mean, file) : noMean;
  const std = normalise ? readTriple(content["image_std"], "image_std", assumed.std, file) : noStd;
  return {
    ...assumed,
    ...geometry(size, cropSize, content["crop_pct"], assumed, file),
    scale: rescale,
    mean: [mean[0] + offset, mean[1] + offset, mean[2] + offset],
    std: [std[0] ** spreads, std[1] ** spreads, std[2] ** spreads],
    channelOrder: flipped ? "bgr" : assumed.channelOrder,
    interpolation: readResample(content["resample"], file),
  };
}

function geometry(
  size: Size | null,
  cropSize: Size | null,
  cropPct: unknown,
  assumed: Preprocessing,
  file: string,
): Pick<Preprocessing, "width" | "height" | "resize" | "cropPct"> {
  const final = cropSize ?? size ?? assumed;
  const { width, height } = final;
  if (size === null || (!size.shortestEdge && cropSize === null)) return { width, height, resize: "squash", cropPct: 1 };
  if (cropSize === null) {
    const share = readNumber(cropPct, "crop_pct", 1, file);
    if (cropPct !== undefined && Math.min(width, height) >= convNextWhole) return { width, height, resize: "squash", cropPct: 1 };
    if (!(share > 0 && share <= 1)) throw preprocessingError(file, "crop_pct", "a number in (0, 1]", cropPct);
    return { width, height, resize: "shortest-edge", cropPct: share };
  }
  const share = Math.min(width, height) / Math.min(size.width, size.height);
  if (share > 1) throw preprocessingError(file, "crop_size", "a size no larger than `size`", cropSize);
  return { width, height, resize: size.shortestEdge ? "shortest-edge" : share < 1 ? "squash-crop" : "squash", cropPct: share };
}

/** A bare number as size is the shortest edge to most processors that cut the centre out, and both sides to these. */
function isSquare(content: Record<string, unknown>): boolean {
  const kind = content["image_processor_type"] ?? content["feature_extractor_type"];
  return typeof kind === "string" && /^(?:DeiT|Beit)/.test(kind);
}

function readSize(value: unknown, field: string, numberIsShortestEdge: boolean, file: string): Size | null {
  if (value === undefined || value === null) return null;
  if (isPositiveInteger(value)) return { height: value, width: value, shortestEdge: numberIsShortestEdge };
  if (isRecord(value)) {
    const { height, width, shortest_edge: edge } = value;
    if (isPositiveInteger(height) && isPositiveInteger(width)) return { height, width, shortestEdge: false };
    if (isPositiveInteger(edge)) return { height: edge, width: edge, shortestEdge: true };
  }
  throw preprocessingError(file, field, "a whole number, {height, width} or {shortest_edge}", value);
}

function readNumber(value: unknown, field: string, otherwise: number, file: string): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "number" || !Number.isFinite(value)) throw preprocessingError(file, field, "a number", value);
  return value;
}

function readTriple(value: unknown, field: string, otherwise: Triple, file: string): Triple {
  if (value === undefined || value === null) return otherwise;
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  const [first, second = first, third = first] = entries;
  const plausible = entries.length === 1 || entries.length === 3;
  if (!plausible || !isFiniteNumber(first) || !isFiniteNumber(second) || !isFiniteNumber(third)) throw preprocessingError(file, field, "one or three numbers", value);
  return [first, second, third];
}

function readResample(value: unknown, file: string): Interpolation {
  if (value === undefined || value === null) return "bilinear";
  const known = typeof value === "number" ? resampleNumbers[value] : undefined;
  if (known === undefined) throw preprocessingError(file, "resample", "0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic)", value);
  return known;
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
