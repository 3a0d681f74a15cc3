/** Answers while they are given: marked at once, sent by the outbox, taken back by the server. */
import type { Answer, AnswerValue, UndoDone } from "../../../server/contract/index.ts";
import { api, Refusal } from "../../services/api.ts";
import { randomId, type Outbox } from "../../services/outbox/index.ts";

export type { AnswerValue } from "../../../server/contract/index.ts";

export interface CellToAnswer {
  readonly picture: string;
  readonly category: string;
  readonly name: string;
}
export interface LastAct {
  readonly value: AnswerValue;
  readonly count: number;
  /** Of the picture, where it was one. */
  readonly name: string;
}
export interface AnsweringState {
  readonly last: LastAct | null;
  /** How many answers were given on this visit. */
  readonly given: number;
  readonly trouble: "gone" | "changed" | { readonly error: unknown } | null;
  /** Rises with every change of a mark. */
  readonly changes: number;
}

interface Said {
  /** Of the answer; null: the server told it, and it stands. */
  readonly id: string | null;
  readonly value: AnswerValue;
}
interface GivenAct {
  readonly act: string;
  readonly value: AnswerValue;
  readonly answers: readonly { readonly id: string; readonly name: string }[];
}
type Way = "undo" | "redo";

const keyOf = ({ picture, category }: { readonly picture: string; readonly category: string }): string => `${picture}/${category}`;

export class Answering {
  readonly #project: string;
  readonly #outbox: Outbox;
  readonly #whenUndone: () => void;
  /** Whose role does not answer gives nothing and takes nothing back. */
  readonly #mayAnswer: boolean;
  /** What was said of each cell and not refused since, newest last: under a refused answer lies the one that stands. */
  readonly #marks = new Map<string, readonly Said[]>();
  /** Answers that were given here or found waiting, and those that were refused. */
  readonly #known = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Acts of this visit since the last undo, newest last: for telling what undo would take back. */
  #acts: GivenAct[] = [];
  #undoing = false;
  /** An undo that the server may have done without our hearing of it: sent again as the same, it is done once. */
  #unheard: { readonly way: Way; readonly act: string } | null = null;
  #state: AnsweringState = { last: null, given: 0, trouble: null, changes: 0 };

  constructor(project: string, outbox: Outbox, whenUndone: () => void, mayAnswer = true) {
    this.#project = project;
    this.#outbox = outbox;
    this.#whenUndone = whenUndone;
    this.#mayAnswer = mayAnswer;
    this.#takeWaiting();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): AnsweringState => this.#state;

  /** What I said of a cell on this visit; undefined: nothing, what the server told stands. */
  mark(picture: string, category: string): AnswerValue | undefined {
    return this.#marks.get(keyOf({ picture, category }))?.at(-1)?.value;
  }

  /** One act, one undo. False where the outbox is full, or the person may not answer: nothing is marked then. */
  give(cells: readonly CellToAnswer[], value: AnswerValue, how: Answer["how"]): boolean {
    if (cells.length === 0 || !this.#mayAnswer) return false;
    const act = randomId();
    const at = new Date().toISOString();
    const given = cells.map(({ picture, category, name }) => ({ name, answer: { id: randomId(), picture, category, value, how, act, at } }));
    for (const { answer } of given) this.#known.add(answer.id);
    const taken = this.#outbox.add(
      this.#project,
      given.map(({ answer }) => answer),
    );
    if (!taken) return false;
    for (const { answer } of given) this.#marks.set(keyOf(answer), [...(this.#marks.get(keyOf(answer)) ?? []), answer]);
    this.#acts.push({ act, value, answers: given.map(({ name, answer }) => ({ id: answer.id, name })) });
    this.#unheard = null;
    this.#change({ given: this.#state.given + cells.length, trouble: null });
    return true;
  }

  /** Takes up what has become of answers: those of an earlier visit that still wait are marked, those that were refused are marked no more and cannot be undone. */
  readonly look = (): void => {
    const waiting = this.#takeWaiting();
    const refused = this.#outbox.state().rejected.filter(({ id, project }) => project === this.#project && !this.#refused.has(id));
    if (!waiting && refused.length === 0) return;
    for (const { id, answer } of refused) {
      this.#refused.add(id);
      const key = keyOf(answer);
      const left = this.#marks.get(key)?.filter((one) => one.id !== id) ?? [];
      if (left.length > 0) this.#marks.set(key, left);
      else this.#marks.delete(key);
    }
    const before = this.#acts.length;
    this.#acts = this.#acts.map((one) => ({ ...one, answers: one.answers.filter(({ id }) => !this.#refused.has(id)) })).filter(({ answers }) => answers.length > 0);
    this.#change({});
    if (this.#acts.length === 0 && before > 0) this.#whenUndone();
  };

  /**
   * Takes the newest act back, or brings again what was taken back; what stands there now, null where that was nothing, another act than the one that was named, or the server is gone.
   */
  async step(way: Way): Promise<UndoDone | null> {
    if (this.#undoing || !this.#mayAnswer) return null;
    this.#undoing = true;
    try {
      if (!(await this.#outbox.drain())) {
        this.#change({ trouble: "gone" });
        return null;
      }
      this.look();
      const { act } = (this.#unheard = this.#unheard?.way === way ? this.#unheard : { way, act: randomId() });
      const undoes = way === "undo" ? (this.#acts.at(-1)?.act ?? null) : null;
      return await this.#send(way, act, undoes);
    } finally {
      this.#undoing = false;
    }
  }

  async #send(way: Way, act: string, undoes: string | null): Promise<UndoDone | null> {
    try {
      const done = await api.post<UndoDone>(`/projects/${this.#project}/${way}`, { act, undoes });
      for (const cell of done.cells) this.#marks.set(keyOf(cell), [{ id: null, value: cell.value }]);
      this.#forget(null);
      return done;
    } catch (error) {
      if (!(error instanceof Refusal)) this.#change({ trouble: "gone" });
      // Without an act that was named, nothing to take back is no trouble.
      else if (["state.not-found", "state.conflict"].includes(error.problem.code)) this.#forget(undoes === null ? null : "changed");
      else {
        this.#unheard = null;
        this.#change({ trouble: { error } });
      }
      return null;
    }
  }

  /** What undo would take back next is known to the server alone from here on. */
  #forget(trouble: AnsweringState["trouble"]): void {
    this.#acts = [];
    this.#unheard = null;
    this.#change({ trouble });
    this.#whenUndone();
  }

  /** The server does not tell yet of what waits to be sent, and it must not look as if it had never been said: it is older than what is given here. Whether there was any. */
  #takeWaiting(): boolean {
    const fresh = this.#outbox.waiting(this.#project).filter(({ id }) => !this.#known.has(id));
    for (const answer of fresh.toReversed()) {
      this.#known.add(answer.id);
      this.#marks.set(keyOf(answer), [answer, ...(this.#marks.get(keyOf(answer)) ?? [])]);
    }
    return fresh.length > 0;
  }

  #change(change: Partial<AnsweringState>): void {
    const last = this.#acts.at(-1);
    this.#state = { ...this.#state, ...change, last: last === undefined ? null : { value: last.value, count: last.answers.length, name: last.answers[0]?.name ?? "" }, changes: this.#state.changes + 1 };
    for (const listener of this.#listeners) listener();
  }
}
