/**
 * A workspace in one file, while it is in use: a tar archive of the database as it was at one moment (SQLite's own backup), of every file it names, and at the end of a list with the size and
 * SHA-256 of each, without which it is not taken for whole. Small pictures for the screen are left out: they are made again when they are asked for.
 */
import { createHash, randomBytes } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, mkdir, open, readdir, realpath, rename, rm, rmdir, stat, type FileHandle } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { Database } from "../store/database.ts";
import { hasWorkspace, prepareFolder, type WorkspaceFolder } from "../store/folder.ts";
import { lockName } from "../features/feature-shards.ts";
import { openStore } from "../store/index.ts";
import { damaged, readTar, tarEnd, tarHeader, tarPadding, writeAll } from "./tar.ts";

/** What a backup or a restored workspace holds. */
export interface BackupContent {
  readonly files: number;
  readonly bytes: number;
  /** Pictures that were never copied into the workspace, and so are not in the backup either. */
  readonly referenced: number;
}

interface Listed {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const listName = "catwise-backup.json";
const databaseName = "catwise.sqlite";
/** What is worth keeping; the rest is made again or is on its way. */
const folders = ["pictures", "models", "features", "versions", "jobs"] as const;

/**
 * Writes the workspace into `file`, whole or not at all; whoever works in it goes on meanwhile. Errors: workspace.missing; output.exists where the file is there; output.unwritable for a place that is not there, one inside the
 * workspace, and a workspace that may not be written (SQLite needs that to read it while others write); output.*.
 */
export async function backUp(workspace: string, file: string): Promise<BackupContent> {
  if (existsSync(file)) throw new CatwiseError("output.exists", "the file is there already.", { place: { file }, remedy: "Choose another name." });
  const folder = await folderToBackUp(workspace);
  await requirePlace(file, folder.path);
  const partial = `${file}.partial`;
  const snapshot = join(folder.tmp, `backup-${process.pid}.sqlite`);
  try {
    const referenced = await snapshotOf(folder.database, snapshot);
    const output = await open(partial, "w", 0o600);
    const listed: Listed[] = [];
    try {
      listed.push(await append(output, join(folder.path, "workspace.json"), "workspace.json"));
      listed.push(await append(output, snapshot, databaseName));
      for (const each of folders) for await (const name of filesBelow(folder.path, each)) {
        const added = await append(output, join(folder.path, name), name).catch((thrown: unknown) => {
          // What a job keeps goes when the job ends or gets its place elsewhere: it was on its way, and the snapshot names nothing of it.
          if (each === "jobs" && isCode(thrown, "ENOENT")) return null;
          throw thrown;
        });
        if (added !== null) listed.push(added);
      }
      const list = Buffer.from(JSON.stringify({ format: 1, files: listed }));
      await writeAll(output, tarHeader(listName, list.length));
      for (const piece of [list, tarPadding(list.length), tarEnd]) await writeAll(output, piece);
      await output.sync();
    } finally {
      await output.close();
    }
    await rename(partial, file);
    return { files: listed.length, bytes: listed.reduce((sum, { size }) => sum + size, 0), referenced };
  } catch (thrown) {
    throw outputFailure(thrown, file);
  } finally {
    await rm(partial, { force: true });
    await rm(snapshot, { force: true });
  }
}

/**
 * Makes a workspace of a backup in a new or empty folder, whole or not at all: every file is compared with the list, the database and the log are checked. Errors: file.missing; workspace.backup for
 * a file that is none or is damaged; workspace.newer; output.exists, also where the folder is no longer empty at the end; output.*.
 */
export async function restore(file: string, workspace: string): Promise<BackupContent> {
  if (!existsSync(file)) throw new CatwiseError("file.missing", "there is no such file.", { place: { file } });
  const taken = (): CatwiseError => new CatwiseError("output.exists", "the folder is not empty.", { place: { file: workspace }, remedy: "Choose a new folder: nothing is ever restored over a workspace." });
  if (existsSync(workspace) && !(await stat(workspace)).isDirectory()) throw new CatwiseError("output.exists", "there is a file of that name.", { place: { file: workspace }, remedy: "Choose a new folder." });
  if (existsSync(workspace) && (await readdir(workspace)).length > 0) throw taken();
  // Of this run alone: whatever else is called so is not ours to remove.
  const partial = `${workspace.replace(/[/\\]+$/, "")}.${randomBytes(4).toString("hex")}.partial`;
  try {
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const found = new Map<string, Listed>();
    let list: readonly Listed[] | null = null;
    for await (const { name, size, content } of readTar(file)) {
      if (name === listName) {
        list = await readList(content, file);
        continue;
      }
      if (!isOwnName(name)) throw damaged(file, `it holds "${name}", which is no file of a workspace`);
      found.set(name, { name, size, sha256: await extract(content, join(partial, name)) });
    }
    if (list === null) throw damaged(file, "its list of files is missing");
    for (const { name, size, sha256 } of list) {
      const got = found.get(name);
      if (got === undefined || got.size !== size || got.sha256 !== sha256) throw damaged(file, `"${name}" is not what was backed up`);
    }
    if (list.length !== found.size || !found.has(databaseName)) throw damaged(file, "files and list do not agree");
    const store = openStore(partial, { create: false });
    try {
      if (!store.isWhole() || !store.log.isWhole()) throw damaged(file, "its database is not whole");
    } finally {
      store.close();
    }
    // Not what is in it: whoever put something there meanwhile keeps it.
    if (existsSync(workspace)) await rmdir(workspace).catch((cause: unknown) => { throw isCode(cause, "ENOTEMPTY", "EEXIST") ? taken() : cause; });
    await rename(partial, workspace);
    const database = new Database(join(workspace, databaseName));
    const referenced = countReferenced(database);
    database.close();
    return { files: list.length, bytes: list.reduce((sum, { size }) => sum + size, 0), referenced };
  } catch (thrown) {
    throw outputFailure(thrown, workspace);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The workspace's folder where a snapshot of its database can be made. Errors: workspace.missing, output.unwritable. */
async function folderToBackUp(workspace: string): Promise<WorkspaceFolder> {
  const told = (cause: unknown): CatwiseError => new CatwiseError("output.unwritable", "the folder of the workspace may not be written, which reading its database needs.", { place: { file: workspace }, remedy: "Back up as whoever serves it, or, while nobody does, copy the folder as it is.", cause });
  if (!hasWorkspace(workspace)) return prepareFolder(workspace, false);
  await access(workspace, constants.W_OK).catch((cause: unknown) => {
    throw told(cause);
  });
  try {
    return prepareFolder(workspace, false);
  } catch (thrown) {
    throw thrown instanceof CatwiseError && thrown.code === "output.unwritable" ? told(thrown) : thrown;
  }
}

/** Errors: output.unwritable where the folder of the file is not there, or lies in the workspace: the next backup would hold this one. */
async function requirePlace(file: string, workspace: string): Promise<void> {
  const parent = dirname(resolve(file));
  const real = await realpath(parent).catch(() => null);
  if (real === null) throw new CatwiseError("output.unwritable", `there is no folder ${parent}.`, { place: { file }, remedy: "Make it first, or correct the path." });
  const way = relative(await realpath(workspace), real);
  if (way === "" || (way.split(sep)[0] !== ".." && !isAbsolute(way))) throw new CatwiseError("output.unwritable", "a backup cannot lie in the workspace it is made of.", { place: { file }, remedy: "Choose a place outside it, best on another disk." });
}

async function snapshotOf(source: string, target: string): Promise<number> {
  const { backup } = process.getBuiltinModule("node:sqlite");
  const database = new Database(source);
  try {
    await rm(target, { force: true });
    await backup(database.connection, target);
    return countReferenced(database);
  } finally {
    database.close();
  }
}

function countReferenced(database: Database): number {
  return database.get<{ n: number }>("select count(*) as n from content where reference is not null")?.n ?? 0;
}

/** Opened before anything is written of it: a file that is renamed or removed from then on is read to its end all the same. */
async function append(output: FileHandle, path: string, name: string): Promise<Listed> {
  const input = await open(path, "r");
  try {
    const { size } = await input.stat();
    await writeAll(output, tarHeader(name, size));
    const hash = createHash("sha256");
    let written = 0;
    // A file that grows meanwhile is kept up to the length that was told.
    if (size > 0) {
      for await (const piece of input.createReadStream({ start: 0, end: size - 1, highWaterMark: 1 << 20, autoClose: false })) {
        const bytes = piece as Uint8Array;
        hash.update(bytes);
        written += bytes.length;
        await writeAll(output, bytes);
      }
    }
    if (written !== size) throw new CatwiseError("features.changed", "a file of the workspace changed while it was being read.", { place: { file: path }, remedy: "Back up again when nothing works in it." });
    await writeAll(output, tarPadding(size));
    return { name, size, sha256: hash.digest("hex") };
  } finally {
    await input.close();
  }
}

async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(root, name);
    else if (entry.isFile() && isOwnName(name) && !isPassing(name)) yield name;
  }
}

/** Of whoever writes features just now: on another computer it would be of nobody. */
function isPassing(name: string): boolean {
  return name.startsWith("features/") && posix.basename(name) === lockName;
}

/** Names of a workspace's own files: plain words, and never a way out of the folder. */
function isOwnName(name: string): boolean {
  if (name === "workspace.json" || name === databaseName) return true;
  const [first, ...rest] = name.split("/");
  return (folders as readonly string[]).includes(first!) && rest.length > 0 && rest.every((part) => /^[A-Za-z0-9][\w.-]*$/.test(part)) && name.length <= 200;
}

async function extract(content: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash("sha256");
  const output = await open(path, "wx", 0o600);
  try {
    for await (const piece of content) {
      hash.update(piece);
      await writeAll(output, piece);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  return hash.digest("hex");
}

async function readList(content: AsyncIterable<Uint8Array>, file: string): Promise<readonly Listed[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(Buffer.from(piece));
  try {
    const { files } = JSON.parse(Buffer.concat(pieces).toString("utf8")) as { readonly files?: unknown };
    if (Array.isArray(files)) return files as Listed[];
  } catch {
    // Told below, as a list of another form is.
  }
  throw damaged(file, "its list of files cannot be read");
}

function outputFailure(thrown: unknown, file: string): unknown {
  if (thrown instanceof CatwiseError || !(thrown instanceof Error) || !("code" in thrown)) return thrown;
  if (isCode(thrown, "ENOSPC", "EDQUOT")) return new CatwiseError("output.no-space", "the disk is full; nothing was kept.", { place: { file }, remedy: "Free some space or choose another disk.", cause: thrown });
  return new CatwiseError("output.unwritable", "nothing can be written there.", { place: { file }, remedy: "Choose a place you may write to.", cause: thrown });
}

function isCode(thrown: unknown, ...codes: readonly string[]): boolean {
  return thrown instanceof Error && "code" in thrown && codes.includes(String(thrown.code));
}
