import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CatwiseError } from "../../errors.ts";

/** Where things lie in a workspace folder (docs/decisions/0080). Names inside are made from ids and hashes alone. */
export interface WorkspaceFolder {
  readonly path: string;
  readonly database: string;
  readonly pictures: string;
  readonly thumbnails: string;
  readonly models: string;
  readonly features: string;
  readonly versions: string;
  readonly jobs: string;
  readonly tmp: string;
}

/** The layout of the folder; the schema inside the database is counted apart. */
const format = 1;

/** The places within a workspace folder, whether they exist or not. */
export function workspaceFolder(path: string): WorkspaceFolder {
  const at = (name: string): string => join(resolve(path), name);
  return { path: resolve(path), database: at("catwise.sqlite"), pictures: at("pictures"), thumbnails: at("thumbnails"), models: at("models"), features: at("features"), versions: at("versions"), jobs: at("jobs"), tmp: at("tmp") };
}

/** Whether a workspace has begun to be in the folder. */
export function hasWorkspace(path: string): boolean {
  return existsSync(markOf(workspaceFolder(path)));
}

/**
 * A workspace folder ready for use: an empty or missing folder becomes one, unless `create` is false; where that fails, nothing of it stays.
 * Errors: workspace.missing where there is none and none may be made; output.exists for a folder with something else in it; workspace.newer for another layout; output.unwritable, output.no-space.
 */
export function prepareFolder(path: string, create: boolean): WorkspaceFolder {
  const folder = workspaceFolder(path);
  const mark = markOf(folder);
  const place = { file: path };
  const isNew = !existsSync(mark);
  try {
    if (isNew) {
      if (!create) throw new CatwiseError("workspace.missing", "there is no workspace.", { place, remedy: `Make one: catwise serve --workspace ${path}` });
      if (existsSync(folder.path) && readdirSync(folder.path).length > 0) throw new CatwiseError("output.exists", "the folder holds something else than a workspace.", { place, remedy: "Choose an empty or new folder." });
      mkdirSync(folder.path, { recursive: true, mode: 0o700 });
      // Whole or not there: what is no JSON would never be taken for a workspace again, nor for an empty folder.
      writeFileSync(`${mark}.partial`, `${JSON.stringify({ format })}\n`);
      renameSync(`${mark}.partial`, mark);
    } else {
      const told: unknown = JSON.parse(readFileSync(mark, "utf8"));
      const found = typeof told === "object" && told !== null && "format" in told ? told.format : null;
      if (found !== format) throw new CatwiseError("workspace.newer", `expected a workspace of format ${format}, got ${String(found)}.`, { place, remedy: "Install the version of Catwise that made it." });
    }
    for (const each of roomsOf(folder)) mkdirSync(each, { recursive: true });
  } catch (thrown) {
    if (thrown instanceof CatwiseError) throw thrown;
    if (isNew) removeNewWorkspace(folder);
    if (thrown instanceof Error && "code" in thrown && (thrown.code === "ENOSPC" || thrown.code === "EDQUOT")) throw new CatwiseError("output.no-space", "the disk is full; nothing was made.", { place, remedy: "Free some space or choose another disk.", cause: thrown });
    if (thrown instanceof SyntaxError) throw new CatwiseError("file.malformed", "workspace.json is not JSON.", { place, cause: thrown });
    throw new CatwiseError("output.unwritable", "the folder cannot be made or read.", { place, remedy: "Choose a folder you may write to.", cause: thrown });
  }
  return folder;
}

/** Takes back what `prepareFolder` and a database that could not be opened have just made: files of a workspace by their names, its folders and the folder itself where they are empty. */
export function removeNewWorkspace(folder: WorkspaceFolder): void {
  try {
    for (const file of [folder.database, `${folder.database}-wal`, `${folder.database}-shm`, markOf(folder), `${markOf(folder)}.partial`]) rmSync(file, { force: true });
    for (const each of [...roomsOf(folder), folder.path]) if (existsSync(each)) rmdirSync(each);
  } catch {
    // Something else is in it by now, or it may not be removed: the failure before is the one worth telling.
  }
}

function markOf({ path }: WorkspaceFolder): string {
  return join(path, "workspace.json");
}

function roomsOf({ pictures, thumbnails, models, features, versions, jobs, tmp }: WorkspaceFolder): string[] {
  return [pictures, thumbnails, models, features, versions, jobs, tmp];
}
