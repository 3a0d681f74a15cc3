import { FIT, REPORT, SELECTION, assignParts, partNames, type PartName } from "../../labels/index.ts";
import { nameKey, present } from "./absence.ts";
import type { Database } from "./database.ts";

/** What is in a picture's file. `reference`: where the bytes lie, for pictures that were not copied into the workspace. */
export interface StoredContent {
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
  /** The format by its file name's ending: jpg, png, webp, ... */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly reference: string | null;
}

/** A picture of a project. */
export interface StoredPicture {
  readonly id: string;
  readonly project: string;
  readonly hash: string;
  readonly name: string;
  readonly group: string | null;
  readonly part: PartName;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly addedBy: string | null;
  readonly addedAt: string;
  readonly removedAt: string | null;
  readonly removedBy: string | null;
}

/** A picture to be added. */
export interface PictureRequest {
  readonly content: StoredContent;
  readonly name: string;
  readonly group: string | null;
  readonly job: string | null;
  readonly person: string | null;
}

/** What may be told of a picture anew; what is left out stays. `part` null: by the hash again. */
export interface PictureChange {
  readonly group?: string | null;
  readonly part?: PartName | null;
  readonly removed?: boolean;
}

/** Which pictures of a project are asked for. */
export interface PictureQuery {
  readonly from?: number;
  /** Not included; at most 200 after `from`. */
  readonly to?: number;
  /** Part of the name, whatever its width and case. */
  readonly text?: string;
  readonly group?: string;
  readonly job?: string;
  readonly removed?: boolean;
  /** Those of the newest import alone. */
  readonly newest?: boolean;
  /** By what most say of one category, or of any that is there where `category` is null; unasked: nobody said anything. */
  readonly answer?: { readonly category: string | null; readonly value: "yes" | "no" | "unsure" | "differ" | "unasked" };
}

interface Row extends Omit<StoredPicture, "part"> {
  readonly saidPart: PartName | null;
}

const columns =
  "cast(p.id as text) as id, cast(p.project as text) as project, p.hash, p.name, p.group_name as \"group\", p.said_part as saidPart, c.width, c.height, c.bytes, (select name from person where id = p.added_by) as addedBy, p.added_at as addedAt, p.removed_at as removedAt, (select name from person where id = p.removed_by) as removedBy";
const tables = "picture p join content c on c.hash = p.hash";

/** Pictures and their contents. A content is kept once, however many projects and names it has. */
export class Pictures {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count(project: string): number {
    return this.#database.get<{ n: number }>("select count(*) as n from picture where project = ? and removed_at is null", project)!.n;
  }

  get(id: string): StoredPicture {
    return toPicture(present(this.#database.get<Row>(`select ${columns} from ${tables} where p.id = ?`, id), "picture", id));
  }

  /** In the order of `ids`; those that are not there are left out. */
  getAll(ids: readonly string[]): StoredPicture[] {
    const found = new Map(this.#database.all<Row>(`select ${columns} from ${tables} where p.id in (select value from json_each(?))`, JSON.stringify(ids.map(Number))).map((row) => [row.id, toPicture(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** At most 200 of those asked for, by age, with how many there are. */
  list(project: string, { from = 0, to = from + 200, text, group, job, removed = false, newest = false, answer }: PictureQuery = {}): { readonly count: number; readonly items: StoredPicture[] } {
    const limit = Math.max(0, Math.min(to - from, 200));
    const where = ["p.project = ?", removed ? "p.removed_at is not null" : "p.removed_at is null"];
    const values = [project];
    for (const [condition, value] of [["p.group_name = ?", group], ["p.import = ?", job]] as const) {
      if (value === undefined) continue;
      where.push(condition);
      values.push(value);
    }
    if (newest) {
      where.push("p.import = (select max(import) from picture where project = ?)");
      values.push(project);
    }
    if (answer !== undefined) {
      const { condition, bound } = saying(answer);
      where.push(condition);
      values.push(...bound);
    }
    if (text !== undefined && text !== "") return this.#search(where, values, nameKey(text), from, limit);
    const clause = where.join(" and ");
    const { n: count } = this.#database.get<{ n: number }>(`select count(*) as n from picture p where ${clause}`, ...values)!;
    const items = this.#database.all<Row>(`select ${columns} from ${tables} where p.id in (select p.id from picture p where ${clause} order by p.id limit ? offset ?) order by p.id`, ...values, limit, from);
    return { count, items: items.map(toPicture) };
  }

  /** The picture of this content that the project has, if any. */
  byContent(project: string, hash: string): StoredPicture | null {
    const row = this.#database.get<Row>(`select ${columns} from ${tables} where p.project = ? and p.hash = ? and p.removed_at is null`, project, hash);
    return row === undefined ? null : toPicture(row);
  }

  content(hash: string): StoredContent | null {
    return this.#database.get<StoredContent>("select hash, bytes, format, width, height, reference from content where hash = ?", hash) ?? null;
  }

  /** The content of a picture. Errors: state.not-found. */
  contentOf(id: string): StoredContent {
    return present(this.#database.get<StoredContent>("select c.hash, c.bytes, c.format, c.width, c.height, c.reference from picture p join content c on c.hash = p.hash where p.id = ?", id), "picture", id);
  }

  /** All in one transaction. A content the project has is a duplicate and is not added: `picture` then is the one that was there. A copy in the workspace takes the place of a reference, and a newer reference that of an older one. */
  add(project: string, requests: readonly PictureRequest[]): { readonly picture: string; readonly duplicate: boolean }[] {
    return this.#database.write(() =>
      requests.map(({ content, name, group, job, person }) => {
        const { hash, bytes, format, width, height, reference } = content;
        this.#database.run("insert into content (hash, bytes, format, width, height, reference) values (?, ?, ?, ?, ?, ?) on conflict (hash) do update set reference = iif(reference is null, null, excluded.reference)", hash, bytes, format, width, height, reference);
        const former = this.#database.get<{ id: string }>("select cast(id as text) as id from picture where project = ? and hash = ? and removed_at is null", project, hash);
        if (former !== undefined) return { picture: former.id, duplicate: true };
        const { id } = this.#database.run(
          "insert into picture (project, hash, name, group_name, said_part, import, added_by, added_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
          project, hash, name.normalize("NFC"), group, this.#partOfGroup(project, group), job, person, this.#database.now(),
        );
        return { picture: id, duplicate: false };
      }),
    );
  }

  /**
   * A part that is told holds for the whole group, and a picture that joins a group takes its part: a group never stands on both sides of a check.
   * Bringing back a picture whose content was added again meanwhile does nothing: that one has taken its place. Errors: state.not-found.
   */
  change(id: string, { group, part, removed }: PictureChange, person: string | null): StoredPicture {
    return this.#database.write(() => {
      const former = this.get(id);
      if (group !== undefined && group !== former.group) this.#database.run("update picture set group_name = ?, said_part = ? where id = ?", group, this.#partOfGroup(former.project, group), id);
      if (part !== undefined) {
        const now = group === undefined ? former.group : group;
        if (now === null) this.#database.run("update picture set said_part = ? where id = ?", part, id);
        else this.#database.run("update picture set said_part = ? where project = ? and group_name = ?", part, former.project, now);
      }
      if (removed === true && former.removedAt === null) this.#remove(former, person);
      if (removed === false && former.removedAt !== null) this.#bringBack(former);
      return this.get(id);
    });
  }

  #remove({ id }: StoredPicture, person: string | null): void {
    this.#tally(id, -1);
    this.#database.run("update picture set removed_at = ?, removed_by = ? where id = ?", this.#database.now(), person, id);
  }

