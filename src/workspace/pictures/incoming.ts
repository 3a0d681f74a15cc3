/** Where pictures come from before they are in the workspace: files, or a folder. Archives are in zip.ts. */
import { readFile } from "node:fs/promises";
import { describeReadFailure, listImages } from "../../model/index.ts";

/** Something that may be a picture. */
export interface IncomingPicture {
  /** What it is called: folders and all, "/" between them, Unicode NFC. Never used as a path. */
  readonly name: string;
  /** Where its bytes lie on this computer; null where they do not lie in a file of their own. */
  readonly path: string | null;
  readonly bytes: number;
  /** Reads it whole. Errors: file.*; those of the archive. */
  read(): Promise<Uint8Array>;
}

/** Pictures with how many there are: known before the first is read, so that progress has a true total. */
export interface IncomingPictures {
  readonly total: number;
  /** Files that lie there and are left alone (folders of macOS's own, names that begin with a dot). */
  readonly ignored: number;
  pictures(): AsyncIterable<IncomingPicture>;
  close(): Promise<void>;
}

/** One picture may have this many bytes; a larger file is refused before it is read. */
export const mostBytes = 500_000_000;

/**
 * A name as it is kept: separators "/", Unicode NFC, without drive, leading or doubled separators, "." and "..", and control characters. Only for people to read and for groups: no path is
 * ever made of it. "picture" where nothing is left.
 */
export function tidyName(name: string): string {
  const parts = name
    .normalize("NFC")
    .replaceAll("\\", "/")
    .replace(/^[A-Za-z]:/, "")
    .split("/")
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    .map((part) => part.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "").trim())
    .filter((part) => part !== "" && part !== "." && part !== "..");
  const whole = parts.join("/");
  // The end tells pictures apart; what is cut off is the way there.
  const kept = whole.length > 400 ? whole.slice(-400).replace(/^[./]+/, "") : whole;
  return kept === "" ? "picture" : kept.toWellFormed();
}

/** Whether people put it there: not a name that begins with a dot, and not what macOS adds to archives. */
export function isMeant(name: string): boolean {
  return !name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
}

/** Files by the names people gave them, such as what a browser sent and is now in tmp/. */
export function incomingFiles(files: readonly { readonly name: string; readonly path: string; readonly bytes: number }[]): IncomingPictures {
  const meant = files.map((file) => ({ ...file, name: tidyName(file.name) })).filter(({ name }) => isMeant(name));
  return incoming(meant, files.length - meant.length);
}

/** A folder of this computer and all below it. Errors: file.missing, file.unreadable, features.duplicate-id. */
export async function incomingFolder(folder: string): Promise<IncomingPictures> {
  const files = await listImages(folder);
  return incoming(files.map(({ id, path, bytes }) => ({ name: tidyName(id), path, bytes })), 0);
}

function incoming(files: readonly { readonly name: string; readonly path: string; readonly bytes: number }[], ignored: number): IncomingPictures {
  return {
    total: files.length,
    ignored,
    async *pictures() {
      for (const file of files) yield { ...file, read: () => readWhole(file.path) };
    },
    close: () => Promise.resolve(),
  };
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw describeReadFailure(error, path);
  }
}
