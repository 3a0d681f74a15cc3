import { conflict, nameKey, notFound, present } from "./absence.ts";
import type { Database } from "./database.ts";

/** What a person may do, each including those before it. */
export type RoleName = "viewer" | "annotator" | "approver" | "administrator";

/** The roles, the fewest rights first. */
export const roles: readonly RoleName[] = ["viewer", "annotator", "approver", "administrator"];

/** Somebody who uses the workspace. */
export interface StoredPerson {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly createdAt: string;
  readonly disabledAt: string | null;
}

/** What may be told of a person anew; what is left out stays. */
export interface PersonChange {
  readonly name?: string;
  readonly role?: RoleName;
  /** The hash, not the password. */
  readonly password?: string;
  readonly disabled?: boolean;
}

const columns = "cast(id as text) as id, name, role, created_at as createdAt, disabled_at as disabledAt";

/** People, their rights and preferences. Nobody is ever removed, as answers and the log name them. */
export class People {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count(): number {
    return this.#database.get<{ n: number }>("select count(*) as n from person")!.n;
  }

  list(): StoredPerson[] {
    return this.#database.all(`select ${columns} from person order by person.id`);
  }

  get(id: string): StoredPerson {
    return present(this.#database.get<StoredPerson>(`select ${columns} from person where person.id = ?`, id), "person", id);
  }

  /** By name, whatever its width and case; with the password's hash. */
  byName(name: string): (StoredPerson & { readonly password: string | null }) | undefined {
    return this.#database.get(`select ${columns}, password from person where name_key = ?`, nameKey(name));
  }

  passwordOf(id: string): string | null {
    return present(this.#database.get<{ password: string | null }>("select password from person where id = ?", id), "person", id).password;
  }

  /** Errors: state.conflict for a name that is taken. */
  add(name: string, role: RoleName, password: string): StoredPerson {
    return this.#database.write(() => {
      this.#requireFree(name, null);
      const { id } = this.#database.run("insert into person (name, name_key, role, password, created_at) values (?, ?, ?, ?, ?)", name.trim(), nameKey(name), role, password, this.#database.now());
      return this.get(id);
    });
  }

  /** Errors: state.not-found; state.conflict for a name that is taken, and for what would leave nobody to administer. */
  change(id: string, { name, role, password, disabled }: PersonChange): StoredPerson {
    return this.#database.write(() => {
      const former = this.get(id);
      if (name !== undefined) {
        this.#requireFree(name, id);
        this.#database.run("update person set name = ?, name_key = ? where id = ?", name.trim(), nameKey(name), id);
      }
      if (role !== undefined) this.#database.run("update person set role = ? where id = ?", role, id);
      if (password !== undefined) this.#database.run("update person set password = ? where id = ?", password, id);
      if (disabled !== undefined) this.#database.run("update person set disabled_at = ? where id = ?", disabled ? (former.disabledAt ?? this.#database.now()) : null, id);
      if (this.#database.get("select 1 from person where role = 'administrator' and disabled_at is null limit 1") === undefined) {
        throw conflict("this would leave nobody who can administer.", "Make somebody else an administrator first.", "state.conflict.last-administrator", "role");
      }
      if (disabled === true || password !== undefined) this.#database.run("delete from session where person = ?", id);
      return this.get(id);
    });
  }

  preferences(id: string): Record<string, unknown> {
    const row = present(this.#database.get<{ preferences: string }>("select preferences from person where id = ?", id), "person", id);
    return JSON.parse(row.preferences) as Record<string, unknown>;
  }

  setPreferences(id: string, preferences: Readonly<Record<string, unknown>>): void {
    if (this.#database.run("update person set preferences = ? where id = ?", JSON.stringify(preferences), id).changes === 0) throw notFound("person", id);
  }

  #requireFree(name: string, except: string | null): void {
    const taken = this.#database.get<{ id: string }>("select cast(id as text) as id from person where name_key = ?", nameKey(name));
    if (taken !== undefined && taken.id !== except) throw conflict(`somebody is called "${name.trim()}" already.`, "Choose another name.", "state.conflict.name-taken", "name");
  }
}
