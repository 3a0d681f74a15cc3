/** Where pictures of a job come from. */
import { rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { incomingFiles, incomingFolder, incomingZip, type IncomingPictures } from "../../workspace/index.ts";

/** Files and archives that were sent lie in tmp/ until the job is done; a folder is read where it lies. */
export type PictureSource =
  | { readonly kind: "files"; readonly files: readonly { readonly name: string; readonly path: string; readonly bytes: number }[] }
  | { readonly kind: "zip"; readonly path: string }
  | { readonly kind: "folder"; readonly folder: string };

/** Errors: file.* of the source as a whole. */
export function openSource(source: PictureSource): Promise<IncomingPictures> {
  switch (source.kind) {
    case "files":
      return Promise.resolve(incomingFiles(source.files));
    case "zip":
      return incomingZip(source.path);
    case "folder":
      return incomingFolder(source.folder);
    default:
      throw new TypeError(`unknown source ${JSON.stringify(source satisfies never)}`);
  }
}

/** To be called when the job is done. The folder in which files and archives came goes with the last of them: what else came with them may be another job's. */
export async function removeSent(source: PictureSource): Promise<void> {
  if (source.kind === "folder") return;
  const paths = source.kind === "zip" ? [source.path] : source.files.map(({ path }) => path);
  for (const path of paths) await rm(path, { force: true });
  for (const folder of new Set(paths.map((path) => dirname(path)))) await rmdir(folder).catch(() => null);
}

/** The same for a file that came, alone or with others that belong to it, in a folder of `tmp`: all of that folder goes. A file elsewhere stays. */
export async function removeUpload(tmp: string, path: string): Promise<void> {
  const folder = dirname(path);
  if (dirname(folder) === tmp) await rm(folder, { recursive: true, force: true });
}
