import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { CatwiseError } from "../../errors.ts";

/** A regular file open for reading, and its size in bytes. */
export interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly size: number;
}

/** One read asks for at most this much: the system refuses more than 2^31 - 1 bytes at once. */
export const chunkBytes = 1 << 24;

/**
 * Opens a regular, non-empty file, lets `use` read it, and closes it whatever happens.
 * Errors: file.missing, file.unreadable (permission, folder, device), file.empty.
 */
export async function withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    if (!status.isFile()) throw new CatwiseError("file.unreadable", `expected a file, found a ${status.isDirectory() ? "folder" : "device"}.`, { place: { file: path } });
    if (status.size === 0) throw new CatwiseError("file.empty", "the file is empty.", { place: { file: path } });
    return await use({ path, handle, size: status.size });
  } catch (error) {
    throw describeReadFailure(error, path);
  } finally {
    await handle?.close();
  }
}

/** Fills `target` from `position` on, in chunks; file.truncated when the file ends before. */
export async function readExactly(file: OpenFile, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.handle.read(target, done, Math.min(chunkBytes, target.length - done), position + done);
    if (bytesRead === 0) throw truncated(file.path, position + target.length, position + done);
    done += bytesRead;
  }
}

/** The error for a file that ends at `size` though its header asks for `needed` bytes. */
export function truncated(path: string, needed: number, size: number): CatwiseError {
  return new CatwiseError("file.truncated", `expected ${needed} bytes by its own header, the file ends after ${size}.`, {
    place: { file: path },
    remedy: "Copy or make the file again.",
  });
}

/** SHA-256 of a file's content in lower-case hexadecimal, read in chunks. Errors as withFile, except that an empty file has a sum. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const buffer = new Uint8Array(1 << 20);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } catch (error) {
    throw describeReadFailure(error, path);
  } finally {
    await handle?.close();
  }
}

/** A failure of the system while reading `path`, as a CatwiseError; anything else comes back as it is. */
export function describeReadFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof CatwiseError || !("code" in error)) return error;
  const options = { place: { file: path }, cause: error };
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new CatwiseError("file.missing", "there is no such file.", { ...options, remedy: "Check the path." });
    case "EISDIR":
      return new CatwiseError("file.unreadable", "expected a file, found a folder.", options);
    case "EACCES":
    case "EPERM":
      return new CatwiseError("file.unreadable", "the file may not be read.", { ...options, remedy: "Change its permissions." });
    case "ENAMETOOLONG":
    case "ELOOP":
    case "EIO":
    case "ENXIO":
    case "ENODEV":
    case "ERR_INVALID_ARG_VALUE":
      return new CatwiseError("file.unreadable", `the file cannot be read (${error.code}).`, options);
    default:
      return error;
  }
}
