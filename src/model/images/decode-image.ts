/**
 * One picture file to the numbers of a model's input. The file is decoded with sharp (libvips); this is the only file of this room
 * that loads it. Everything behind the decoding for a model is done here the way PIL (Pillow) does it, through which most models were trained.
 *
 * EXIF orientation is applied. Grey, palette and 16-bit pictures (their high bytes) become 8-bit RGB; transparency is dropped and the
 * colour below it shown, as PIL's convert("RGB") does; of CMYK, each colour is (255 - ink) (255 - black) / 255; colour profiles are
 * ignored; the first frame of an animation is taken. Measured against Pillow 9.4 (scripts/golden/images.py): no difference in any
 * pixel, for JPEG, PNG, WebP, TIFF and GIF, all kernels and both directions; but for 16-bit grey, which PIL cuts off at 255.
 * Drawings (SVG) and anything libvips cannot read (BMP among it) are not images here.
 */
import { open } from "node:fs/promises";
import type sharpModule from "sharp";
import { expected } from "../../errors.ts";
import { withinBudget } from "./decode-budget.ts";
import type { Preprocessing } from "./preprocessing.ts";
import { channelCount, pixelsPerImage } from "./preprocessing.ts";
import { readHeader } from "./picture-header.ts";
import { simdPasses } from "./resample-passes.ts";
import { resample } from "./resample.ts";
import type { Picture, ResamplePasses } from "./resample.ts";
import { planResize } from "./resize-plan.ts";

/** Kinds of pictures that are skipped and listed. */
export type SkipReason = "broken" | "too-large" | "empty" | "not-an-image";

/** Why a picture could not be used. */
export interface DecodeFailure {
  readonly reason: SkipReason;
  readonly detail: string;
}

/** A small file can claim to be huge (a pixel bomb); beyond this many pixels it is not opened. */
export const pixelLimit = 100_000_000;

/**
 * Decodes, orients, resizes and normalises the file (its path, or its bytes) into out[offset ...] (CHW, pixelsPerImage(preprocessing) numbers).
 * Returns null when done, else why the picture must be skipped; nothing is thrown for a bad picture, and `out` then holds
 * nothing useful there. Throws usage.invalid-value when `out` is too short.
 */
export async function decodeImage(file: string | Uint8Array, preprocessing: Preprocessing, out: Float32Array, offset = 0): Promise<DecodeFailure | null> {
  const needed = pixelsPerImage(preprocessing);
  if (offset < 0 || offset + needed > out.length) throw expected("out", `room for ${needed} numbers from ${offset}`, out.length);
  const opened = await openPicture(file);
  if ("reason" in opened) return opened;
  const { source } = opened;
  const [sharp, passes] = await Promise.all([loadSharp(), simdPasses()]);
  const options = decoderOptions;
  let header = typeof source === "string" ? null : readHeader(source);
  if (header === null) {
    try {
      const metadata = await sharp(source, options).metadata();
      if (metadata.format === "svg") return { reason: "not-an-image", detail: "a drawing (SVG), not a picture" };
      header = { pixels: metadata.width * metadata.height, isCmyk: metadata.space === "cmyk" };
    } catch (error) {
      return explain(error, "header");
    }
  }
  const { pixels, isCmyk } = header;
  if (pixels > pixelLimit) return tooLarge(`${pixels} pixels`);
  return withinBudget(pixels, async () => {
    let decoded;
    try {
      const image = sharp(source, options).autoOrient().removeAlpha();
      // libvips would put CMYK through a colour profile of its own.
      const coloured = isCmyk ? image.pipelineColourspace("cmyk").toColourspace("cmyk") : image.toColourspace("srgb");
      decoded = await coloured.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    } catch (error) {
      return explain(error, "pixels");
    }
    const { data, info } = decoded;
    prepare({ data, width: info.width, height: info.height, channels: info.channels }, isCmyk, preprocessing, passes, out, offset);
    return null;
  });
}

const decoderOptions = { limitInputPixels: pixelLimit, failOn: "error", ignoreIcc: true, sequentialRead: true } as const;

/** What a picture is, all of its pixels decoded once. */
export interface ExaminedPicture {
  /** As the decoder calls it: jpeg, png, webp, tiff, gif, ... */
  readonly format: string;
  /** As shown, EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes every pixel of a picture file (its path, or its bytes) and throws them away: whether it can be used, or why not. Nothing is thrown for a bad picture.
 */
export async function examinePicture(file: string | Uint8Array): Promise<ExaminedPicture | DecodeFailure> {
  const opened = await openPicture(file);
  if ("reason" in opened) return opened;
  const { source } = opened;
  const sharp = await loadSharp();
  let about;
  try {
    about = await sharp(source, decoderOptions).metadata();
  } catch (error) {
    return explain(error, "header");
  }
  const { format, autoOrient } = about;
  if (format === "svg") return { reason: "not-an-image", detail: "a drawing (SVG), not a picture" };
  const pixels = about.width * about.height;
  if (pixels > pixelLimit) return tooLarge(`${pixels} pixels`);
  return withinBudget(pixels, async () => {
    try {
      // Every row is read for the eight that come out, so that a file cut off in the middle shows itself.
      await sharp(source, decoderOptions).resize({ width: 8, height: 8, fit: "fill" }).raw().toBuffer();
    } catch (error) {
      return explain(error, "pixels");
    }
    return { format, width: autoOrient.width, height: autoOrient.height };
  });
}

/** Sizes of small pictures for a screen, by their longer side. */
export const thumbnailSides = [256, 512, 1280] as const;

/**
 * A picture file, oriented, as WebP with a longer side of at most `side` pixels, never larger than it is; transparency stays. The first frame of an animation.
 * Throws what the decoder throws: only pictures that were examined belong here.
 */
export async function smallPicture(file: string | Uint8Array, side: number): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return sharp(file, { ...decoderOptions, ignoreIcc: false }).autoOrient().resize({ width: side, height: side, fit: "inside", withoutEnlargement: true }).webp({ quality: 82 }).toBuffer();
}

