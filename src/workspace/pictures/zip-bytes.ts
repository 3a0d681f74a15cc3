/** Reading pieces of a zip archive. */
import type { FileHandle } from "node:fs/promises";
import { CatwiseError } from "../../errors.ts";

/** The content of an extra field by its number; null where it is not there. */
export function extraField(extra: Uint8Array, id: number): Uint8Array | null {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === id) return at + 4 + length <= extra.length ? extra.subarray(at + 4, at + 4 + length) : null;
    at += 4 + length;
  }
  return null;
}

/** Errors: file.truncated. */
export async function readAt(file: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new CatwiseError("file.truncated", `the archive ends before byte ${offset + length}.`, { place: { file: path }, remedy: "Copy or send it again." });
    done += bytesRead;
  }
  return bytes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
