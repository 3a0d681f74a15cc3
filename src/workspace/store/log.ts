import { createHash } from "node:crypto";
import type { Database } from "./database.ts";

/** One thing somebody did, as it is kept for ever. */
export interface StoredLogEntry {
  readonly id: string;
  readonly at: string;
  readonly person: string | null;
  readonly action: string;
  readonly version: string | null;
  /** What it is called. */
  readonly versionNumber: number | null;
  readonly category: string | null;
  /** What it is called now; null: none is meant. */
  readonly categoryName: string | null;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** What is told of an act when it is written down. */
export interface LogRequest {
  readonly project?: string | null;
  readonly person: string | null;
  readonly action: string;
  readonly version?: string | null;
  readonly category?: string | null;
  readonly reason?: string | null;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** What a log page is cut by. */
export interface LogQuery {
  /** Entries older than this one. */
  readonly before?: string;
  readonly person?: string;
  readonly category?: string;
  readonly limit?: number;
}

interface Row {
  readonly id: string;
  readonly project: string | null;
  readonly at: string;
  readonly person: string | null;
  readonly action: string;
  readonly version: string | null;
  readonly category: string | null;
  readonly reason: string | null;
  readonly details: string;
  readonly hash: string;
}

const columns = "cast(id as text) as id, cast(project as text) as project, at, cast(person as text) as person, action, cast(version as text) as version, cast(category as text) as category, reason, details, hash";

/** Who did what and why, added to and never changed: each entry's hash covers its content and the hash before it. */
export class Log {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ project = null, person, action, version = null, category = null, reason = null, details = {} }: LogRequest): string {
    return this.#database.write(() => {
      const former = this.#database.get<{ id: number; hash: string }>("select id, hash from log order by id desc limit 1");
      const id = String(this.#lastId() + 1);
      const row = { id, project, at: this.#database.now(), person, action, version, category, reason, details: JSON.stringify(details) };
      this.#database.run(
        "insert into log (id, project, at, person, action, version, category, reason, details, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, project, row.at, person, action, version, category, reason, row.details, hashOfEntry(former?.hash ?? "", row),
      );
      return id;
    });
  }

  /** Newest first, at most `limit` (200) of those that fit; `earlier`: whether there are more of them, before the last of these. */
  list(project: string | null, { before, person, category, limit = 200 }: LogQuery = {}): { readonly count: number; readonly entries: StoredLogEntry[]; readonly earlier: boolean } {
    const most = Math.min(limit, 200);
    const where = ["project is ?", ...(person === undefined ? [] : ["person = ?"]), ...(category === undefined ? [] : ["category = ?"])].join(" and ");
    const values = [project, ...(person === undefined ? [] : [person]), ...(category === undefined ? [] : [category])];
    const { n: count } = this.#database.get<{ n: number }>(`select count(*) as n from log where ${where}`, ...values)!;
    const rows = this.#database.all<Row & Pick<StoredLogEntry, "versionNumber" | "categoryName">>(`select ${columns}, (select number from version v where v.id = log.version) as versionNumber, (select name from category c where c.id = log.category) as categoryName from log where ${where} and log.id < ? order by log.id desc limit ?`, ...values, before ?? Number.MAX_SAFE_INTEGER, most + 1);
    return { count, earlier: rows.length > most, entries: rows.slice(0, most).map(({ hash: _hash, project: _project, details, ...rest }) => ({ ...rest, details: JSON.parse(details) as StoredLogEntry["details"] })) };
  }

  /** Whether every entry is what was written, in its place, and none is missing at the end. */
  isWhole(): boolean {
    let former = "";
    let last = 0;
    for (const row of this.#database.all<Row>(`select ${columns} from log order by log.id`)) {
      if (row.hash !== hashOfEntry(former, row) || Number(row.id) !== last + 1) return false;
      former = row.hash;
      last = Number(row.id);
    }
    return last === this.#lastId();
  }

  /** SQLite remembers the last id it gave even when its row is gone. */
  #lastId(): number {
    return this.#database.get<{ seq: number }>("select seq from sqlite_sequence where name = 'log'")?.seq ?? 0;
  }
}

function hashOfEntry(former: string, { id, project, at, person, action, version, category, reason, details }: Omit<Row, "hash">): string {
  return createHash("sha256").update(JSON.stringify([former, id, project, at, person, action, version, category, reason, details])).digest("hex");
}
