import { CatwiseError } from "../../errors.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { withFile } from "./open-file.ts";
import { metadataStrings, readFloatTensor, readSafetensorsHeader, tensorEntry, writeSafetensors } from "./safetensors.ts";

/** N x D float32 features in memory, read in blocks of rows. */
export interface FeatureRows {
  readonly rows: number;
  readonly columns: number;
  /** Row-major (count * D): a view, not to be written to. */
  block(first: number, count: number): Float32Array;
}

export interface FeaturesFile {
  readonly features: FeatureRows;
  /** One per row, unique; null when the file carries none (.npy). */
  readonly ids: string[] | null;
  /** Row-major (N * D), the memory behind `features`. */
  readonly data: Float32Array;
}

/**
 * Reads `features` (N x D) and the ids of a .safetensors file, or the matrix of a .npy file, which has no ids.
 * Errors: features.shape, features.not-finite (row and column, counted from 1), features.duplicate-id,
 * file.unknown-format for another ending, and those of the two formats.
 */
export async function readFeatures(path: string): Promise<FeaturesFile> {
  const { shape, data, ids } = /\.npy$/i.test(path) ? { ...(await readNpy(path)), ids: null } : await readTensorFile(path);
  const [rows, columns] = [shape[0] ?? 0, shape[1] ?? 0];
  if (shape.length !== 2 || rows === 0 || columns === 0) {
    throw new CatwiseError("features.shape", `expected features of N images x D numbers, got an array of shape (${shape.join(", ")}).`, { place: { file: path } });
  }
  if (ids !== null) checkIds(ids, rows, path);
  checkFinite(path, data, columns, ids);
  return { features: featureRows(data, rows, columns), ids, data };
}

/**
 * Writes features as .safetensors, where the ids travel as a JSON array in the metadata, or as .npy, which has no place for
 * them. Errors as readFeatures' checks, and output.*.
 */
export async function writeFeatures(
  path: string,
  features: { readonly data: Float32Array; readonly rows: number; readonly columns: number; readonly ids: readonly string[] },
): Promise<void> {
  const { data, rows, columns, ids } = features;
  if (data.length !== rows * columns || data.length === 0) {
    throw new CatwiseError("features.shape", `expected ${rows} x ${columns} numbers, got ${data.length}.`, { place: { file: path } });
  }
  checkIds(ids, rows, path);
  checkFinite(path, data, columns, ids);
  if (/\.npy$/i.test(path)) return writeNpy(path, features);
  await writeSafetensors(path, [{ name: "features", shape: [rows, columns], data }], { ids: JSON.stringify(ids) });
}

async function readTensorFile(path: string): Promise<{ shape: readonly number[]; data: Float32Array; ids: string[] | null }> {
  if (!/\.safetensors$/i.test(path)) {
    throw new CatwiseError("file.unknown-format", "expected features as .safetensors or .npy.", { place: { file: path } });
  }
  return withFile(path, async (file) => {
    const header = await readSafetensorsHeader(file);
    const { shape } = tensorEntry(file, header, "features");
    return { shape, data: await readFloatTensor(file, header, "features"), ids: metadataStrings(file, header, "ids") ?? null };
  });
}

function featureRows(data: Float32Array, rows: number, columns: number): FeatureRows {
  return {
    rows,
    columns,
    block(first, count) {
      if (!(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0 && first + count <= rows)) {
        throw new CatwiseError("usage.invalid-value", `block: expected rows within 0..${rows}, got ${first} + ${count}.`);
      }
      return data.subarray(first * columns, (first + count) * columns);
    },
  };
}

function checkFinite(path: string, data: Float32Array, columns: number, ids: readonly string[] | null): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const row = Math.floor(at / columns);
  throw new CatwiseError("features.not-finite", `row ${row + 1}${ids === null ? "" : ` (${JSON.stringify(ids[row])})`}, column ${at - row * columns + 1}: expected a finite number, got ${data[at]}.`, {
    place: { file: path },
    remedy: "Extract the features of that image again.",
  });
}

function checkIds(ids: readonly string[], rows: number, path: string): void {
  if (ids.length !== rows) {
    throw new CatwiseError("features.shape", `expected one id for each of ${rows} rows, got ${ids.length}.`, { place: { file: path } });
  }
  const rowOf = new Map<string, number>();
  ids.forEach((id, row) => {
    const first = rowOf.get(id);
    if (first !== undefined) {
      throw new CatwiseError("features.duplicate-id", `rows ${first + 1} and ${row + 1} have the same id ${JSON.stringify(id)}.`, { place: { file: path } });
    }
    rowOf.set(id, row);
  });
}
