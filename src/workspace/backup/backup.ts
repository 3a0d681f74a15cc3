/**
 * A workspace in one file, while it is in use: a tar archive of the database as it was at one moment (SQLite's own backup), of every file it names, and at the end of a list with the size and
 * SHA-256 of each, without which it is not taken for whole. Small pictures for the screen are left out: they are made again when they are asked for.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { Database } from "../store/database.ts";
import { prepareFolder } from "../store/folder.ts";
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
 * Writes the workspace into `file`, whole or not at all; whoever works in it goes on meanwhile. Errors: workspace.missing; output.exists where the file is there and `replace` is not true; output.*.
 */
export async function backUp(workspace: string, file: string, replace = false): Promise<BackupContent> {
  if (existsSync(file) && !replace) throw new CatwiseError("output.exists", "the file is there already.", { place: { file }, remedy: "Choose another name." });
  const folder = prepareFolder(workspace, false);
  const partial = `${file}.partial`;
  const snapshot = join(folder.tmp, `backup-${process.pid}.sqlite`);
  try {
    const referenced = await snapshotOf(folder.database, snapshot);
    await mkdir(dirname(file), { recursive: true });
    const output = await open(partial, "w", 0o600);
    const listed: Listed[] = [];
    try {
      listed.push(await append(output, join(folder.path, "workspace.json"), "workspace.json"));
      listed.push(await append(output, snapshot, databaseName));
      for (const each of folders) for await (const name of filesBelow(folder.path, each)) listed.push(await append(output, join(folder.path, name), name));
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
 * a file that is none or is damaged; workspace.newer; output.exists; output.*.
 */
export async function restore(file: string, workspace: string): Promise<BackupContent> {
  if (!existsSync(file)) throw new CatwiseError("file.missing", "there is no such file.", { place: { file } });
  if (existsSync(workspace) && (await readdir(workspace)).length > 0) throw new CatwiseError("output.exists", "the folder is not empty.", { place: { file: workspace }, remedy: "Choose a new folder: nothing is ever restored over a workspace." });
  const partial = `${workspace.replace(/[/\\]+$/, "")}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
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
    await rm(workspace, { recursive: true, force: true });
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

async function append(output: FileHandle, path: string, name: string): Promise<Listed> {
  const { size } = await stat(path);
  await writeAll(output, tarHeader(name, size));
  const hash = createHash("sha256");
  let written = 0;
  // A file that grows meanwhile is kept up to the length that was told.
  if (size > 0) {
    for await (const piece of createReadStream(path, { end: size - 1, highWaterMark: 1 << 20 })) {
      const bytes = piece as Uint8Array;
      hash.update(bytes);
      written += bytes.length;
      await writeAll(output, bytes);
    }
  }
  if (written !== size) throw new CatwiseError("features.changed", "a file of the workspace changed while it was being read.", { place: { file: path }, remedy: "Back up again when nothing works in it." });
  await writeAll(output, tarPadding(size));
  return { name, size, sha256: hash.digest("hex") };
}

async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(root, name);
    else if (entry.isFile() && isOwnName(name)) yield name;
  }
}

/** Names of a workspace's own files: plain words, and never a way out of the folder. */
function isOwnName(name: string): boolean {
  if (name === "workspace.json" || name === databaseName) return true;
  const [first, ...rest] = name.split("/");
  return (folders as readonly string[]).includes(first!) && rest.length > 0 && rest.every((part) => /^[A-Za-z0-9][\w.-]*$/.test(part)) && Buffer.byteLength(name) <= 100;
}

async function extract(content: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
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
  if (thrown.code === "ENOSPC" || thrown.code === "EDQUOT") return new CatwiseError("output.no-space", "the disk is full; nothing was kept.", { place: { file }, remedy: "Free some space or choose another disk.", cause: thrown });
  return new CatwiseError("output.unwritable", `it cannot be written (${thrown.message}).`, { place: { file }, remedy: "Choose a place you may write to.", cause: thrown });
}
