import { CatwiseError } from "../../errors.ts";
import { readColumnMajor, readNumbers, type NumberBlocks, type NumberTypeName } from "./numbers.ts";
import { readNpyLayout, writeNpy } from "./npy.ts";
import { withFile, type OpenFile } from "./open-file.ts";
import { floatTypeOf, metadataStrings, readSafetensorsHeader, tensorEntry, writeSafetensors } from "./safetensors.ts";

/** That every category has features of its own (N x C x D): how many categories, and their names in order where they are known. */
export interface OwnFeatures {
  readonly count: number;
  readonly names: readonly string[] | null;
}

/** N x D float32 features in memory, or N x C x D, read in blocks of rows. */
export interface FeatureRows {
  readonly rows: number;
  /** D */
  readonly columns: number;
  /** Row-major (count * D), or (count * C * D): a view, not to be written to. */
  block(first: number, count: number): Float32Array;
}

/** A features file, read whole. */
export interface FeaturesFile {
  readonly features: FeatureRows;
  /** One per row, unique; null when the file carries none (.npy). */
  readonly ids: string[] | null;
  /** null where all categories share the features of an image. */
  readonly perCategory: OwnFeatures | null;
  /** Row-major (N * D), or (N * C * D), the memory behind `features`. */
  readonly data: Float32Array;
}

/**
 * Reads `features` (N x D, or N x C x D) and the ids of a .safetensors file, or the array of a .npy file, which has no ids. The names of
 * the C categories are the metadata "categories", as in a head file, and may be absent.
 * Errors: features.shape, features.category-mismatch (other names than C), features.not-finite (row and column, counted from 1), features.duplicate-id,
 * file.unknown-format for another ending, and those of the two formats.
 */
export async function readFeatures(path: string): Promise<FeaturesFile> {
  return withFeaturesFile(path, readWhole);
}

/** Lets `use` have an open features file and its layout. Errors: as readFeaturesLayout, and those of withFile. */
export async function withFeaturesFile<T>(path: string, use: (file: OpenFile, layout: FeaturesLayout) => Promise<T>): Promise<T> {
  if (!/\.(npy|safetensors)$/i.test(path)) throw new CatwiseError("file.unknown-format", "expected features as .safetensors or .npy.", { place: { file: path } });
  return withFile(path, async (file) => use(file, await readFeaturesLayout(file)));
}

/** The numbers behind a layout, checked. Errors: features.not-finite, file.truncated. */
export async function readWhole(file: OpenFile, { rows, columns, perCategory, ids, type, fortran, begin }: FeaturesLayout): Promise<FeaturesFile> {
  const count = rows * columns * (perCategory?.count ?? 1);
  const data = fortran ? await readColumnMajor(file, begin, rows, columns, type) : await readNumbers(file, begin, count, type);
  checkFinite(file.path, data, { columns, perCategory, ids });
  return { features: featureRows(data, rows, columns, perCategory), ids, perCategory, data };
}

/** What a features file says before its numbers, and where these are. */
export interface FeaturesLayout {
  readonly rows: number;
  /** D */
  readonly columns: number;
  readonly perCategory: OwnFeatures | null;
  readonly ids: string[] | null;
  readonly type: NumberTypeName;
  /** Byte position of the first number. */
  readonly begin: number;
  /** true: column after column; never for per-category features. */
  readonly fortran: boolean;
}

/** Reads and checks everything but the numbers. Errors: as readFeatures, without features.not-finite. */
async function readFeaturesLayout(file: OpenFile): Promise<FeaturesLayout> {
  const { path } = file;
  const { shape, ids, names, type, begin, fortran } = /\.npy$/i.test(path) ? await npyLayout(file) : await tensorLayout(file);
  if ((shape.length !== 2 && shape.length !== 3) || shape.includes(0)) {
    throw new CatwiseError("features.shape", `expected features of N images x D numbers, or of N images x C categories x D numbers, got an array of shape (${shape.join(", ")}).`, { place: { file: path } });
  }
  if (fortran && shape.length > 2) {
    throw new CatwiseError("file.unknown-format", `an array of ${shape.length} dimensions in Fortran order is not supported.`, { place: { file: path }, remedy: "Save it with numpy.ascontiguousarray." });
  }
  const [rows, columns] = [shape[0]!, shape.at(-1)!];
  const perCategory = shape.length === 3 ? { count: shape[1]!, names } : null;
  if (ids !== null) checkIds(ids, rows, path);
  checkNames(perCategory, path);
  return { rows, columns, perCategory, ids, type, begin, fortran };
}

