/** The .npz files of expected answers beside the test models: float32 arrays by name, for tests only. */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

/** Every array of the file, row-major (a Fortran-ordered matrix is turned). */
export function readNpz(path: string): Record<string, Float32Array> {
  const bytes = readFileSync(path);
  const arrays: Record<string, Float32Array> = {};
  let at = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const entries = bytes.readUInt16LE(at + 10);
  at = bytes.readUInt32LE(at + 16);
  for (let entry = 0; entry < entries; entry++) {
    const [method, packed, nameLength] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength).replace(/\.npy$/, "");
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + packed);
    arrays[name] = readNpy(method === 8 ? inflateRawSync(content) : content);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return arrays;
}

function readNpy(npy: Buffer): Float32Array {
  const first = 10 + npy.readUInt16LE(8);
  const header = npy.toString("latin1", 10, first);
  const values = new Float32Array(Uint8Array.from(npy.subarray(first)).buffer);
  if (!header.includes("'fortran_order': True")) return values;
  const [rows = 1, columns = 1] = /'shape': \((\d+), (\d+)\)/.exec(header)?.slice(1).map(Number) ?? [];
  return values.map((_, index) => values[(index % columns) * rows + Math.floor(index / columns)]);
}
