import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { endianness } from "node:os";
import { CatwiseError } from "../../errors.ts";
import { checkFinite, readWhole, withFeaturesFile, type FeatureRows, type FeaturesLayout, type OwnFeatures } from "./features-file.ts";
import { numberTypes } from "./numbers.ts";
import { describeReadFailure, truncated } from "./open-file.ts";

/** Bytes of float32 numbers read at a time. */
const usualChunkBytes = 8 * 2 ** 20;

/** A features file: what its header tells, and its rows, which are read when they are asked for unless there was room for all of them. */
export interface StoredFeatures {
  /** `block` gives a view that the next call may overwrite. Meant to be read in ascending order: a few MB around what is asked for are read at a time. */
  readonly features: FeatureRows;
  readonly ids: string[] | null;
  readonly perCategory: OwnFeatures | null;
  /** Bytes of all numbers as float32. */
  readonly bytes: number;
  /** All numbers, where they were read; null where they stay on disk. */
  readonly data: Float32Array | null;
}

/** How much of a features file to hold. */
export interface OpenFeaturesOptions {
  /** A file whose numbers take more bytes than this, as float32, stays on disk; 0 unless told. */
  readonly heldUpTo?: number;
  /** Bytes read at a time; 8 MiB unless told. */
  readonly chunkBytes?: number;
}

/**
 * As readFeatures, but where the numbers are more than `heldUpTo` it reads only the header. They are then checked as they are read for the first time, so that
 * features.not-finite comes from `block`; so do file.truncated and features.changed where the file is not what it was when it was opened.
 * Errors: as readFeatures; file.unknown-format for a matrix in Fortran order that stays on disk, as its rows do not lie together.
 */
export async function openFeaturesFile(path: string, { heldUpTo = 0, chunkBytes = usualChunkBytes }: OpenFeaturesOptions = {}): Promise<StoredFeatures> {
  return withFeaturesFile(path, async (file, layout) => {
    const bytes = 4 * layout.rows * layout.columns * (layout.perCategory?.count ?? 1);
    if (bytes <= heldUpTo) return { ...(await readWhole(file, layout)), bytes };
    if (layout.fortran) {
      throw new CatwiseError("file.unknown-format", "a matrix in Fortran order is too large to be turned over in memory.", { place: { file: path }, remedy: "Save it with numpy.ascontiguousarray, or allow more memory." });
    }
    const { rows, columns, perCategory, ids } = layout;
    return { features: { rows, columns, block: storedBlocks(path, await file.handle.stat(), layout, chunkBytes) }, ids, perCategory, bytes, data: null };
  });
}

/** `was`: what the file was when its header was read. */
function storedBlocks(path: string, was: Identity, { rows, columns, perCategory, ids, type, begin }: FeaturesLayout, chunkBytes: number): FeatureRows["block"] {
  const width = columns * (perCategory?.count ?? 1);
  const rowsPerChunk = Math.max(1, Math.floor(chunkBytes / (4 * width)));
  const checked = new Uint8Array(Math.ceil(rows / rowsPerChunk));
  const { bytes } = numberTypes[type];
  let held = -1;
  let numbers = new Float32Array(0);

  const read = (chunk: number): void => {
    const first = chunk * rowsPerChunk;
    const count = Math.min(rowsPerChunk, rows - first) * width;
    const into = numbers.length === count ? numbers : new Float32Array(count);
    held = -1;
    readAgain(path, was, begin + first * width * bytes, count, type, into);
    if (checked[chunk] === 0) checkFinite(path, into, { columns, perCategory, ids }, first * width);
    checked[chunk] = 1;
    numbers = into;
    held = chunk;
  };
  const part = (first: number, count: number): Float32Array => {
    const chunk = Math.floor(first / rowsPerChunk);
    if (chunk !== held) read(chunk);
    const from = first - chunk * rowsPerChunk;
    return numbers.subarray(from * width, Math.min(rowsPerChunk, from + count) * width);
  };
  return (first, count) => {
    if (!(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0 && first + count <= rows)) {
      throw new CatwiseError("usage.invalid-value", `block: expected rows within 0..${rows}, got ${first} + ${count}.`);
    }
    if (count === 0) return new Float32Array(0);
    const some = part(first, count);
    if (some.length === count * width) return some;
    const all = new Float32Array(count * width);
    for (let done = 0; done < all.length; ) {
      const next = part(first + done / width, count - done / width);
      all.set(next, done);
      done += next.length;
    }
    return all;
  };
}

interface Identity {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

/** Opens the file anew each time, so that nobody has to close it, and finds out whether it is still the same. */
function readAgain(path: string, was: Identity, position: number, count: number, type: keyof typeof numberTypes, into: Float32Array): void {
  const plain = type === "float32" && endianness() === "LE";
  const raw = plain ? new Uint8Array(into.buffer, into.byteOffset, into.byteLength) : new Uint8Array(count * numberTypes[type].bytes);
  try {
    const descriptor = openSync(path, "r");
    try {
      const is = fstatSync(descriptor);
      if (is.size < was.size) throw truncated(path, was.size, is.size);
      if (is.size !== was.size || is.mtimeMs !== was.mtimeMs || is.ino !== was.ino) {
        throw new CatwiseError("features.changed", "the file was changed or replaced while it was being read.", { place: { file: path }, remedy: "Leave it alone until the run has ended, and run again." });
      }
      for (let done = 0; done < raw.length; ) {
        const some = readSync(descriptor, raw, done, raw.length - done, position + done);
        if (some === 0) throw truncated(path, was.size, position + done);
        done += some;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw describeReadFailure(error, path);
  }
  if (plain) return;
  const view = new DataView(raw.buffer);
  const { bytes, at } = numberTypes[type];
  for (let i = 0; i < count; i++) into[i] = at(view, i * bytes);
}
