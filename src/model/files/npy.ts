/**
 * NumPy's .npy format, versions 1 to 3, little-endian numbers.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { CatwiseError } from "../../errors.ts";
import { writePartsAtomically } from "./atomic.ts";
import { bytesOf, numberTypes, readColumnMajor, readNumbers } from "./numbers.ts";
import type { NumberBlocks, NumberTypeName } from "./numbers.ts";
import { readExactly, truncated, withFile } from "./open-file.ts";
import type { OpenFile } from "./open-file.ts";

/** Numbers from a .npy file, whatever their type there, as float32. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly type: NumberTypeName;
  /** Row-major. Numbers a float32 cannot hold exactly are rounded to the nearest it can. */
  readonly data: Float32Array<ArrayBuffer>;
}

const descriptions: Readonly<Record<string, NumberTypeName>> = {
  "<f4": "float32", "<f8": "float64", "<f2": "float16", "|u1": "uint8", "|b1": "uint8", "|i1": "int8", "<i4": "int32", "<i8": "int64",
};

/**
 * Reads an array. Matrices in Fortran order are turned to row-major; higher dimensions in Fortran order are refused.
 * Errors: file.truncated, file.malformed, file.unknown-format (big-endian, objects, structures), and those of withFile.
 */
export async function readNpy(path: string): Promise<NumberArray> {
  return withFile(path, async (file) => {
    const { type, fortran, shape, dataStart } = await readNpyLayout(file);
    const count = shape.reduce((product, size) => product * size, 1);
    if (!fortran) return { shape, type, data: await readNumbers(file, dataStart, count, type) };
    if (shape.length > 2) {
      throw new CatwiseError("file.unknown-format", `an array of ${shape.length} dimensions in Fortran order is not supported.`, {
        place: { file: path },
        remedy: "Save it with numpy.ascontiguousarray.",
      });
    }
    return { shape, type, data: await readColumnMajor(file, dataStart, shape[0]!, shape[1]!, type) };
  });
}

/** What the header of a .npy file says of the numbers behind it. */
export interface NpyLayout {
  readonly type: NumberTypeName;
  /** true: the first index runs fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Byte position of the first number. */
  readonly dataStart: number;
}

/** Reads and checks the header; the file ends where it says. Errors: as readNpy. */
export async function readNpyLayout(file: OpenFile): Promise<NpyLayout> {
  const { dictionary, dataStart } = await readPreamble(file);
  const { type, fortran, shape } = parseDictionary(file, dictionary);
  const end = dataStart + shape.reduce((product, size) => product * size, 1) * numberTypes[type].bytes;
  if (!Number.isSafeInteger(end)) throw malformed(file, `a shape (${shape.join(", ")}) cannot be`);
  if (end > file.size) throw truncated(file.path, end, file.size);
  if (end < file.size) throw malformed(file, `expected the file to end after ${end} bytes, it has ${file.size}`);
  return { type, fortran: fortran && shape.length > 1, shape, dataStart };
}

/** Writes an array of float32, row-major, version 1.0, the data at a multiple of 64 bytes as NumPy does it. The shape has one length or more. Errors as writeFileAtomically. */
export async function writeNpy(path: string, { data, shape }: { readonly data: Float32Array | NumberBlocks; readonly shape: readonly number[] }): Promise<void> {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = new Uint8Array(Math.ceil((10 + dictionary.length + 1) / 64) * 64).fill(0x20);
  header.set([...magic, 1, 0, (header.length - 10) & 0xff, (header.length - 10) >> 8]);
  header.set(new TextEncoder().encode(dictionary), 10);
  header[header.length - 1] = 0x0a;
  const parts = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield header;
    yield* bytesOf(data);
  };
  await writePartsAtomically(path, parts());
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

async function readPreamble(file: OpenFile): Promise<{ dictionary: string; dataStart: number }> {
  const start = new Uint8Array(Math.min(12, file.size));
  await readExactly(file, start, 0);
  if (!magic.every((byte, i) => start[i] === byte)) throw malformed(file, "expected a .npy file, which begins with \\x93NUMPY");
  if (start.length < 12) throw truncated(file.path, 12, file.size);
  const view = new DataView(start.buffer);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) {
    throw new CatwiseError("file.unknown-format", `expected version 1, 2 or 3 of .npy, got ${version}.`, { place: { file: file.path } });
  }
  const headerStart = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = headerStart + length;
  if (dataStart > file.size) throw truncated(file.path, dataStart, file.size);
  if (length > 1 << 20) throw malformed(file, `expected a header of a few hundred bytes, it has ${length}`);
  const bytes = new Uint8Array(length);
  await readExactly(file, bytes, headerStart);
  return { dictionary: new TextDecoder("latin1").decode(bytes), dataStart };
}

function parseDictionary(file: OpenFile, text: string): { type: NumberTypeName; fortran: boolean; shape: number[] } {
  const description = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shapeText = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (description === null || order === null || shapeText === null || !/^\s*\{[\s\S]*\}\s*$/.test(text)) {
    throw malformed(file, "expected a header with descr, fortran_order and shape");
  }
  const name = description[1] ?? "a structure";
  const type = Object.hasOwn(descriptions, name) ? descriptions[name] : undefined;
  if (type === undefined) {
    throw new CatwiseError("file.unknown-format", `numbers of type ${JSON.stringify(name)} are not supported.`, {
      place: { file: file.path },
      remedy: `Save one of ${Object.keys(descriptions).join(", ")}, for example with .astype("<f4").`,
    });
  }
  const shape = shapeText[1]!.split(",").map((part) => part.trim().replace(/L$/, "")).filter((part) => part !== "").map(Number);
  if (!shape.every((size) => Number.isSafeInteger(size))) throw malformed(file, "expected a shape of whole numbers");
  return { type, fortran: order[1] === "True", shape };
}

function malformed(file: OpenFile, what: string): CatwiseError {
  return new CatwiseError("file.malformed", `${what}.`, { place: { file: file.path } });
}
