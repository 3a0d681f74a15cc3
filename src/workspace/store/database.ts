import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { CatwiseError } from "../../errors.ts";

/** What a statement may be given: booleans become 0 and 1, undefined is not allowed. */
export type SqlValue = string | number | boolean | null | Uint8Array;

/** How long a writer waits for a writer of another process, in milliseconds. */
const busyTimeout = 5000;

/** How long a change that nothing waits for is not tried again once it was left undone, in milliseconds. */
const rest = 60_000;

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const code = { busy: 5, locked: 6, readonly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 };

/**
 * One connection to the database of a workspace. Statements are prepared once; a change is on the disk when the function that made it returns
 * (write-ahead log, `synchronous = FULL`). Every failure of SQLite leaves as a CatwiseError: output.no-space, workspace.busy, output.unwritable, file.malformed.
 */
export class Database {
  readonly file: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #now: () => number;
  /** What is told of a change that was left undone; see besides. */
  onLeftUndone: (error: CatwiseError) => void = () => undefined;
  #leftUndone = false;
  #restUntil = 0;

  constructor(file: string, now: () => number = Date.now) {
    // Loaded late: whoever imports the library without a workspace needs no SQLite.
    const { DatabaseSync: Connection } = process.getBuiltinModule("node:sqlite");
    this.file = file;
    this.#now = now;
    this.#connection = this.#told(() => new Connection(file, { timeout: busyTimeout, enableForeignKeyConstraints: true }));
    this.#told(() => this.#connection.exec("pragma journal_mode = wal; pragma synchronous = full;"));
  }

  /** The connection itself, for backups. */
  get connection(): DatabaseSync {
    return this.#connection;
  }

  /** The time in UTC, ISO with milliseconds. */
  now(): string {
    return new Date(this.#now()).toISOString();
  }

  /** Milliseconds since 1970, by the same clock. */
  milliseconds(): number {
    return this.#now();
  }

  // oxlint-disable-next-line no-unnecessary-type-parameters -- as below
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#told(() => this.#statement(sql).all(...values.map(bound)) as Row[]);
  }

  // oxlint-disable-next-line no-unnecessary-type-parameters -- the caller knows the columns its SQL names; the compiler cannot
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#told(() => this.#statement(sql).get(...values.map(bound)) as Row | undefined);
  }

  /** The number of rows changed and the id of the row inserted last. */
  run(sql: string, ...values: readonly SqlValue[]): { readonly changes: number; readonly id: string } {
    const { changes, lastInsertRowid } = this.#told(() => this.#statement(sql).run(...values.map(bound)));
    return { changes: Number(changes), id: String(lastInsertRowid) };
  }

  /** Several statements without values: migrations and pragmas. */
  script(sql: string): void {
    this.#told(() => this.#connection.exec(sql));
  }

  /** All of `work` or nothing of it; within another write it is part of that. */
  write<T>(work: () => T): T {
    if (this.#connection.isTransaction) return work();
    this.script("begin immediate");
    try {
      const result = work();
      this.script("commit");
      return result;
    } catch (thrown) {
      // A full disk may have ended the transaction already.
      if (this.#connection.isTransaction) this.#connection.exec("rollback");
      throw thrown;
    }
  }

  /**
   * A change that nothing waits for, such as when somebody was last seen: where the disk is full or another process writes it is left undone, so that whoever only reads goes on. Told once, until one
   * succeeds again; and not tried for a minute, as each try may wait for that process. `now`: tried all the same. Whether it was done.
   */
  besides(work: () => void, now = false): boolean {
    if (!now && this.#now() < this.#restUntil) return false;
    try {
      this.write(work);
      this.#leftUndone = false;
      return true;
    } catch (thrown) {
      if (!(thrown instanceof CatwiseError) || !["output.no-space", "workspace.busy"].includes(thrown.code)) throw thrown;
      this.#restUntil = this.#now() + rest;
      if (!this.#leftUndone) this.onLeftUndone(thrown);
      this.#leftUndone = true;
      return false;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#connection.prepare(sql)));
    return statement;
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw translated(thrown, this.file);
    }
  }
}

function bound(value: SqlValue): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : value;
}

function translated(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Error && "errcode" in thrown && typeof thrown.errcode === "number")) return thrown;
  const options = { place: { file }, cause: thrown };
  switch (thrown.errcode & 0xff) {
    case code.full:
      return new CatwiseError("output.no-space", "the disk is full; nothing of this change was kept, and everything before it was.", { ...options, remedy: "Free some space and try again." });
    case code.busy:
    case code.locked:
      return new CatwiseError("workspace.busy", "another process is writing to the workspace.", { ...options, remedy: "Try again when it has ended." });
    case code.readonly:
    case code.cannotOpen:
    case code.io:
      return new CatwiseError("output.unwritable", `the database of the workspace cannot be opened or written (${thrown.message}).`, { ...options, remedy: "Choose a folder you may write to." });
    case code.corrupt:
    case code.notDatabase:
      return new CatwiseError("file.malformed", `the database of the workspace is damaged (${thrown.message}).`, { ...options, remedy: "Restore a backup: catwise restore FILE DIR" });
    default:
      return thrown;
  }
}
