/** Where pictures of a job come from. */
import { rm } from "node:fs/promises";
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

/** To be called when the job is done. */
export async function removeSent(source: PictureSource): Promise<void> {
  if (source.kind === "zip") await rm(source.path, { force: true });
  if (source.kind === "files") for (const { path } of source.files) await rm(path, { force: true });
}
