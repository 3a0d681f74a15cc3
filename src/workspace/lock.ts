/** One run at a time on what lies at a path. */
import { readFileSync, rmSync } from "node:fs";
import { open, readFile, rm, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { CatwiseError } from "../errors.ts";

/** How a lock is taken. */
export interface LockOptions {
  /**
   * Given: a lock that another run or thread of this very process holds is waited for, and this is called meanwhile, ten times a second; what it throws ends the waiting. Left out: such a lock is refused
   * as another process's is.
   */
  readonly waiting?: () => void | Promise<void>;
}

/** Milliseconds between two looks at a lock that is waited for. */
const patience = 100;

/**
 * Runs `use` while the file `path` holds this process's id (and the thread's, where it is not the first), and removes it afterwards. A lock whose process is gone (a kill, a power cut) is taken
 * over, also where its id was given to another process since; one whose thread alone is gone is released by `releaseLockOf`. Errors: output.exists while another process holds it; output.unwritable, output.no-space; what `use` throws passes through.
 */
export async function withLock<T>(path: string, use: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const release = await takeLock(path, options);
  try {
    return await use();
  } finally {
    release();
  }
}

/** Takes the lock for as long as the process runs, or until what it resolves to is called. Errors: as withLock. */
export async function takeLock(path: string, { waiting }: LockOptions = {}): Promise<() => void> {
  while (!(await tryToLock(path))) {
    const { holder, written } = await holderOf(path);
    const held = isRunning(holder) && !(await isAnother(holder, written));
    if (held && holder === process.pid && waiting !== undefined) {
      await waiting();
      await pause(patience);
      continue;
    }
    if (held) {
      throw new CatwiseError("output.exists", `another run (process ${holder}) is writing there.`, { place: { file: path.replace(/\.lock$/, "") }, remedy: "Wait until it has ended, or choose another output." });
    }
    await rm(path, { force: true });
    if (await tryToLock(path)) break;
    if (waiting === undefined) throw new CatwiseError("output.exists", "another run has just begun to write there.", { place: { file: path.replace(/\.lock$/, "") }, remedy: "Choose another output." });
  }
  const remove = (): void => rmSync(path, { force: true });
  process.once("exit", remove);
  return () => {
    process.off("exit", remove);
    remove();
  };
}

/** Removes the lock at `path` where it is that of a thread of this process which ended without releasing it. Synchronous: it is called where a thread's end is heard. */
export function releaseLockOf(thread: number, path: string): void {
  try {
    if (readFileSync(path, "utf8") === mark(thread)) rmSync(path, { force: true });
  } catch {
    // There is none.
  }
}

function mark(thread: number): string {
  return thread === 0 ? String(process.pid) : `${process.pid} ${thread}`;
}

/** The process that holds the lock, NaN where it says nothing, and when it was written. Whoever has just made it has not written its id yet: it is looked at twice. */
async function holderOf(path: string): Promise<{ readonly holder: number; readonly written: number }> {
  const read = (): Promise<string> => readFile(path, "utf8").catch(() => "");
  let said = await read();
  if (said === "") {
    await pause(patience / 2);
    said = await read();
  }
  const written = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now();
  return { holder: Number.parseInt(said, 10), written };
}

/** When this process began, milliseconds since 1970. */
const began = Date.now() - 1000 * process.uptime();

/** Whether the process of that id began after the lock was written: ids are given again, in a container the same ones at every start. Where the system does not tell (no /proc), it is taken for the one that wrote it. */
async function isAnother(pid: number, written: number): Promise<boolean> {
  // File times are told some milliseconds late; of other processes the beginning is told in hundredths of a second, reckoned from now.
  if (pid === process.pid) return began > written + 50;
  const [about, uptime] = await Promise.all([`/proc/${pid}/stat`, "/proc/uptime"].map((file) => readFile(file, "utf8").catch(() => "")));
  // After the name, which may hold anything, in brackets: the 20th field is the beginning, in hundredths of a second since the system's.
  const ticks = Number(about!.slice(about!.lastIndexOf(")") + 2).split(" ")[19]);
  return Date.now() - 1000 * Number.parseFloat(uptime!) + 10 * ticks > written + 1000;
}

async function tryToLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.write(mark(threadId));
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