  #bringBack({ id, project, hash }: StoredPicture): void {
    const other = this.byContent(project, hash);
    // The same content was added again: that one has taken this one's place.
    if (other !== null) return;
    this.#database.run("update picture set removed_at = null, removed_by = null where id = ?", id);
    this.#tally(id, 1);
  }

  #tally(picture: string, sign: 1 | -1): void {
    for (const { category, value, differ, several } of this.#database.all<{ category: number; value: string | null; differ: number; several: number }>("select category, value, differ, yes + no + unsure > 1 as several from agreed where picture = ?", picture)) {
      this.#database.run(`update tally set ${value ?? "tied"} = ${value ?? "tied"} + ?, differ = differ + ?, several = several + ? where category = ?`, sign, sign * differ, sign * several, category);
    }
  }

  #partOfGroup(project: string, group: string | null): PartName | null {
    if (group === null) return null;
    return this.#database.get<{ part: PartName | null }>("select said_part as part from picture where project = ? and group_name = ? limit 1", project, group)?.part ?? null;
  }

  /** Names are compared as people read them, which SQL cannot: names alone are read for it, 100,000 in a tenth of a second. */
  #search(where: readonly string[], values: readonly string[], key: string, from: number, limit: number): { readonly count: number; readonly items: StoredPicture[] } {
    const found = this.#database
      .all<{ id: string; name: string; group: string | null }>(`select cast(p.id as text) as id, p.name, p.group_name as "group" from picture p where ${where.join(" and ")} order by p.id`, ...values)
      .filter(({ name, group }) => nameKey(name).includes(key) || (group !== null && nameKey(group).includes(key)));
    return { count: found.length, items: this.getAll(found.slice(from, from + limit).map(({ id }) => id)) };
  }
}

/** The part of a picture: what was said, or by the hash of its group, or of its content where it stands alone, as everywhere in Catwise. */
export function partOfPicture(saidPart: PartName | null, group: string | null, hash: string): PartName {
  if (saidPart !== null) return saidPart;
  const alone = { imageIds: [hash], categories: [], rowStart: new Uint32Array(2), category: new Uint32Array(0), value: new Int8Array(0), weight: new Float32Array(0) };
  return partNames[assignParts(alone, { groups: [group] }).part[0]!]!;
}

function saying({ category, value }: NonNullable<PictureQuery["answer"]>): { readonly condition: string; readonly bound: readonly string[] } {
  const bound: string[] = [];
  let which = "";
  if (category !== null) {
    which += " and a.category = ?";
    bound.push(category);
  }
  if (value === "differ") which += " and a.differ = 1";
  else if (value !== "unasked") {
    which += " and a.value = ?";
    bound.push(value);
  }
  return { condition: `${value === "unasked" ? "not " : ""}exists (select 1 from agreed a join category c on c.id = a.category where a.picture = p.id and c.removed_at is null${which})`, bound };
}

/** The number of a part by its name. */
export const partNumber: Readonly<Record<PartName, number>> = { fit: FIT, selection: SELECTION, report: REPORT };

function toPicture({ saidPart, ...row }: Row): StoredPicture {
  return { ...row, part: partOfPicture(saidPart, row.group, row.hash) };
}
