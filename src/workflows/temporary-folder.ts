/** Many files that must appear together or not at all are made in a temporary folder and moved when all are whole. */
import { randomBytes } from "node:crypto";
import { rmdirSync, rmSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Lets `use` fill a new folder inside `folder`, which exists, then moves what is there into `folder`, over what has the same name.
 * The new folder's name begins with `prefix`. It goes whatever happens, also when the process is ended by `process.exit`. `created`: the topmost of the folders,
 * down to `folder`, that were made for this; where nothing comes of it, those of them that are empty go too.
 */
export async function fillFolder<T>(folder: string, prefix: string, created: string | undefined, use: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = join(folder, `${prefix}.${randomBytes(6).toString("hex")}.tmp`);
  const remove = (): void => {
    rmSync(temporary, { recursive: true, force: true });
    if (created !== undefined) removeEmpty(resolve(folder), created);
  };
  process.once("exit", remove);
  try {
    await mkdir(temporary);
    const result = await use(temporary);
    for (const name of await readdir(temporary)) {
      await rm(join(folder, name), { recursive: true, force: true });
      await rename(join(temporary, name), join(folder, name));
    }
    return result;
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** Removes `folder` and those above it up to `topmost`, as long as they are empty. */
function removeEmpty(folder: string, topmost: string): void {
  try {
    for (let path = folder; path.length >= topmost.length; path = dirname(path)) rmdirSync(path);
  } catch {
    // Not empty: somebody's, or what was asked for.
  }
}
