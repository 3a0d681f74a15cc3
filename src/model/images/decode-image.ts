/**
 * One picture file to the numbers of a model's input, with sharp (libvips); the only file of this room that loads it.
 *
 * EXIF orientation is applied; grey, palette, CMYK and 16-bit pictures become 8-bit RGB; transparency is laid on black; colour
 * profiles are ignored and the first frame of an animation is taken, as PIL does, which most models were trained through.
 * Against PIL's bilinear filter computed from its definition, 40 COCO photographs of about 300 x 224 pixels differed by 0.05 of 255
 * levels on average when squashed to 224 x 224 (at most 7), and by 0.22 at 128 x 128 (at most 15).
 * Drawings (SVG) and anything libvips cannot read are not images here.
 */
import { open } from "node:fs/promises";
import type sharpModule from "sharp";
import { expected } from "../../errors.ts";
import type { Interpolation, Preprocessing } from "./preprocessing.ts";
import { channelCount, pixelsPerImage } from "./preprocessing.ts";

export type SkipReason = "broken" | "too-large" | "empty" | "not-an-image";

export interface DecodeFailure {
  readonly reason: SkipReason;
  readonly detail: string;
}

/** A small file can claim to be huge (a pixel bomb); beyond this many pixels it is not opened. */
export const pixelLimit = 100_000_000;

/**
 * Decodes, orients, resizes and normalises the file into out[offset ...] (CHW, pixelsPerImage(preprocessing) numbers).
 * Returns null when done, else why the picture must be skipped; nothing is thrown for a bad picture, and `out` then holds
 * nothing useful there. Throws usage.invalid-value when `out` is too short.
 */
export async function decodeImage(path: string, preprocessing: Preprocessing, out: Float32Array, offset = 0): Promise<DecodeFailure | null> {
  const needed = pixelsPerImage(preprocessing);
  if (offset < 0 || offset + needed > out.length) throw expected("out", `room for ${needed} numbers from ${offset}`, out.length);
  const door = await checkFile(path);
  if (door !== null) return door;
  const sharp = await loadSharp();
  const options = { limitInputPixels: pixelLimit, failOn: "error", ignoreIcc: true } as const;
  let size: { width: number; height: number };
  try {
    const metadata = await sharp(path, options).metadata();
    if (metadata.format === "svg") return { reason: "not-an-image", detail: "a drawing (SVG), not a picture" };
    size = metadata.autoOrient;
    if (metadata.width * metadata.height > pixelLimit) return tooLarge(`${metadata.width}x${metadata.height} pixels`);
  } catch (error) {
    return explain(error, "header");
  }
  try {
    const plan = planResize(size, preprocessing);
    let image = sharp(path, options)
      .autoOrient()
      .flatten({ background: { r: 0, g: 0, b: 0 } })
      .toColourspace("srgb")
      .resize(plan.width, plan.height, { fit: "fill", kernel: kernelOf[preprocessing.interpolation], fastShrinkOnLoad: false });
    if (plan.crop !== null) image = image.extract(plan.crop);
    if (plan.extend !== null) image = image.extend({ ...plan.extend, background: { r: 0, g: 0, b: 0 } });
    const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    normalise(data, info.channels, preprocessing, out, offset);
    return null;
  } catch (error) {
    return explain(error, "pixels");
  }
}

const kernelOf = { nearest: "nearest", bilinear: "linear", bicubic: "cubic", lanczos: "lanczos3" } as const satisfies Record<Interpolation, string>;

interface ResizePlan {
  readonly width: number;
  readonly height: number;
  readonly crop: { left: number; top: number; width: number; height: number } | null;
  readonly extend: { left: number; right: number; top: number; bottom: number } | null;
}

/** Sizes as torchvision reckons them: the long side truncated, the crop's corner rounded. */
export function planResize(size: { width: number; height: number }, preprocessing: Preprocessing): ResizePlan {
  const { width, height, resize, cropPct } = preprocessing;
  if (resize === "squash") return { width, height, crop: null, extend: null };
  const across = size.width / width;
  const down = size.height / height;
  if (resize === "letterbox") {
    const inside = {
      width: across >= down ? width : Math.max(1, Math.round(size.width / down)),
      height: across >= down ? Math.max(1, Math.round(size.height / across)) : height,
    };
    const left = Math.floor((width - inside.width) / 2);
    const top = Math.floor((height - inside.height) / 2);
    return { ...inside, crop: null, extend: { left, right: width - inside.width - left, top, bottom: height - inside.height - top } };
  }
  const covering =
    across <= down
      ? { width: Math.round(width / cropPct), height: Math.max(height, Math.trunc((Math.round(width / cropPct) * size.height) / size.width)) }
      : { width: Math.max(width, Math.trunc((Math.round(height / cropPct) * size.width) / size.height)), height: Math.round(height / cropPct) };
  const crop = { left: roundHalfEven((covering.width - width) / 2), top: roundHalfEven((covering.height - height) / 2), width, height };
  return { ...covering, crop, extend: null };
}

/** Python's round: halves go to the even neighbour; torchvision's centre crop uses it. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

function normalise(data: Uint8Array, stride: number, preprocessing: Preprocessing, out: Float32Array, offset: number): void {
  const { mean, std, scale, channelOrder, width, height } = preprocessing;
  const plane = width * height;
  const blueFirst = channelOrder === "bgr";
  for (let channel = 0; channel < channelCount(preprocessing); channel++) {
    const centre = mean[channel] ?? 0;
    const spread = std[channel] ?? 1;
    const table = Float32Array.from({ length: 256 }, (_, value) => (value * scale - centre) / spread);
    const target = offset + channel * plane;
    if (channelOrder === "grey") {
      // ITU-R 601 weights, as PIL's convert("L").
      for (let pixel = 0, at = 0; pixel < plane; pixel++, at += stride) {
        const grey = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
        out[target + pixel] = table[Math.round(grey)] ?? 0;
      }
      continue;
    }
    const first = blueFirst ? 2 - channel : channel;
    for (let pixel = 0, at = first; pixel < plane; pixel++, at += stride) out[target + pixel] = table[data[at] ?? 0] ?? 0;
  }
}

async function checkFile(path: string): Promise<DecodeFailure | null> {
  try {
    const file = await open(path, "r");
    try {
      const about = await file.stat();
      if (!about.isFile()) return { reason: "not-an-image", detail: "not a file" };
      return about.size === 0 ? { reason: "empty", detail: "the file has no bytes" } : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    return { reason: "broken", detail: oneLine(error) };
  }
}

function explain(error: unknown, stage: "header" | "pixels"): DecodeFailure {
  const detail = oneLine(error);
  if (/pixel limit/i.test(detail)) return tooLarge(detail);
  if (/unsupported image format/i.test(detail)) return { reason: "not-an-image", detail: "no image format that is known begins like this" };
  return { reason: "broken", detail: `${stage}: ${detail}` };
}

function tooLarge(detail: string): DecodeFailure {
  return { reason: "too-large", detail: `${detail}; the limit is ${pixelLimit / 1e6} megapixels` };
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ").trim();
}

let loaded: Promise<typeof sharpModule> | null = null;

function loadSharp(): Promise<typeof sharpModule> {
  loaded ??= import("sharp").then(({ default: sharp }) => {
    // Pictures are decoded side by side; threads inside one small picture only get in each other's way, and a cache never hits.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loaded;
}
