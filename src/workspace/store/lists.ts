import { setTimeout as pause } from "node:timers/promises";
import { hashOf } from "../../math/index.ts";
import { notFound, present } from "./absence.ts";
import type { Cells, StoredCell } from "./cells.ts";
import type { Database } from "./database.ts";

/** Which pictures a list holds: by what most say of the category; not asked; where people differ; where the heads say otherwise; all. */
export type ListShow = "unasked" | "yes" | "no" | "unsure" | "differ" | "doubtful" | "all";

/** In which order: most worth answering, most probable, newest first, or at random. Without scores the first two are random as well. */
export type ListOrder = "useful" | "likely" | "new" | "random";

/** What a list is made of. */
export interface ListRequest {
  readonly category: string;
  readonly show: ListShow;
  readonly order: ListOrder;
  readonly seed: number;
}

/** A picture in a list, with what people say of it. */
export interface StoredListItem {
  readonly picture: string;
  readonly name: string;
  readonly group: string | null;
  readonly width: number;
  readonly height: number;
  readonly cell: StoredCell;
}

/** Part of a list: `from` is the place of the first item. */
export interface ListWindow {
  readonly count: number;
  readonly from: number;
  readonly items: readonly StoredListItem[];
}

/** What a head says of a picture and how much an answer would be worth; larger `useful` is worth more. */
export interface Score {
  readonly picture: string;
  readonly probability: number;
  readonly useful: number;
}

interface Candidate {
  readonly id: number;
  readonly hash: string;
  readonly value: string | null;
  readonly probability: number | null;
  readonly useful: number | null;
}

/** Scores written in one transaction, and the milliseconds another writer has to take its turn after it. */
const [together, breath] = [1000, 5];

/** So many items at once, at most. */
const windowSize = 200;

/** A list holds 4 bytes for each picture and each visit makes one: of a person's so many stay, the newest, and none for longer than this, in milliseconds. Whoever asks for one that is gone makes it anew. */
const mostLists = 20;
const listLife = 24 * 60 * 60 * 1000;

const conditions: Readonly<Record<ListShow, string>> = {
  unasked: "a.picture is null",
  yes: "a.value = 'yes'",
  no: "a.value = 'no'",
  unsure: "a.value = 'unsure'",
  differ: "a.differ = 1",
  doubtful: "((a.value = 'yes' and s.probability < 0.5) or (a.value = 'no' and s.probability >= 0.5))",
  all: "1",
};

/** Lists that people walk: frozen when they are made, so that nothing moves under the hand; and the scores they are ordered by. */
export class Lists {
  readonly #database: Database;
  readonly #cells: Cells;

  constructor(database: Database, cells: Cells) {
    this.#database = database;
    this.#cells = cells;
  }

