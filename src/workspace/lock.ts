/** One run at a time on what lies at a path. */
import { rmSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { CatwiseError } from "../errors.ts";

/**
 * Runs `use` while the file `path` holds this process's id, and removes it afterwards. A lock whose process is gone (a kill, a power cut) is taken
 * over. Errors: output.exists while another process holds it; output.unwritable, output.no-space; what `use` throws passes through.
 */
export async function withLock<T>(path: string, use: () => Promise<T>): Promise<T> {
  if (!(await tryToLock(path))) {
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    if (isRunning(holder)) {
      throw new CatwiseError("output.exists", `another run (process ${holder}) is writing there.`, { place: { file: path.replace(/\.lock$/, "") }, remedy: "Wait until it has ended, or choose another output." });
    }
    await rm(path, { force: true });
    if (!(await tryToLock(path))) throw new CatwiseError("output.exists", "another run has just begun to write there.", { place: { file: path.replace(/\.lock$/, "") }, remedy: "Choose another output." });
  }
  const release = (): void => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await use();
  } finally {
    process.off("exit", release);
    release();
  }
}

async function tryToLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.write(String(process.pid));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EEXIST") return false;
    if (code === "ENOSPC" || code === "EDQUOT") {
      await rm(path, { force: true });
      throw new CatwiseError("output.no-space", "the disk is full.", { place: { file: path }, remedy: "Free some space or choose another disk.", cause: error });
    }
    throw new CatwiseError("output.unwritable", "no file can be made there.", { place: { file: path }, remedy: "Choose a folder you may write to.", cause: error });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
