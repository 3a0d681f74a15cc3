import { CatwiseError } from "../../errors.ts";
import { conflict, nameKey, present } from "./absence.ts";
import type { Database } from "./database.ts";
import type { Log } from "./log.ts";

/** Pictures by what people say of them; `several` (answered by more than one) and, among these, `differ` (somebody says yes, somebody no) are counted under what most say as well. */
export interface StoredCounts {
  readonly yes: number;
  readonly no: number;
  readonly unsure: number;
  readonly several: number;
  readonly differ: number;
  readonly notAsked: number;
}

/** What pictures may show. */
export interface StoredCategory {
  readonly id: string;
  readonly name: string;
  readonly definition: string;
  readonly position: number;
  readonly starred: boolean;
  readonly prevalence: number | null;
  readonly examples: readonly StoredExample[];
  readonly counts: StoredCounts;
  readonly revision: number;
  readonly removedAt: string | null;
}

/** A picture that explains a category. */
export interface StoredExample {
  readonly picture: string;
  readonly kind: "yes" | "no" | "hard";
}

/** What may be told of a category anew; what is left out stays. */
export interface CategoryChange {
  readonly name?: string;
  readonly definition?: string;
  readonly starred?: boolean;
  readonly position?: number;
  readonly prevalence?: number | null;
  readonly removed?: boolean;
}

interface Row extends Omit<StoredCategory, "starred" | "examples" | "counts"> {
  readonly starred: number;
  readonly yes: number;
  readonly no: number;
  readonly unsure: number;
  readonly tied: number;
  readonly several: number;
  readonly differ: number;
}

const columns =
  "cast(c.id as text) as id, c.name, c.definition, c.position, c.starred, c.prevalence, c.revision, c.removed_at as removedAt, coalesce(t.yes, 0) as yes, coalesce(t.no, 0) as no, coalesce(t.unsure, 0) as unsure, coalesce(t.tied, 0) as tied, coalesce(t.several, 0) as several, coalesce(t.differ, 0) as differ";
const tables = "category c left join tally t on t.category = c.id";

/** Categories of projects, their explanations, and how many pictures were answered for each. */
export class Categories {
  readonly #database: Database;
  readonly #log: Log;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  /** Those not removed, in the person's order. */
  list(project: string): StoredCategory[] {
    return this.#complete(this.#database.all<Row>(`select ${columns} from ${tables} where c.project = ? and c.removed_at is null order by c.position, c.id`, project), project);
  }

  /** Those removed, the last to go first. */
  listRemoved(project: string): StoredCategory[] {
    return this.#complete(this.#database.all<Row>(`select ${columns} from ${tables} where c.project = ? and c.removed_at is not null order by c.removed_at desc, c.id desc`, project), project);
  }

  /** A removed one too: what it was called is still asked for. */
  get(project: string, id: string): StoredCategory {
    return this.#complete([present(this.#database.get<Row>(`select ${columns} from ${tables} where c.project = ? and c.id = ?`, project, id), "category", id)], project)[0]!;
  }

