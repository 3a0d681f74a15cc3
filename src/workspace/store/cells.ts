import { present } from "./absence.ts";
import type { AnswerHow, AnswerWord } from "./answers.ts";
import type { Database } from "./database.ts";

/** What people say of one picture and category: one's own answer, and everyone's. */
export interface StoredCell {
  readonly mine: AnswerWord;
  /** What most say; null where as many say one thing as another, or nobody answered. */
  readonly agreed: "yes" | "no" | "unsure" | null;
  /** Somebody says yes and somebody no. */
  readonly differ: boolean;
  readonly yes: number;
  readonly no: number;
  readonly unsure: number;
}

/** All cells of a picture, with who says what. */
export interface StoredSheet {
  readonly picture: string;
  readonly name: string;
  readonly group: string | null;
  readonly cells: readonly { readonly category: string; readonly cell: StoredCell; readonly by: readonly { readonly person: string; readonly value: AnswerWord; readonly at: string }[] }[];
}

/** One answer to a cell, as its history tells it. */
export interface CellEvent {
  readonly person: string;
  readonly value: AnswerWord;
  readonly how: AnswerHow;
  readonly at: string;
}

interface Row {
  readonly key: string;
  readonly mine: AnswerWord | null;
  readonly value: StoredCell["agreed"];
  readonly differ: number;
  readonly yes: number;
  readonly no: number;
  readonly unsure: number;
}

const blank: StoredCell = { mine: "none", agreed: null, differ: false, yes: 0, no: 0, unsure: 0 };

/** What the answers come to, by category, picture and person. */
export class Cells {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The cells of a category for these pictures, by picture. */
  ofCategory(category: string, person: string, pictures: readonly string[]): Map<string, StoredCell> {
    const rows = this.#database.all<Row>(
      "select cast(a.picture as text) as key, c.value as mine, a.value, a.differ, a.yes, a.no, a.unsure from agreed a left join cell c on c.category = a.category and c.picture = a.picture and c.person = ? where a.category = ? and a.picture in (select value from json_each(?))",
      person, category, JSON.stringify(pictures.map(Number)),
    );
    const found = new Map(rows.map((row) => [row.key, toCell(row)]));
    return new Map(pictures.map((picture) => [picture, found.get(picture) ?? blank]));
  }

  /** Every category of the picture's project, in the person's order. Errors: state.not-found. */
  sheet(picture: string, person: string): StoredSheet {
    const { name, group, project } = present(this.#database.get<{ name: string; group: string | null; project: string }>('select name, group_name as "group", cast(project as text) as project from picture where id = ?', picture), "picture", picture);
    const rows = this.#database.all<Row>(
      "select cast(a.category as text) as key, c.value as mine, a.value, a.differ, a.yes, a.no, a.unsure from agreed a left join cell c on c.category = a.category and c.picture = a.picture and c.person = ? where a.picture = ?",
      person, picture,
    );
    const found = new Map(rows.map((row) => [row.key, toCell(row)]));
    const said = this.#database.all<{ category: string; person: string; value: AnswerWord; at: string }>(
      "select cast(c.category as text) as category, p.name as person, c.value, a.given_at as at from cell c join person p on p.id = c.person join answer a on a.seq = c.seq where c.picture = ? order by c.seq",
      picture,
    );
    const categories = this.#database.all<{ id: string }>("select cast(c.id as text) as id from category c where project = ? and removed_at is null order by position, c.id", project);
    const cells = categories.map(({ id }) => ({
      category: id,
      cell: found.get(id) ?? blank,
      by: said.filter((one) => one.category === id).map(({ category: _category, ...rest }) => rest),
    }));
    return { picture, name, group, cells };
  }

  /** Every answer ever given to the cell, oldest first. */
  history(picture: string, category: string): CellEvent[] {
    return this.#database.all("select p.name as person, a.value, a.how, a.given_at as at from answer a join person p on p.id = a.person where a.picture = ? and a.category = ? order by a.seq", picture, category);
  }

  /** How many cells of pictures and categories that are there have an answer. */
  answered(project: string): number {
    return this.#database.get<{ n: number }>("select coalesce(sum(t.yes + t.no + t.unsure + t.tied), 0) as n from category c join tally t on t.category = c.id where c.project = ? and c.removed_at is null", project)!.n;
  }
}

function toCell({ mine, value, differ, yes, no, unsure }: Row): StoredCell {
  return { mine: mine ?? "none", agreed: value, differ: differ === 1, yes, no, unsure };
}
