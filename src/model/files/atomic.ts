import { rmSync } from "node:fs";
import { open, realpath, rename, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { chunkBytes } from "./open-file.ts";

/** Temporary files that exist now; what a signal handler has to remove. */
const pending = new Set<string>();

/**
 * Writes a file so that its path only ever holds the old content or the whole new one: the content goes to a temporary
 * file in the same folder, is flushed to the disk and then renamed. A symbolic link is written through, not replaced.
 *
 * `content` may be a function that fills the temporary file itself, for content too large to hold.
 * Errors: output.no-space, output.unwritable; what `content` throws passes through. The temporary file is removed.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array | ((temporaryPath: string) => Promise<void>),
): Promise<void> {
  const target = await followLink(path);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  pending.add(temporary);
  try {
    if (typeof content === "function") await content(temporary);
    else await writeFile(temporary, content, { flag: "wx" });
    const file = await open(temporary, "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // The first failure is the one worth telling.
    throw describeWriteFailure(error, path, temporary);
  } finally {
    pending.delete(temporary);
  }
}

/**
 * Writes byte arrays one after another, without a copy of them all. `check` sees the whole temporary file before it takes its name;
 * what it throws stops that. Errors as writeFileAtomically.
 */
export async function writePartsAtomically(path: string, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, check?: (temporaryPath: string) => Promise<void>): Promise<void> {
  await writeFileAtomically(path, async (temporary) => {
    const handle = await open(temporary, "wx");
    try {
      for await (const bytes of parts) {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, done, Math.min(chunkBytes, bytes.length - done));
          done += bytesWritten;
        }
      }
    } finally {
      await handle.close();
    }
    await check?.(temporary);
  });
}

/** Removes the temporary files of writes under way. Synchronous, for a signal handler that is about to exit. */
export function removeTemporaryFiles(): void {
  for (const path of pending) rmSync(path, { force: true });
  pending.clear();
}

async function followLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path); // Not there yet, which is the usual case; any other reason shows itself when writing.
  }
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: "Choose a folder you may write to.",
  EPERM: "Choose a folder you may write to.",
  EROFS: "The disk is read-only; choose another place.",
  ENOENT: "Create the folder first, or choose one that exists.",
  ENOTDIR: "A part of the path is a file; choose a path made of folders.",
  EISDIR: "The path is a folder; give the name of a file.",
  ENOTEMPTY: "The path is a folder; give the name of a file.",
  EEXIST: "The path is a folder; give the name of a file.",
  EINVAL: "Give the name of a file.",
  ENAMETOOLONG: "Choose a shorter name.",
  EFBIG: "The disk's format allows no file of this size; choose another disk.",
  EBUSY: "Close the program that has the file open.",
  ERR_INVALID_ARG_VALUE: "Give a path without a null character.",
};

function describeWriteFailure(error: unknown, path: string, temporary: string): unknown {
  if (!(error instanceof Error) || error instanceof CatwiseError || !("code" in error)) return error;
  const code = String(error.code);
  const options = { place: { file: path }, cause: error };
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new CatwiseError("output.no-space", "the disk is full, so nothing was written.", { ...options, remedy: "Free some space or choose another disk." });
  }
  // What fails on another path, such as a source being copied, is not the output's fault.
  if ("path" in error && typeof error.path === "string" && error.path !== temporary) return error;
  const remedy = remedies[code];
  if (remedy === undefined) return error;
  return new CatwiseError("output.unwritable", `cannot write here (${code}).`, { ...options, remedy });
}
