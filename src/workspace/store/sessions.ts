import { CatwiseError } from "../../errors.ts";
import type { Database } from "./database.ts";
import type { People, StoredPerson } from "./people.ts";

/** A session ends this long after its last use, in milliseconds. */
export const sessionLife = 12 * 60 * 60 * 1000;
/** The last use is written down no more often than this, in milliseconds: looking at a page must not write to the disk each time. */
const touchEvery = 60_000;

/** Who is signed in, and the token that changes need besides the cookie. */
export interface StoredSession {
  readonly person: StoredPerson;
  readonly csrf: string;
}

/** The one-time link of the first start, and sessions. Only hashes of tokens are kept. */
export class Sessions {
  readonly #database: Database;
  readonly #people: People;

  constructor(database: Database, people: People) {
    this.#database = database;
    this.#people = people;
  }

  /** A new link; those before it, unused, are worth nothing any more. */
  offerSetup(tokenHash: string): void {
    this.#database.write(() => {
      this.#database.run("delete from setup_link where used_at is null");
      this.#database.run("insert into setup_link (token_hash, created_at) values (?, ?)", tokenHash, this.#database.now());
    });
  }

  /** Makes the administrator. Errors: setup.used where the link is unknown, was used, or somebody is there already. */
  setUp(tokenHash: string, name: string, password: string): StoredPerson {
    return this.#database.write(() => {
      const { changes } = this.#database.run("update setup_link set used_at = ? where token_hash = ? and used_at is null", this.#database.now(), tokenHash);
      if (changes === 0 || this.#people.count() > 0) throw new CatwiseError("setup.used", "this link was used already, or is not the newest.", { remedy: "Sign in, or start catwise serve again to get a new link." });
      return this.#people.add(name, "administrator", password);
    });
  }

  begin(person: string, tokenHash: string, csrf: string): void {
    this.#database.write(() => {
      const now = this.#database.now();
      this.#database.run("delete from session where expires_at < ?", now);
      this.#database.run("insert into session (token_hash, person, csrf, created_at, last_seen_at, expires_at) values (?, ?, ?, ?, ?, ?)", tokenHash, person, csrf, now, now, this.#expiry());
    });
  }

  /** The session of a token that has not ended, of a person who may sign in; using it lengthens it. */
  find(tokenHash: string): StoredSession | null {
    const row = this.#database.get<{ person: string; csrf: string; expires: string; seen: string }>(
      "select cast(person as text) as person, csrf, expires_at as expires, last_seen_at as seen from session where token_hash = ?",
      tokenHash,
    );
    const now = this.#database.now();
    if (row === undefined || row.expires < now) return null;
    const person = this.#people.get(row.person);
    if (person.disabledAt !== null) return null;
    if (Date.parse(now) - Date.parse(row.seen) > touchEvery) this.#database.besides(() => this.#database.run("update session set last_seen_at = ?, expires_at = ? where token_hash = ?", now, this.#expiry(), tokenHash));
    return { person, csrf: row.csrf };
  }

  /** Whether the session has not ended; asking does not lengthen it. */
  isOpen(tokenHash: string): boolean {
    return this.#database.get("select 1 from session s join person p on p.id = s.person where s.token_hash = ? and s.expires_at >= ? and p.disabled_at is null", tokenHash, this.#database.now()) !== undefined;
  }

  end(tokenHash: string): void {
    this.#database.run("delete from session where token_hash = ?", tokenHash);
  }

  #expiry(): string {
    return new Date(this.#database.milliseconds() + sessionLife).toISOString();
  }
}