/**
 * Writes features as .safetensors, where the ids travel as a JSON array in the metadata, or as .npy, which has no place for
 * them. `data` may come block by block, each of whole rows, so that they are never all in memory. Errors as readFeatures' checks, and output.*.
 */
export async function writeFeatures(
  path: string,
  features: { readonly data: Float32Array | NumberBlocks; readonly rows: number; readonly columns: number; readonly perCategory?: OwnFeatures | null; readonly ids: readonly string[] },
): Promise<void> {
  const { data, rows, columns, perCategory = null, ids } = features;
  const shape = perCategory === null ? [rows, columns] : [rows, perCategory.count, columns];
  if (data.length !== shape.reduce((product, length) => product * length, 1) || data.length === 0) {
    throw new CatwiseError("features.shape", `expected ${shape.join(" x ")} numbers, got ${data.length}.`, { place: { file: path } });
  }
  checkIds(ids, rows, path);
  checkNames(perCategory, path);
  const checked = data instanceof Float32Array ? data : checkedBlocks(path, data, { columns, perCategory, ids });
  if (data instanceof Float32Array) checkFinite(path, data, { columns, perCategory, ids });
  if (/\.npy$/i.test(path)) return writeNpy(path, { data: checked, shape });
  const names = perCategory?.names ?? null;
  await writeSafetensors(path, [{ name: "features", shape, data: checked }], { ids: JSON.stringify(ids), ...(names === null ? {} : { categories: JSON.stringify(names) }) });
}

type RawLayout = Pick<FeaturesLayout, "ids" | "type" | "begin" | "fortran"> & { readonly shape: readonly number[]; readonly names: string[] | null };

async function npyLayout(file: OpenFile): Promise<RawLayout> {
  const { dataStart, ...layout } = await readNpyLayout(file);
  return { ...layout, begin: dataStart, ids: null, names: null };
}

async function tensorLayout(file: OpenFile): Promise<RawLayout> {
  const header = await readSafetensorsHeader(file);
  const entry = tensorEntry(file, header, "features");
  return { shape: entry.shape, type: floatTypeOf(file, "features", entry), begin: entry.begin, fortran: false, ids: metadataStrings(file, header, "ids") ?? null, names: metadataStrings(file, header, "categories") ?? null };
}

function featureRows(data: Float32Array, rows: number, columns: number, perCategory: OwnFeatures | null): FeatureRows {
  const width = columns * (perCategory?.count ?? 1);
  return {
    rows,
    columns,
    block(first, count) {
      if (!(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0 && first + count <= rows)) {
        throw new CatwiseError("usage.invalid-value", `block: expected rows within 0..${rows}, got ${first} + ${count}.`);
      }
      return data.subarray(first * width, (first + count) * width);
    },
  };
}

function checkNames(perCategory: OwnFeatures | null, path: string): void {
  if (perCategory === null || perCategory.names === null) return;
  const { count, names } = perCategory;
  const wrong = names.length !== count ? `${names.length} names` : new Set(names).size !== count ? "a name twice" : null;
  if (wrong !== null) throw new CatwiseError("features.category-mismatch", `expected a name for each of ${count} categories, got ${wrong}.`, { place: { file: path } });
}

interface RowPlan {
  readonly columns: number;
  readonly perCategory: OwnFeatures | null;
  readonly ids: readonly string[] | null;
}

/** The same blocks, each checked as it passes. */
function checkedBlocks(path: string, { length, blocks }: NumberBlocks, plan: RowPlan): NumberBlocks {
  return {
    length,
    blocks: async function* () {
      let before = 0;
      for await (const block of blocks()) {
        checkFinite(path, block, plan, before);
        before += block.length;
        yield block;
      }
      if (before !== length) throw new CatwiseError("features.shape", `expected ${length} numbers, got ${before}.`, { place: { file: path } });
    },
  };
}

/** Throws features.not-finite, naming the first such number. `before`: how many numbers of the array come before `data`. */
export function checkFinite(path: string, data: Float32Array, { columns, perCategory, ids }: RowPlan, before = 0): void {
  const within = data.findIndex((value) => !Number.isFinite(value));
  if (within < 0) return;
  const at = before + within;
  const list = Math.floor(at / columns);
  const row = Math.floor(list / (perCategory?.count ?? 1));
  const category = perCategory === null ? "" : `, category ${list - row * perCategory.count + 1}`;
  throw new CatwiseError("features.not-finite", `row ${row + 1}${ids === null ? "" : ` (${JSON.stringify(ids[row])})`}${category}, column ${at - list * columns + 1}: expected a finite number, got ${data[within]}.`, {
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
