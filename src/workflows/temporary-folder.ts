/** Many files that must appear together or not at all are made in a temporary folder and moved when all are whole. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Lets `use` fill a new folder inside `folder`, which exists, then moves what is there into `folder`, over what has the same name.
 * The new folder's name begins with `prefix`. It goes whatever happens, also when the process is ended by `process.exit`.
 */
export async function fillFolder<T>(folder: string, prefix: string, use: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = join(folder, `${prefix}.${randomBytes(6).toString("hex")}.tmp`);
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
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
    await rm(temporary, { recursive: true, force: true });
    process.off("exit", remove);
  }
}
