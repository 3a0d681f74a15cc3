/** Weights that lie in a file beside the model, which says: name of the file (location), offset, length. */
import { open, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep } from "node:path";
import { CatwiseError } from "../../errors.ts";
import type { TensorProto } from "./generated/onnx_pb.ts";

export function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === 1;
}

/** The name of the external file, relative to the model's folder. It may not leave that folder. */
export function externalLocation(tensor: TensorProto): string {
  const location = entryOf(tensor, "location") ?? "";
  const path = normalize(location);
  if (location === "" || path === "." || location.includes("\0") || isAbsolute(path) || /^[A-Za-z]:/.test(path) || path.split(/[\\/]/).includes(".."))
    throw new CatwiseError("model.external-data", `Tensor "${tensor.name}" names the external file "${location}"; expected a name inside the model's own folder.`, { remedy: "Export the model again." });
  return path;
}

/** Throws model.external-data when a file is not there, is no file, lies outside the model's folder behind a link, or is shorter than the tensors in it say. */
export async function checkExternalFiles(tensors: readonly TensorProto[], directory: string): Promise<void> {
  const sizes = new Map<string, number>();
  for (const tensor of tensors) {
    if (!isExternal(tensor)) continue;
    const path = join(directory, externalLocation(tensor));
    const size = sizes.get(path) ?? (await sizeOf(path, directory, tensor));
    sizes.set(path, size);
    placeOf(tensor, path, size);
  }
}

/** The bytes of a tensor that lies in an external file. Throws model.external-data. */
export async function readExternal(tensor: TensorProto, directory: string): Promise<Uint8Array> {
  const path = join(directory, externalLocation(tensor));
  const { offset, length } = placeOf(tensor, path, await sizeOf(path, directory, tensor));
  const bytes = new Uint8Array(length);
  const file = await open(path, "r").catch((cause: unknown) => {
    throw cannotOpen(tensor, path, cause);
  });
  try {
    for (let done = 0; done < length; ) {
      // The system reads less than 2 GiB at once.
      const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), offset + done);
      if (bytesRead === 0) throw tooShort(tensor, path, offset, length, offset + done);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function placeOf(tensor: TensorProto, path: string, size: number): { offset: number; length: number } {
  const offset = numberOf(tensor, "offset", path) ?? 0;
  const length = numberOf(tensor, "length", path) ?? Math.max(0, size - offset);
  if (offset + length > size) throw tooShort(tensor, path, offset, length, size);
  return { offset, length };
}

function numberOf(tensor: TensorProto, key: string, path: string): number | undefined {
  const text = entryOf(tensor, key);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new CatwiseError("model.external-data", `Tensor "${tensor.name}" gives ${key} "${text}"; expected a number of bytes.`, { place: { file: path }, remedy: "Export the model again." });
  return Number(text);
}

function entryOf(tensor: TensorProto, key: string): string | undefined {
  return tensor.externalData.find((entry) => entry.key === key)?.value;
}

async function sizeOf(path: string, directory: string, tensor: TensorProto): Promise<number> {
  const about = await stat(path).catch((cause: unknown) => {
    throw cannotOpen(tensor, path, cause);
  });
  if (!about.isFile()) throw cannotOpen(tensor, path, undefined);
  // Links inside the folder are followed; one that leads out of it could bring any file of the computer into a model that is passed on, and the runtime refuses it too.
  const [real, folder] = await Promise.all([realpath(path), realpath(directory)]);
  const way = relative(folder, real);
  if (isAbsolute(way) || way.split(sep)[0] === "..")
    throw new CatwiseError("model.external-data", `The model keeps weights ("${tensor.name}") in this file, which is a link that leads out of the model's folder.`, { place: { file: path }, remedy: "Put a copy of the file there instead of the link." });
  return about.size;
}

function cannotOpen(tensor: TensorProto, path: string, cause: unknown): CatwiseError {
  return new CatwiseError("model.external-data", `The model keeps weights ("${tensor.name}") in this file, and it cannot be opened.`, { place: { file: path }, remedy: "Put the file beside the model.", cause });
}

function tooShort(tensor: TensorProto, path: string, offset: number, length: number, size: number): CatwiseError {
  return new CatwiseError("model.external-data", `Expected ${length} bytes for "${tensor.name}" at ${offset}; the file ends at ${size}.`, { place: { file: path }, remedy: "Copy the file again." });
}
