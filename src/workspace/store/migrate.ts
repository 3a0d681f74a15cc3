import { readFileSync, readdirSync } from "node:fs";
import { CatwiseError } from "../../errors.ts";
import type { Database } from "./database.ts";

const folder = new URL("./migrations/", import.meta.url);

/** A step of the schema: `number` is the version of the database after it. */
export interface Migration {
  readonly number: number;
  readonly sql: string;
}

/** The steps in their order: files NNN-name.sql. */
export function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{3}-.+\.sql$/.test(name))
    .sort()
    .map((name) => ({ number: Number(name.slice(0, 3)), sql: readFileSync(new URL(name, folder), "utf8") }));
}

/**
 * Brings a database to the newest schema, each step in a transaction of its own; a step that fails leaves the database at the one before. Foreign keys are
 * off meanwhile, as steps that rebuild a table need it, and checked before each commit.
 * Errors: workspace.newer for a database of a later Catwise; file.malformed where a step would leave a reference into nothing.
 */
export function migrate(database: Database, steps: readonly Migration[] = migrations()): void {
  const newest = steps.at(-1)?.number ?? 0;
  const version = (): number => database.get<{ user_version: number }>("pragma user_version")?.user_version ?? 0;
  if (version() > newest) {
    throw new CatwiseError("workspace.newer", `this workspace was written by a newer Catwise (schema ${version()}, this one knows ${newest}).`, { place: { file: database.file }, remedy: "Install that version, or restore a backup made before." });
  }
  if (version() === newest) return;
  database.script("pragma foreign_keys = off");
  try {
    for (const { number, sql } of steps) {
      database.write(() => {
        // Read within the transaction: another process may have taken the step meanwhile.
        if (version() >= number) return;
        database.script(sql);
        if (database.all("pragma foreign_key_check").length > 0) throw new CatwiseError("file.malformed", `step ${number} of the schema would leave references into nothing.`, { place: { file: database.file } });
        database.script(`pragma user_version = ${number}`);
      });
    }
  } finally {
    database.script("pragma foreign_keys = on");
  }
}
