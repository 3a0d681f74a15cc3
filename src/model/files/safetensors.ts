/**
 * The safetensors format: 8 bytes header length (little-endian), a JSON header, then the tensors' bytes without a gap.
 * Source: https://github.com/huggingface/safetensors (README, "Format").
 */
import { CatwiseError } from "../../errors.ts";
import { writePartsAtomically } from "./atomic.ts";
import { bytesOf, numberTypes, readNumbers } from "./numbers.ts";
import type { NumberBlocks, NumberTypeName } from "./numbers.ts";
import { readExactly, truncated } from "./open-file.ts";
import type { OpenFile } from "./open-file.ts";

export interface TensorEntry {
  /** As the file names it: F32, F64, F16, BF16, I64... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Byte positions in the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | NumberBlocks;
}

/** Headers beyond this are refused before anything of their size is reserved; the reference implementation's limit. */
const headerLimit = 100_000_000;

const dtypeBytes: Readonly<Record<string, number>> = {
  BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1, U16: 2, I16: 2, F16: 2, BF16: 2, U32: 4, I32: 4, F32: 4, U64: 8, I64: 8, F64: 8,
};

const floatTypes: Readonly<Record<string, NumberTypeName>> = { F32: "float32", F64: "float64", F16: "float16", BF16: "bfloat16" };

/**
 * Reads and checks the header: every tensor has a known type, a shape that fits its bytes, and the tensors fill the rest
 * of the file without gap or overlap. Errors: file.truncated, file.malformed.
 */
export async function readSafetensorsHeader(file: OpenFile): Promise<SafetensorsHeader> {
  if (file.size < 8) throw truncated(file.path, 8, file.size);
  const lengthBytes = new Uint8Array(8);
  await readExactly(file, lengthBytes, 0);
  const length = new DataView(lengthBytes.buffer).getBigUint64(0, true);
  if (length > headerLimit) throw malformed(file, `expected a safetensors header of at most ${headerLimit} bytes, the file says ${length}`);
  const dataStart = 8 + Number(length);
  if (dataStart > file.size) throw truncated(file.path, dataStart, file.size);
  const bytes = new Uint8Array(Number(length));
  await readExactly(file, bytes, 8);
  const header = parseHeader(file, bytes);

  const tensors = new Map<string, TensorEntry>();
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") metadata = checkMetadata(file, entry);
    else tensors.set(name, checkEntry(file, name, entry, dataStart));
  }
  checkCoverage(file, tensors, dataStart);
  return { tensors, metadata };
}

/** Reads one floating-point tensor as float32. Errors: file.malformed when it is absent, features.shape when it is no float. */
export async function readFloatTensor(file: OpenFile, header: SafetensorsHeader, name: string): Promise<Float32Array<ArrayBuffer>> {
  const entry = tensorEntry(file, header, name);
  const type = floatTypeOf(file, name, entry);
  return readNumbers(file, entry.begin, (entry.end - entry.begin) / numberTypes[type].bytes, type);
}

/** The number type of a floating-point tensor. Errors: features.shape. */
export function floatTypeOf(file: OpenFile, name: string, { dtype }: TensorEntry): NumberTypeName {
  const type = floatTypes[dtype];
  if (type === undefined) throw new CatwiseError("features.shape", `tensor "${name}": expected F32, F64, F16 or BF16, got ${dtype}.`, { place: { file: file.path } });
  return type;
}

/** The entry of a tensor that must be there; file.malformed names what there is instead. */
export function tensorEntry(file: OpenFile, header: SafetensorsHeader, name: string): TensorEntry {
  const entry = header.tensors.get(name);
  if (entry !== undefined) return entry;
  const names = [...header.tensors.keys()].slice(0, 8).map((found) => `"${found}"`);
  throw malformed(file, `expected a tensor "${name}", found ${names.length === 0 ? "none" : names.join(", ")}`);
}

/** Writes float32 tensors in the order given, from their own memory (nothing is copied whole). Errors as writeFileAtomically. */
export async function writeSafetensors(path: string, tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * data.length] };
    offset += 4 * data.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(json, 8);
  const parts = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield padded;
    for (const { data } of tensors) yield* bytesOf(data);
  };
  await writePartsAtomically(path, parts());
}

/** A string list kept as JSON in the metadata; undefined when the key is absent. Errors: file.malformed. */
export function metadataStrings(file: OpenFile, header: SafetensorsHeader, key: string): string[] | undefined {
  const text = header.metadata.get(key);
  if (text === undefined) return undefined;
  const list = parseJson(file, text, `metadata "${key}"`);
  if (!Array.isArray(list) || !list.every((item): item is string => typeof item === "string")) {
    throw malformed(file, `metadata "${key}": expected a JSON array of strings`);
  }
  return list;
}

function parseHeader(file: OpenFile, bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed(file, "expected a safetensors header in UTF-8");
  }
  const header = parseJson(file, text, "safetensors header");
  if (!isRecord(header)) throw malformed(file, "expected the safetensors header to be a JSON object");
  return header;
}

function parseJson(file: OpenFile, text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed(file, `${what}: expected JSON`, cause);
  }
}

function checkMetadata(file: OpenFile, entry: unknown): Map<string, string> {
  if (!isRecord(entry)) throw malformed(file, "expected __metadata__ to be an object of strings");
  const metadata = new Map<string, string>();
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== "string") throw malformed(file, `expected metadata "${key}" to be a string`);
    metadata.set(key, value);
  }
  return metadata;
}

function checkEntry(file: OpenFile, name: string, entry: unknown, dataStart: number): TensorEntry {
  if (!isRecord(entry)) throw malformed(file, `tensor "${name}": expected an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const bytes = typeof dtype === "string" && Object.hasOwn(dtypeBytes, dtype) ? dtypeBytes[dtype] : undefined;
  if (typeof dtype !== "string" || bytes === undefined) throw malformed(file, `tensor "${name}": unknown dtype ${JSON.stringify(dtype)}`);
  if (!isCounts(shape)) throw malformed(file, `tensor "${name}": expected a shape of whole numbers`);
  if (!isCounts(offsets) || offsets.length !== 2) throw malformed(file, `tensor "${name}": expected two data_offsets`);
  const [begin, end] = [offsets[0]!, offsets[1]!];
  const needed = shape.reduce((product, size) => product * size, bytes);
  if (!Number.isSafeInteger(needed) || end - begin !== needed) {
    throw malformed(file, `tensor "${name}": its shape [${shape.join(", ")}] needs ${needed} bytes, its offsets give ${end - begin}`);
  }
  return { dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function checkCoverage(file: OpenFile, tensors: ReadonlyMap<string, TensorEntry>, dataStart: number): void {
  let position = dataStart;
  for (const [name, { begin, end }] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) throw malformed(file, `tensor "${name}": expected to begin at byte ${position}, begins at ${begin}`);
    position = end;
  }
  if (position > file.size) throw truncated(file.path, position, file.size);
  if (position < file.size) throw malformed(file, `expected the file to end after ${position} bytes, it has ${file.size}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number" && Number.isSafeInteger(item) && item >= 0);
}

function malformed(file: OpenFile, what: string, cause?: unknown): CatwiseError {
  return new CatwiseError("file.malformed", `${what}.`, { place: { file: file.path }, ...(cause === undefined ? {} : { cause }) });
}