  /** Of those the person made before, the newest stay, for tabs that are open. Errors: state.not-found for a category the project does not have. */
  make(project: string, person: string, { category, show, order, seed }: ListRequest): { readonly list: string; readonly count: number } {
    present(this.#database.get("select 1 from category where id = ? and project = ?", category, project), "category", category);
    const found = this.#database.all<Candidate>(
      `select p.id, p.hash, a.value, s.probability, s.useful from picture p left join agreed a on a.category = ? and a.picture = p.id left join score s on s.category = ? and s.picture = p.id where p.project = ? and p.removed_at is null and ${conditions[show]}`,
      category, category, project,
    );
    const ids = sorted(found, order, show, seed);
    const list = this.#database.write(() => {
      const { id } = this.#database.run(
        "insert into list (project, person, category, show, sort, seed, pictures, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
        project, person, category, show, order, seed, new Uint8Array(ids.buffer), this.#database.now(),
      );
      const oldest = new Date(this.#database.milliseconds() - listLife).toISOString();
      this.#database.run("delete from list where person = ? and id <> ? and (created_at < ? or id not in (select id from list where person = ? order by id desc limit ?))", person, id, oldest, person, mostLists);
      return id;
    });
    return { list, count: ids.length };
  }

  /** Items from..to-1, at most 200. Pictures removed since keep their place. */
  window(list: string, person: string, from: number, to: number = from + windowSize): ListWindow {
    const { category, ids } = this.#read(list);
    const first = Math.max(0, Math.min(from, ids.length));
    const wanted = [...ids.subarray(first, Math.min(ids.length, to, first + windowSize))].map(String);
    return { count: ids.length, from: first, items: this.#items(category, person, wanted) };
  }

  /** A window with the picture near its middle. Errors: state.not-found for a picture that is not in the list. */
  around(list: string, person: string, picture: string): ListWindow {
    const at = this.#read(list).ids.indexOf(Number(picture));
    if (at < 0) throw notFound("picture in this list with the id", picture);
    return this.window(list, person, Math.max(0, at - windowSize / 2));
  }

  /**
   * Puts the scores of a category in the place of those before; an empty list leaves none. In pieces of 1,000, each a transaction of its own with a pause behind it: whoever answers meanwhile would wait for all of 100,000.
   * A list made in the middle is ordered by scores of which some are older.
   */
  async score(category: string, scores: readonly Score[]): Promise<void> {
    const write = "insert into score (category, picture, probability, useful) values (?, ?, ?, ?) on conflict do update set probability = excluded.probability, useful = excluded.useful";
    for (let from = 0; from < scores.length; from += together) {
      this.#database.write(() => {
        for (const { picture, probability, useful } of scores.slice(from, from + together)) this.#database.run(write, category, picture, probability, useful);
      });
      await pause(breath);
    }
    if (this.#database.get<{ n: number }>("select count(*) as n from score where category = ?", category)!.n === scores.length) return;
    this.#database.run("delete from score where category = ? and picture not in (select value from json_each(?))", category, JSON.stringify(scores.map(({ picture }) => Number(picture))));
  }

  /** What the newest heads say of a picture, by category; those that say nothing of it are left out. */
  guesses(picture: string): { readonly category: string; readonly probability: number }[] {
    return this.#database.all("select cast(s.category as text) as category, s.probability from picture p join category c on c.project = p.project and c.removed_at is null join score s on s.category = c.id and s.picture = p.id where p.id = ? order by c.id", picture);
  }

  #read(list: string): { readonly category: string; readonly ids: Uint32Array } {
    const row = present(this.#database.get<{ category: string; pictures: Uint8Array }>("select cast(category as text) as category, pictures from list where id = ?", list), "list", list);
    // A copy: the bytes need not lie where four-byte numbers may.
    return { category: row.category, ids: new Uint32Array(row.pictures.slice().buffer) };
  }

  #items(category: string, person: string, pictures: readonly string[]): StoredListItem[] {
    const cells = this.#cells.ofCategory(category, person, pictures);
    const rows = this.#database.all<Omit<StoredListItem, "cell">>(
      'select cast(p.id as text) as picture, p.name, p.group_name as "group", c.width, c.height from picture p join content c on c.hash = p.hash where p.id in (select value from json_each(?))',
      JSON.stringify(pictures.map(Number)),
    );
    const found = new Map(rows.map((row) => [row.picture, row]));
    return pictures.map((picture) => ({ ...found.get(picture)!, cell: cells.get(picture)! }));
  }
}

/** Ties, and pictures without a score, which come last, are in an order by hash: the same seed gives the same list. */
function sorted(found: readonly Candidate[], order: ListOrder, show: ListShow, seed: number): Uint32Array {
  const chance = Uint32Array.from(found, ({ hash }) => hashOf(hash, seed));
  const keys = Float64Array.from(found, (one) => keyOf(one, order, show));
  const places = Uint32Array.from(found.keys()).sort((a, b) => {
    if (keys[a] === keys[b]) return chance[a]! - chance[b]! || found[a]!.id - found[b]!.id;
    return keys[b]! > keys[a]! ? 1 : -1;
  });
  return places.map((place) => found[place]!.id);
}

/** What a picture is placed by, the largest first. */
function keyOf({ id, value, probability, useful }: Candidate, order: ListOrder, show: ListShow): number {
  if (show === "doubtful" && (order === "useful" || order === "likely")) return Math.abs((value === "yes" ? 1 : 0) - (probability ?? 0));
  if (order === "useful") return useful ?? Number.NEGATIVE_INFINITY;
  if (order === "likely") return probability ?? Number.NEGATIVE_INFINITY;
  return order === "new" ? id : 0;
}
