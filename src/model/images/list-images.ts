/** The files of a folder that may be pictures. Whether they are is found out by decoding: names lie. */
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";

/** A picture found in a folder. */
export interface ImageFile {
  /** Path relative to the folder, "/" between parts, Unicode NFC: the same on every system, and what labels call the image. */
  readonly id: string;
  /** Where the file is on this system. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970; tells a changed file from an unchanged one. */
  readonly modified: number;
}

/**
 * Every file below `folder`, sorted by id (by UTF-16 code units, so the order depends on no locale). Names that begin with a dot are
 * ignored; links are followed, a folder reached twice is read once. Errors: file.missing, file.unreadable; features.duplicate-id
 * when two names differ only in Unicode composition.
 */
export async function listImages(folder: string): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  await walk(folder, "", files, new Set());
  files.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (let index = 1; index < files.length; index++) {
    if (files[index]?.id === files[index - 1]?.id) {
      throw new CatwiseError("features.duplicate-id", `two files have the name "${files[index]?.id}" but for Unicode composition.`, {
        place: { file: folder },
        remedy: "Rename one of them.",
      });
    }
  }
  return files;
}

async function walk(folder: string, prefix: string, files: ImageFile[], visited: Set<string>): Promise<void> {
  let names: string[];
  try {
    const real = await realpath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    names = (await readdir(folder)).sort();
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new CatwiseError(missing ? "file.missing" : "file.unreadable", "expected a folder of images.", { place: { file: folder }, cause });
  }
  for (const name of names) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    const id = `${prefix}${name.normalize("NFC")}`;
    // A dangling link stays in the list with no bytes: decoding reports it, so that it is not silently missing.
    const about = await stat(path).catch(() => null);
    if (about?.isDirectory()) await walk(path, `${id}/`, files, visited);
    else if (about === null || about.isFile()) files.push({ id, path, bytes: about?.size ?? 0, modified: about?.mtimeMs ?? 0 });
  }
}
