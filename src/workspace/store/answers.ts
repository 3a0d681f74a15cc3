import { createHash } from "node:crypto";
import type { PartName } from "../../labels/index.ts";
import { conflict } from "./absence.ts";
import type { Database } from "./database.ts";
import { partOfPicture } from "./pictures.ts";

/** What a person says of a picture and a category; "none" takes an answer back. */
export type AnswerWord = "yes" | "no" | "unsure" | "none";

/** How an answer came about. */
export type AnswerHow = "single" | "batch" | "rest" | "undo" | "import" | "api";

/** An answer as it is sent. */
export interface AnswerRequest {
  /** Made where the person sits, so that an answer sent twice is stored once. */
  readonly id: string;
  readonly picture: string;
  readonly category: string;
  readonly value: AnswerWord;
  readonly how: AnswerHow;
  readonly act: string;
  /** When it was given, UTC ISO. */
  readonly at: string;
}

/** What became of one answer; `code` says why one was not stored. */
export interface AnswerOutcome {
  readonly id: string;
  readonly status: "saved" | "duplicate" | "rejected";
  readonly code?: "state.not-found" | "state.conflict";
  readonly params?: Readonly<Record<string, string>>;
}

/** An act that can be undone or redone, as the button tells it. */
export interface StoredAct {
  readonly act: string;
  readonly count: number;
  readonly value: AnswerWord;
  readonly picture: string;
  readonly category: string;
  /** Whether its answers came in a file: then they need not all say the same. */
  readonly fromFile: boolean;
}

/** What an undo or redo did: what each cell says now. */
export interface UndoOutcome {
  readonly act: string;
  readonly cells: readonly { readonly picture: string; readonly category: string; readonly value: AnswerWord }[];
}

/** An answer with everything that is known of it, by names. */
export interface ToldAnswer {
  readonly picture: string;
  readonly category: string;
  readonly value: AnswerWord;
  readonly part: PartName;
  readonly group: string | null;
  readonly person: string;
  readonly how: AnswerHow;
  readonly at: string;
}

/** The pace is told from so many of each person's newest answers. */
const paceFrom = 1000;
/** Between two acts that are further apart than this, in seconds, somebody did something else. */
const longestPause = 120;
/** Fewer acts than this say nothing of a pace. */
const fewestActs = 20;

/** So many acts of a person can be taken back. */
export const undoDepth = 200;

const actColumns = "id as act, answers as count, value, cast(picture as text) as picture, cast(category as text) as category";