/** Colours, size and numbers of a decoded picture. */
function prepare(decoded: Picture, isCmyk: boolean, preprocessing: Preprocessing, passes: ResamplePasses | undefined, out: Float32Array, offset: number): void {
  const rgb = isCmyk ? fromCmyk(decoded) : decoded;
  const picture = preprocessing.channelOrder === "grey" ? toGrey(rgb) : rgb;
  const plan = planResize(picture, preprocessing);
  const resized = resample(picture, plan.width, plan.height, preprocessing.interpolation, plan.crop ?? undefined, passes);
  normalise(plan.extend === null ? resized : onBlack(resized, preprocessing, plan.extend), preprocessing, out, offset);
}

function fromCmyk({ data, width, height }: Picture): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4) {
    const light = 255 - data[from + 3]!;
    for (let ink = 0; ink < 3; ink++) rgb[to++] = Math.max(0, light - Math.round((data[from + ink]! * light) / 255));
  }
  return { data: rgb, width, height, channels: 3 };
}

/** ITU-R 601 weights in 65,536ths, as PIL's convert("L"). */
function toGrey({ data, width, height, channels }: Picture): Picture {
  const grey = new Uint8Array(width * height);
  for (let to = 0, from = 0; to < grey.length; to++, from += channels) grey[to] = (19595 * data[from]! + 38470 * data[from + 1]! + 7471 * data[from + 2]! + 32768) >> 16;
  return { data: grey, width, height, channels: 1 };
}

function onBlack({ data, width, height, channels }: Picture, canvas: { readonly width: number; readonly height: number }, place: { readonly left: number; readonly top: number }): Picture {
  const padded = new Uint8Array(canvas.width * canvas.height * channels);
  for (let row = 0; row < height; row++) padded.set(data.subarray(row * width * channels, (row + 1) * width * channels), ((place.top + row) * canvas.width + place.left) * channels);
  return { data: padded, width: canvas.width, height: canvas.height, channels };
}

/** Bytes with channels side by side to planes of numbers. */
function normalise({ data, channels }: Picture, preprocessing: Preprocessing, out: Float32Array, offset: number): void {
  const { mean, std, scale, channelOrder, width, height } = preprocessing;
  const plane = width * height;
  for (let channel = 0; channel < channelCount(preprocessing); channel++) {
    const centre = mean[channel] ?? 0;
    const spread = std[channel] ?? 1;
    const table = Float32Array.from({ length: 256 }, (_, value) => (value * scale - centre) / spread);
    const target = offset + channel * plane;
    const first = channelOrder === "bgr" ? 2 - channel : channel;
    for (let pixel = 0, at = first; pixel < plane; pixel++, at += channels) out[target + pixel] = table[data[at]!]!;
  }
}

/** Pictures that people have and the decoder does not read, by how their files begin: the reason should not be "no image". */
const unreadFormats = [
  { name: "a BMP picture", begins: /^BM.{4}\0\0\0\0/s },
  { name: "a HEIC picture", begins: /^.{4}ftyp(?:hei|hev|mif1)/s },
  { name: "a DICOM picture", begins: /^.{128}DICM/s },
] as const;

/** Files up to this size are read once and decoded from memory; the decoder reads larger ones itself, piece by piece. */
const wholeBytes = 16_000_000;

/** Why bytes that begin like this (132 of them) are not read; null where they may be a picture. */
function unreadReason(beginning: Uint8Array): DecodeFailure | null {
  const text = Buffer.from(beginning.subarray(0, 132)).toString("latin1");
  const unread = unreadFormats.find(({ begins }) => begins.test(text));
  return unread === undefined ? null : { reason: "not-an-image", detail: `${unread.name}, which Catwise does not read; convert it to PNG or JPEG` };
}

const noBytes: DecodeFailure = { reason: "empty", detail: "the file has no bytes" };

/** The file's bytes, or its path where it is large; or why there is nothing to decode. */
async function openPicture(path: string | Uint8Array): Promise<{ readonly source: Uint8Array | string } | DecodeFailure> {
  if (typeof path !== "string") return path.length === 0 ? noBytes : (unreadReason(path) ?? { source: path });
  try {
    const file = await open(path, "r");
    try {
      const about = await file.stat();
      if (!about.isFile()) return { reason: "not-an-image", detail: "not a file" };
      if (about.size === 0) return noBytes;
      const whole = about.size <= wholeBytes;
      const { buffer, bytesRead } = await file.read(new Uint8Array(whole ? about.size : 132), 0, whole ? about.size : 132, 0);
      const bytes = buffer.subarray(0, bytesRead);
      return unreadReason(bytes) ?? { source: whole ? bytes : path };
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
