import { endianness } from "node:os";
import { chunkBytes, readExactly } from "./open-file.ts";
import type { OpenFile } from "./open-file.ts";

/** How one number lies in a file, always little-endian. */
export interface NumberType {
  readonly bytes: number;
  /** The number at `offset`, as a JavaScript number. */
  readonly at: (view: DataView, offset: number) => number;
}

export const numberTypes = {
  float32: { bytes: 4, at: (view, offset) => view.getFloat32(offset, true) },
  float64: { bytes: 8, at: (view, offset) => view.getFloat64(offset, true) },
  float16: { bytes: 2, at: (view, offset) => halfToNumber(view.getUint16(offset, true)) },
  bfloat16: { bytes: 2, at: (view, offset) => bfloatToNumber(view.getUint16(offset, true)) },
  uint8: { bytes: 1, at: (view, offset) => view.getUint8(offset) },
  int8: { bytes: 1, at: (view, offset) => view.getInt8(offset) },
  int32: { bytes: 4, at: (view, offset) => view.getInt32(offset, true) },
  int64: { bytes: 8, at: (view, offset) => Number(view.getBigInt64(offset, true)) },
} as const satisfies Record<string, NumberType>;

/** The number types of files, by the name safetensors gives them. */
export type NumberTypeName = keyof typeof numberTypes;

/** Numbers to be written that are never all in memory: how many, and where they come from, in order. */
export interface NumberBlocks {
  readonly length: number;
  readonly blocks: () => AsyncIterable<Float32Array>;
}

/** The bytes of numbers in memory, or of blocks one after another. */
export async function* bytesOf(numbers: Float32Array | NumberBlocks): AsyncGenerator<Uint8Array, void, undefined> {
  if (numbers instanceof Float32Array) yield new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  else for await (const block of numbers.blocks()) yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
}

/**
 * Reads `count` numbers from byte `position` on as float32, rounded to nearest where the file holds more precise ones.
 * Needs the result and at most 16 MiB beside it; float32 is read straight into the result.
 * Errors: file.truncated.
 */
export async function readNumbers(file: OpenFile, position: number, count: number, typeName: NumberTypeName): Promise<Float32Array<ArrayBuffer>> {
  const numbers = new Float32Array(count);
  if (typeName === "float32" && endianness() === "LE") {
    await readExactly(file, new Uint8Array(numbers.buffer), position);
    return numbers;
  }
  await forEachChunk(file, position, count, typeName, (view, first, length, { bytes, at }) => {
    for (let i = 0; i < length; i += 1) numbers[first + i] = at(view, i * bytes);
  });
  return numbers;
}

/**
 * As readNumbers, for a matrix stored column after column (Fortran order); the result is row-major.
 * Turned over chunk by chunk, so that the matrix is never in memory twice.
 */
export async function readColumnMajor(file: OpenFile, position: number, rows: number, columns: number, typeName: NumberTypeName): Promise<Float32Array<ArrayBuffer>> {
  const numbers = new Float32Array(rows * columns);
  await forEachChunk(file, position, rows * columns, typeName, (view, first, length, { bytes, at }) => {
    let column = Math.floor(first / rows);
    let row = first - column * rows;
    for (let i = 0; i < length; i += 1) {
      numbers[row * columns + column] = at(view, i * bytes);
      row += 1;
      if (row === rows) {
        row = 0;
        column += 1;
      }
    }
  });
  return numbers;
}

type ChunkVisitor = (view: DataView, first: number, length: number, type: NumberType) => void;

async function forEachChunk(file: OpenFile, position: number, count: number, typeName: NumberTypeName, visit: ChunkVisitor): Promise<void> {
  const type = numberTypes[typeName];
  const perChunk = Math.min(count, chunkBytes / type.bytes);
  const buffer = new Uint8Array(perChunk * type.bytes);
  const view = new DataView(buffer.buffer);
  for (let first = 0; first < count; first += perChunk) {
    const length = Math.min(perChunk, count - first);
    await readExactly(file, buffer.subarray(0, length * type.bytes), position + first * type.bytes);
    visit(view, first, length, type);
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
const bfloatView = new DataView(new ArrayBuffer(4));
function bfloatToNumber(bits: number): number {
  bfloatView.setUint32(0, bits << 16);
  return bfloatView.getFloat32(0);
}
