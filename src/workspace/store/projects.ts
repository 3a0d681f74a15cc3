import { present } from "./absence.ts";
import type { Database } from "./database.ts";
import { regroup } from "./regroup.ts";

/** How pictures that show the same part or person are told, and whether one's own proposal may be approved. */
export interface ProjectSettings {
  readonly groups: "none" | "folder" | "name" | "column";
  readonly fourEyes: boolean;
}

/** A line of products, a kind of examination: its pictures, categories and heads belong together. */
export interface StoredProject {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly settings: ProjectSettings;
  readonly revision: number;
}

/** What may be told of a project anew; what is left out stays. */
export interface ProjectChange {
  readonly name?: string;
  readonly groups?: ProjectSettings["groups"];
  readonly fourEyes?: boolean;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly settings: string;
  readonly revision: number;
}

const columns = "cast(id as text) as id, name, created_at as createdAt, settings, revision";
const defaults: ProjectSettings = { groups: "none", fourEyes: false };

/** Projects that were not removed; what was removed stays in the database and is not shown. */
export class Projects {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): StoredProject[] {
    return this.#database.all<Row>(`select ${columns} from project where removed_at is null order by project.id`).map(toProject);
  }

  get(id: string): StoredProject {
    return toProject(present(this.#database.get<Row>(`select ${columns} from project where project.id = ? and removed_at is null`, id), "project", id));
  }

  add(name: string, person: string | null): StoredProject {
    const { id } = this.#database.run("insert into project (name, created_by, created_at, settings) values (?, ?, ?, ?)", name.trim(), person, this.#database.now(), JSON.stringify(defaults));
    return this.get(id);
  }

  /** Where groups are told otherwise from now on, the pictures that are there are grouped anew in the same transaction; `regrouped`: how many. */
  change(id: string, { name, groups, fourEyes }: ProjectChange): StoredProject & { readonly regrouped: number } {
    return this.#database.write(() => {
      const former = this.get(id);
      const settings = { groups: groups ?? former.settings.groups, fourEyes: fourEyes ?? former.settings.fourEyes };
      this.#database.run("update project set name = ?, settings = ?, revision = revision + 1 where id = ?", name?.trim() ?? former.name, JSON.stringify(settings), id);
      return { ...this.get(id), regrouped: groups === undefined ? 0 : regroup(this.#database, id, groups) };
    });
  }

  remove(id: string): void {
    this.#database.write(() => {
      this.get(id);
      this.#database.run("update project set removed_at = ? where id = ?", this.#database.now(), id);
      this.#database.run("update api_key set revoked_at = ? where project = ? and revoked_at is null", this.#database.now(), id);
    });
  }
}

function toProject({ settings, ...rest }: Row): StoredProject {
  return { ...rest, settings: { ...defaults, ...(JSON.parse(settings) as Partial<ProjectSettings>) } };
}