  /** Errors: state.conflict for a name the project has. */
  add(project: string, { name, definition = "" }: { readonly name: string; readonly definition?: string }): StoredCategory {
    return this.#database.write(() => {
      this.#requireFree(project, name, null);
      const { id } = this.#database.run(
        "insert into category (project, name, name_key, definition, position, created_at) values (?, ?, ?, ?, (select coalesce(max(position) + 1, 0) from category where project = ?), ?)",
        project, name.trim(), nameKey(name), definition, project, this.#database.now(),
      );
      this.#database.run("insert into tally (category) values (?)", id);
      return this.get(project, id);
    });
  }

  /** The version that answers for a category now, also where it is removed and would answer again; null: none. */
  answeredBy(project: string, id: string): string | null {
    return this.#database.get<{ version: string | null }>("select cast(version as text) as version from live_change where project = ? and category = ? order by seq desc limit 1", project, id)?.version ?? null;
  }

  /** Whether a change would be told to whoever asks the live version: it goes on or off there, or gets another name. */
  changesAnswers(project: string, id: string, { name, removed }: CategoryChange): boolean {
    const former = this.get(project, id);
    const altered = (name !== undefined && name.trim() !== former.name) || (removed !== undefined && removed !== (former.removedAt !== null));
    return altered && this.answeredBy(project, id) !== null;
  }

  /**
   * Another name, going and coming back are in the log, with the version that answers for it, in the same transaction.
   * Errors: state.not-found; state.conflict for a name that is taken; state.changed where `revision` is not the one that was read, so that nobody overwrites what they have not seen.
   */
  change(project: string, id: string, revision: number | null, change: CategoryChange, person: string | null, reason: string | null = null): StoredCategory {
    return this.#database.write(() => {
      const former = this.get(project, id);
      if (revision !== null && revision !== former.revision) {
        throw new CatwiseError("state.changed", `the category "${former.name}" was changed meanwhile (revision ${former.revision}, not ${revision}).`, { remedy: "Look at what it is now, and change that." });
      }
      const removed = change.removed ?? former.removedAt !== null;
      const name = change.name?.trim() ?? former.name;
      if (!removed) this.#requireFree(project, name, id);
      this.#database.run(
        "update category set name = ?, name_key = ?, definition = ?, starred = ?, prevalence = ?, removed_at = ?, removed_by = ?, revision = revision + 1 where id = ?",
        name, nameKey(name), change.definition ?? former.definition, change.starred ?? former.starred, change.prevalence === undefined ? former.prevalence : change.prevalence,
        removed ? (former.removedAt ?? this.#database.now()) : null, removed ? person : null, id,
      );
      if (change.position !== undefined && change.position !== former.position) this.#move(project, id, change.position);
      const entry = { project, person, version: this.answeredBy(project, id), category: id, reason };
      if (name !== former.name) this.#log.add({ ...entry, action: "category.renamed", details: { from: former.name, to: name } });
      if (removed !== (former.removedAt !== null)) this.#log.add({ ...entry, action: removed ? "category.removed" : "category.restored" });
      return this.get(project, id);
    });
  }

  /** `kind` null takes the picture away. Errors: state.not-found. */
  setExample(project: string, id: string, picture: string, kind: StoredExample["kind"] | null, person: string | null): StoredCategory {
    return this.#database.write(() => {
      this.get(project, id);
      present(this.#database.get("select 1 from picture where id = ? and project = ?", picture, project), "picture", picture);
      this.#database.run("delete from category_example where category = ? and picture = ?", id, picture);
      if (kind !== null) this.#database.run("insert into category_example (category, picture, kind, added_by, added_at) values (?, ?, ?, ?, ?)", id, picture, kind, person, this.#database.now());
      return this.get(project, id);
    });
  }

  /** Puts a category to a place of the project's order; the others close up. */
  #move(project: string, id: string, position: number): void {
    const order = this.#database.all<{ id: string }>("select cast(c.id as text) as id from category c where project = ? and removed_at is null and c.id <> ? order by position, c.id", project, id).map((row) => row.id);
    order.splice(position, 0, id);
    for (const [at, each] of order.entries()) this.#database.run("update category set position = ? where id = ?", at, each);
  }

  #requireFree(project: string, name: string, except: string | null): void {
    const taken = this.#database.get<{ id: string }>("select cast(id as text) as id from category where project = ? and name_key = ? and removed_at is null", project, nameKey(name));
    if (taken !== undefined && taken.id !== except) throw conflict(`there is a category "${name.trim()}" already.`, "Choose another name.", "state.conflict.name-taken", "name");
  }

  #complete(rows: readonly Row[], project: string): StoredCategory[] {
    const pictures = this.#database.get<{ n: number }>("select count(*) as n from picture where project = ? and removed_at is null", project)!.n;
    return rows.map(({ yes, no, unsure, tied, several, differ, starred, ...row }) => ({
      ...row,
      starred: starred === 1,
      examples: this.#database.all<StoredExample>("select cast(picture as text) as picture, kind from category_example where category = ? order by added_at, picture", row.id),
      counts: { yes, no, unsure, several, differ, notAsked: pictures - yes - no - unsure - tied },
    }));
  }
}
