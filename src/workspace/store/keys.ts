import { notFound, present } from "./absence.ts";
import type { Database } from "./database.ts";

/** What a key allows a program. */
export type ScopeName = "predict" | "answers:read";

/** A key of a program; the key itself is nowhere kept. */
export interface StoredKey {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly start: string;
  readonly scopes: readonly ScopeName[];
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

interface Row extends Omit<StoredKey, "scopes"> {
  readonly scopes: string;
}

/** The last use is written down no more often than this, in milliseconds. */
const touchEvery = 60_000;
const columns =
  "cast(k.id as text) as id, cast(k.project as text) as project, k.name, k.start, k.scopes, (select name from person where id = k.created_by) as createdBy, k.created_at as createdAt, k.last_used_at as lastUsedAt, k.revoked_at as revokedAt";

/** Keys by which programs use a project. */
export class Keys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(project: string): StoredKey[] {
    return this.#database.all<Row>(`select ${columns} from api_key k where k.project = ? order by k.id`, project).map(toKey);
  }

  add(project: string, { name, start, hash, scopes }: { readonly name: string; readonly start: string; readonly hash: string; readonly scopes: readonly ScopeName[] }, person: string): StoredKey {
    const { id } = this.#database.run("insert into api_key (name, key_hash, start, project, scopes, created_by, created_at) values (?, ?, ?, ?, ?, ?, ?)", name, hash, start, project, scopes.join(" "), person, this.#database.now());
    return toKey(present(this.#database.get<Row>(`select ${columns} from api_key k where k.id = ?`, id), "key", id));
  }

  /** The key of that hash, unless it was revoked. */
  find(hash: string): StoredKey | null {
    const row = this.#database.get<Row>(`select ${columns} from api_key k where k.key_hash = ? and k.revoked_at is null`, hash);
    if (row === undefined) return null;
    const now = this.#database.milliseconds();
    if (row.lastUsedAt === null || now - Date.parse(row.lastUsedAt) > touchEvery) this.#database.besides(() => this.#database.run("update api_key set last_used_at = ? where id = ?", this.#database.now(), row.id));
    return toKey(row);
  }

  revoke(project: string, id: string): void {
    const { changes } = this.#database.run("update api_key set revoked_at = coalesce(revoked_at, ?) where id = ? and project = ?", this.#database.now(), id, project);
    if (changes === 0) throw notFound("key", id);
  }
}

function toKey({ scopes, ...row }: Row): StoredKey {
  return { ...row, scopes: scopes.split(" ") as ScopeName[] };
}
