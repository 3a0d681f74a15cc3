import { present } from "./absence.ts";
import type { Database } from "./database.ts";

/** Something told by a code of the message catalogue or of the error table, with what it speaks of. */
export interface Told {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
}

/** What turns pictures into features: the embedded network, or an ONNX file of the workspace (models/<hash>.onnx). */
export interface StoredModel {
  readonly id: string;
  readonly project: string;
  readonly kind: "embedded" | "onnx";
  readonly name: string;
  readonly hash: string | null;
  /** Categories of the file, each with the project's category it stands for; null: none. */
  readonly matches: readonly { readonly name: string; readonly category: string | null }[];
  readonly details: readonly Told[];
  /** What extraction needs to know again: preprocessing, names of tensors. */
  readonly recipe: unknown;
  readonly addedAt: string;
}

/** A model to be added. */
export type ModelRequest = Pick<StoredModel, "kind" | "name" | "hash" | "matches" | "details" | "recipe">;

interface Row extends Omit<StoredModel, "matches" | "details" | "recipe"> {
  readonly details: string;
}

const columns = "cast(id as text) as id, cast(project as text) as project, kind, name, hash, details, added_at as addedAt";

/** The models of projects. */
export class Models {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(project: string): StoredModel[] {
    return this.#database.all<Row>(`select ${columns} from model where project = ? order by model.id`, project).map(toModel);
  }

  get(project: string, id: string): StoredModel {
    return toModel(present(this.#database.get<Row>(`select ${columns} from model where project = ? and model.id = ?`, project, id), "model", id));
  }

  add(project: string, { kind, name, hash, matches, details, recipe }: ModelRequest, person: string | null): StoredModel {
    const { id } = this.#database.run("insert into model (project, kind, name, hash, details, added_by, added_at) values (?, ?, ?, ?, ?, ?, ?)", project, kind, name, hash, JSON.stringify({ matches, details, recipe }), person, this.#database.now());
    return this.get(project, id);
  }

  /** Which category of the file stands for which of the project's, and how its pictures are prepared; what is left out stays. */
  change(project: string, id: string, change: Partial<Pick<StoredModel, "matches" | "recipe">>): StoredModel {
    return this.#database.write(() => {
      const { matches, details, recipe } = this.get(project, id);
      this.#database.run("update model set details = ? where id = ?", JSON.stringify({ matches, details, recipe, ...change }), id);
      return this.get(project, id);
    });
  }
}

function toModel({ details, ...row }: Row): StoredModel {
  return { ...row, ...(JSON.parse(details) as Pick<StoredModel, "matches" | "details" | "recipe">) };
}