/** The log of answers, what it comes to per cell, and undo. An answer is on the disk when it is told to be saved. */
export class Answers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores answers of one person in one transaction; each has an outcome of its own, in the same order. */
  add(project: string, person: string, answers: readonly AnswerRequest[]): AnswerOutcome[] {
    return this.#database.write(() => answers.map((answer) => this.#addOne(project, person, answer, "answer", null)));
  }

  /** Every answer ever given in the project, oldest first. */
  all(project: string): ToldAnswer[] {
    return this.#database
      .all<Omit<ToldAnswer, "part"> & { readonly hash: string; readonly said: PartName | null }>(
        'select p.name as picture, c.name as category, a.value, p.group_name as "group", p.hash, p.said_part as said, w.name as person, a.how, a.given_at as at from answer a join picture p on p.id = a.picture join category c on c.id = a.category join person w on w.id = a.person where a.project = ? order by a.seq',
        project,
      )
      .map(({ hash, said, ...rest }) => ({ ...rest, part: partOfPicture(said, rest.group, hash) }));
  }

  /**
   * Seconds an answer takes in the project: the median over the newest acts (one answer, or a batch) of the time since the same person's act before it, by the number of answers in it; null under 20 such. Times are those of the browsers; what was imported or came by the API is left out.
   */
  pace(project: string): number | null {
    const seconds = this.#database.all<{ id: string }>("select cast(id as text) as id from person").flatMap(({ id }) => {
      const acts = this.#database.all<{ answers: number; at: string }>(
        `select count(*) as answers, max(given_at) as at from (select act, given_at from answer where project = cast(? as integer) and person = cast(? as integer) and how in ('single', 'batch') order by seq desc limit ${paceFrom}) group by act order by at`,
        project, id,
      );
      return acts.flatMap(({ answers, at }, place) => {
        const since = place === 0 ? Number.NaN : (Date.parse(at) - Date.parse(acts[place - 1]!.at)) / 1000;
        return since > 0 && since <= longestPause ? [since / answers] : [];
      });
    });
    return seconds.length < fewestActs ? null : seconds.sort((one, other) => one - other)[seconds.length >> 1]!;
  }

  /** What undo and redo would do next; null: nothing. */
  last(project: string, person: string): { readonly undo: StoredAct | null; readonly redo: StoredAct | null } {
    return { undo: this.#top(project, person, "answer"), redo: this.#top(project, person, "undo") };
  }

  /**
   * Takes back the newest act of a person that is not taken back, by new answers that restore what stood there before. `act` names the new act: sent twice it is done once.
   * `undoes` says which act the person saw as the newest; null for whatever it is. Errors: state.conflict where there is nothing to undo, or that is not the newest any more.
   */
  undo(project: string, person: string, act: string, undoes: string | null): UndoOutcome {
    return this.#takeBack(project, person, act, undoes, "answer");
  }

  /** Takes back the newest undo, unless something was answered since. Otherwise as undo. */
  redo(project: string, person: string, act: string, undoes: string | null): UndoOutcome {
    return this.#takeBack(project, person, act, undoes, "undo");
  }

  #takeBack(project: string, person: string, act: string, undoes: string | null, kind: "answer" | "undo"): UndoOutcome {
    return this.#database.write(() => {
      const done = this.#database.all<UndoOutcome["cells"][number]>("select cast(picture as text) as picture, cast(category as text) as category, value from answer where act = ? and +person = cast(? as integer) and +project = cast(? as integer) order by seq", act, person, project);
      if (done.length > 0) return { act, cells: done };
      const top = this.#top(project, person, kind);
      if (top === null) throw conflict(kind === "answer" ? "there is nothing to undo." : "there is nothing to redo.", "Go on answering.", kind === "answer" ? "state.conflict.nothing-to-undo" : "state.conflict.nothing-to-redo");
      if (undoes !== null && undoes !== top.act) throw conflict("something was answered or undone elsewhere meanwhile.", "Look at what would be undone now.", "state.conflict.answered-elsewhere");
      const cells = this.#database.all<{ picture: string; category: string; seq: number }>("select cast(picture as text) as picture, cast(category as text) as category, min(seq) as seq from answer where act = ? group by picture, category order by min(seq)", top.act);
      const now = this.#database.now();
      const restored = cells.map(({ picture, category, seq }) => {
        const value = this.#database.get<{ value: AnswerWord }>("select value from answer where picture = ? and category = ? and person = ? and seq < ? order by seq desc limit 1", picture, category, person, seq)?.value ?? "none";
        const id = createHash("sha256").update(`${act}/${picture}/${category}`).digest("hex").slice(0, 32);
        this.#store(project, person, { id, picture, category, value, how: "undo", act, at: now }, kind === "answer" ? "undo" : "redo", top.act);
        return { picture, category, value };
      });
      this.#database.run("update act set undone = 1 where id = ?", top.act);
      if (kind === "undo") this.#database.run("update act set undone = 0 where id = (select undoes from act where id = ?)", top.act);
      return { act, cells: restored };
    });
  }

  #top(project: string, person: string, kind: "answer" | "undo"): StoredAct | null {
    const top = this.#topRow(project, person, kind);
    return top === undefined ? null : { ...top, fromFile: this.#database.get("select 1 from answer where act = ? and how = 'import' limit 1", top.act) !== undefined };
  }

  #topRow(project: string, person: string, kind: "answer" | "undo"): Omit<StoredAct, "fromFile"> | undefined {
    if (kind === "answer") {
      // Only among the newest acts: what was undone long ago is not walked through.
      return this.#database.get(`select ${actColumns} from (select * from act where project = ? and person = ? and kind = 'answer' order by seq desc limit ${undoDepth}) where undone = 0 order by seq desc limit 1`, project, person);
    }
    const newest = this.#database.get<{ seq: number }>("select seq from act where project = ? and person = ? and kind = 'answer' order by seq desc limit 1", project, person)?.seq ?? 0;
    return this.#database.get(`select ${actColumns} from act where project = ? and person = ? and kind = 'undo' and undone = 0 and seq > ? order by seq desc limit 1`, project, person, newest);
  }

  #addOne(project: string, person: string, answer: AnswerRequest, kind: "answer", undoes: null): AnswerOutcome {
    const { id, picture, category } = answer;
    const former = this.#database.get<{ picture: string; category: string; person: string; value: string }>("select cast(picture as text) as picture, cast(category as text) as category, cast(person as text) as person, value from answer where id = ?", id);
    if (former !== undefined) {
      const same = former.picture === picture && former.category === category && former.person === person && former.value === answer.value;
      return same ? { id, status: "duplicate" } : { id, status: "rejected", code: "state.conflict", params: { what: "id" } };
    }
    if (this.#database.get("select 1 from picture where id = ? and project = ? and removed_at is null", picture, project) === undefined) return { id, status: "rejected", code: "state.not-found", params: { what: "picture" } };
    if (this.#database.get("select 1 from category where id = ? and project = ? and removed_at is null", category, project) === undefined) return { id, status: "rejected", code: "state.not-found", params: { what: "category" } };
    const foreign = this.#database.get<{ person: string; project: string; kind: string }>("select cast(person as text) as person, cast(project as text) as project, kind from act where id = ?", answer.act);
    if (foreign !== undefined && (foreign.person !== person || foreign.project !== project || foreign.kind !== "answer")) return { id, status: "rejected", code: "state.conflict", params: { what: "act" } };
    this.#store(project, person, answer, kind, undoes);
    return { id, status: "saved" };
  }

  #store(project: string, person: string, { id, picture, category, value, how, act, at }: AnswerRequest, kind: "answer" | "undo" | "redo", undoes: string | null): void {
    const { id: seq } = this.#database.run(
      "insert into answer (id, project, picture, category, person, value, how, act, given_at, stored_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, project, picture, category, person, value, how, act, at, this.#database.now(),
    );
    if (value === "none") this.#database.run("delete from cell where category = ? and picture = ? and person = ?", category, picture, person);
    else this.#database.run("insert into cell (project, category, picture, person, value, seq) values (?, ?, ?, ?, ?, ?) on conflict do update set value = excluded.value, seq = excluded.seq", project, category, picture, person, value, seq);
    this.#database.run(
      "insert into act (id, project, person, kind, undoes, answers, picture, category, value) values (?, ?, ?, ?, ?, 1, ?, ?, ?) on conflict (id) do update set answers = answers + 1, picture = excluded.picture, category = excluded.category, value = excluded.value, undone = 0",
      act, project, person, kind, undoes, picture, category, value,
    );
    this.#agree(picture, category);
  }

  /** Brings what a cell comes to, and the counts of its category, up to date. */
  #agree(picture: string, category: string): void {
    const was = this.#database.get<{ value: AnswerWord | null; differ: number; several: number }>("select value, differ, yes + no + unsure > 1 as several from agreed where category = ? and picture = ?", category, picture);
    const { yes, no, unsure } = this.#database.get<{ yes: number; no: number; unsure: number }>(
      "select count(*) filter (where value = 'yes') as yes, count(*) filter (where value = 'no') as no, count(*) filter (where value = 'unsure') as unsure from cell where category = ? and picture = ?",
      category, picture,
    )!;
    const value = mostSay(yes, no, unsure);
    const differ = Number(yes > 0 && no > 0);
    const is = yes + no + unsure > 0;
    const several = Number(yes + no + unsure > 1);
    if (is) {
      this.#database.run(
        "insert into agreed (category, picture, yes, no, unsure, value, differ) values (?, ?, ?, ?, ?, ?, ?) on conflict do update set yes = excluded.yes, no = excluded.no, unsure = excluded.unsure, value = excluded.value, differ = excluded.differ",
        category, picture, yes, no, unsure, value, differ,
      );
    } else this.#database.run("delete from agreed where category = ? and picture = ?", category, picture);
    if (this.#database.get("select 1 from picture where id = ? and removed_at is null", picture) === undefined) return;
    const step = { yes: 0, no: 0, unsure: 0, tied: 0 };
    if (was !== undefined) step[columnOf(was.value)] -= 1;
    if (is) step[columnOf(value)] += 1;
    this.#database.run("update tally set yes = yes + ?, no = no + ?, unsure = unsure + ?, tied = tied + ?, differ = differ + ?, several = several + ? where category = ?", step.yes, step.no, step.unsure, step.tied, differ - (was?.differ ?? 0), several - (was?.several ?? 0), category);
  }
}

/** What most say; null where as many say one thing as another, or nobody said anything. */
export function mostSay(yes: number, no: number, unsure: number): "yes" | "no" | "unsure" | null {
  if (yes > no && yes > unsure) return "yes";
  if (no > yes && no > unsure) return "no";
  return unsure > yes && unsure > no ? "unsure" : null;
}

function columnOf(value: AnswerWord | null): "yes" | "no" | "unsure" | "tied" {
  return value === null || value === "none" ? "tied" : value;
}
