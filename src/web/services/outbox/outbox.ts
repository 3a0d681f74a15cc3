/**
 * Answers between the key that was pressed and the server's disk. An answer is marked at once, kept here, sent within 100 ms or when 20 have gathered, and said to be saved only after the
 * server's acknowledgement. Sent twice it is stored once, by its id. While the server is gone it is tried again after 1, 2, 4 … 30 s; at 500 waiting answers no more are taken.
 */
import type { Answer, AnswersDone } from "../../../server/contract/index.ts";
import { Refusal } from "../api.ts";
import type { OutboxStore, Waiting } from "./store.ts";

export const batchDelay = 100;
export const batchSize = 20;
export const fullAt = 500;
/** The contract takes no more in one request. */
const largestRequest = 500;

export type Phase = "saved" | "sending" | "trying" | "signIn" | "full";

export interface OutboxState {
  readonly phase: Phase;
  /** Answers of this person that the server has not acknowledged. */
  readonly waiting: number;
  /** When the last acknowledgement came, as an ISO time; null: none on this page. */
  readonly savedAt: string | null;
  /** Since when sending fails, in milliseconds since 1970. */
  readonly failingSince: number | null;
  /** How many were saved when the server came back; told until the next answer. */
  readonly cameBack: number | null;
  readonly rejected: readonly Waiting[];
  /** Answers other people left at this computer. */
  readonly others: readonly { readonly name: string; readonly count: number }[];
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export type Send = (project: string, answers: readonly Answer[], person: string) => Promise<AnswersDone>;

export class Outbox {
  readonly #store: OutboxStore;
  readonly #send: Send;
  readonly #listeners = new Set<() => void>();
  readonly #idle = new Set<(drained: boolean) => void>();
  #rows: Waiting[] = [];
  #person: Person | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #busy = false;
  #failures = 0;
  #failingSince: number | null = null;
  #signIn = false;
  #savedAt: string | null = null;
  #savedSinceFailure = 0;
  #cameBack: number | null = null;
  #next = 0;
  #state: OutboxState;
  /** Writes to the store, one after the other. */
  #written: Promise<void> = Promise.resolve();
  readonly loaded: Promise<void>;

  constructor(store: OutboxStore, send: Send) {
    this.#store = store;
    this.#send = send;
    this.#state = this.#look();
    this.loaded = store.all().then((rows) => {
      const here = new Set(this.#rows.map((row) => row.id));
      this.#rows = [...rows.filter((row) => !here.has(row.id)), ...this.#rows];
      this.#next = Math.max(this.#next, ...rows.map((row) => row.order + 1));
      this.#tell();
      this.#sendWaiting();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): OutboxState => this.#state;

  /** Who is signed in now: their answers are sent, everybody else's wait. */
  setPerson(person: Person | null): void {
    if (person?.id !== this.#person?.id) {
      // What was saved and what failed were another's answers.
      this.#savedAt = null;
      this.#forgetFailures();
    }
    this.#person = person;
    this.#signIn = false;
    this.#failures = 0;
    this.#tell();
    this.#sendWaiting();
  }

  /** Takes answers of the person who is signed in; false, and nothing taken, when too many wait already. */
  add(project: string, answers: readonly Answer[]): boolean {
    const person = this.#person;
    if (person === null || this.#mine().length + answers.length > Math.max(fullAt, answers.length)) return false;
    const rows = answers.map((answer) => ({ id: answer.id, order: this.#next++, person: person.id, personName: person.name, project, answer }));
    this.#rows.push(...rows);
    this.#cameBack = null;
    this.#write(() => this.#store.put(rows));
    this.#tell();
    // After a failure the next try has its time; where none is set, nothing would ever be sent.
    if (this.#failures === 0 || this.#timer === null) this.#soon(this.#mine().length >= batchSize ? 0 : batchDelay);
    return true;
  }

  /** Answers of this person to a project that are not acknowledged, oldest first. */
  waiting(project: string): Answer[] {
    return this.#mine().flatMap((row) => (row.project === project ? [row.answer] : []));
  }

  /** Sends what waits now; true when nothing waits any more, false when it could not be sent. */
  drain(): Promise<boolean> {
    if (this.#mine().length === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#idle.add(resolve);
      this.#soon(0);
    });
  }

  /** The person has read what was rejected. */
  dismissRejected(): void {
    const ids = this.#state.rejected.map((row) => row.id);
    this.#rows = this.#rows.filter((row) => !ids.includes(row.id));
    this.#write(() => this.#store.remove(ids));
    this.#tell();
  }

  #sendWaiting(): void {
    if (this.#mine().length > 0) this.#soon(0);
  }

  #mine(): Waiting[] {
    return this.#rows.filter((row) => row.person === this.#person?.id && row.rejected === undefined);
  }

  #write(work: () => Promise<void>): void {
    // A disk that takes nothing must not stop the sending; the answers are in memory and on their way.
    this.#written = this.#written.then(work).catch(() => undefined);
  }

  #soon(delay: number): void {
    if (this.#busy) return;
    if (this.#timer !== null) {
      if (delay > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#turn();
    }, delay);
  }

  async #turn(): Promise<void> {
    const first = this.#mine()[0];
    if (this.#busy || first === undefined || this.#signIn) {
      this.#settle(first === undefined);
      return;
    }
    const batch: Waiting[] = [];
    for (const row of this.#mine()) if (row.project !== first.project || batch.push(row) === largestRequest) break;
    this.#busy = true;
    this.#tell();
    try {
      const done = await this.#send(
        first.project,
        batch.map((row) => row.answer),
        first.person,
      );
      this.#acknowledge(batch, done);
    } catch (error) {
      this.#fail(batch, error);
    } finally {
      this.#busy = false;
    }
    const left = this.#mine().length;
    this.#tell();
    if (left === 0) this.#settle(true);
    else if (this.#failures > 0 || this.#signIn) {
      this.#settle(false);
      if (!this.#signIn) this.#soon(Math.min(30_000, 1000 * 2 ** (this.#failures - 1)));
    } else this.#soon(left >= batchSize ? 0 : batchDelay);
  }

  #acknowledge(batch: readonly Waiting[], done: AnswersDone): void {
    const told = new Map(done.map((one) => [one.id, one]));
    const saved = new Set(batch.filter((row) => ["saved", "duplicate"].includes(told.get(row.id)?.status ?? "")).map((row) => row.id));
    const rejected = batch.flatMap((row) => {
      const one = told.get(row.id);
      return one?.status === "rejected" ? [{ ...row, rejected: { code: one.code ?? "unknown", params: one.params ?? {} } }] : [];
    });
    // An answer of which the server said nothing is sent again: it is stored once at most.
    this.#rows = this.#rows.filter((row) => !saved.has(row.id)).map((row) => rejected.find((one) => one.id === row.id) ?? row);
    this.#write(() => this.#store.remove([...saved]));
    if (rejected.length > 0) this.#write(() => this.#store.put(rejected));
    if (saved.size === 0 && rejected.length === 0) throw new Error("the server acknowledged nothing");
    // Nothing of whoever signed in meanwhile was saved by it.
    if (batch[0]?.person !== this.#person?.id) return;
    if (saved.size > 0) this.#savedAt = new Date().toISOString();
    if (this.#failingSince !== null) this.#savedSinceFailure += saved.size;
    this.#failures = 0;
    if (this.#failingSince !== null && this.#mine().length === 0) {
      this.#cameBack = this.#savedSinceFailure;
      this.#failingSince = null;
      this.#savedSinceFailure = 0;
    }
  }

  #fail(batch: readonly Waiting[], error: unknown): void {
    const status = error instanceof Refusal ? error.problem.status : 0;
    if (status === 401) {
      // Of whoever sent it, not of whoever came after them.
      this.#signIn ||= batch[0]?.person === this.#person?.id;
      return;
    }
    if (error instanceof Refusal && [400, 403, 404, 409, 410, 422].includes(status) && error.problem.code !== "access.foreign") {
      // The server will not take these however often they are sent: they are shown, never dropped.
      const { code, params } = error.problem;
      const rejected = batch.map((row) => ({ ...row, rejected: { code, params } }));
      this.#rows = this.#rows.map((row) => rejected.find((one) => one.id === row.id) ?? row);
      this.#write(() => this.#store.put(rejected));
      // It answers, so it is not gone.
      this.#forgetFailures();
      return;
    }
    // Another signed in meanwhile: theirs can be sent at once.
    if (batch[0]?.person !== this.#person?.id) return;
    this.#failures += 1;
    this.#failingSince ??= Date.now();
  }

  #forgetFailures(): void {
    this.#failures = 0;
    this.#failingSince = null;
    this.#savedSinceFailure = 0;
    this.#cameBack = null;
  }

  #settle(drained: boolean): void {
    for (const resolve of this.#idle) resolve(drained);
    this.#idle.clear();
  }

  #look(): OutboxState {
    const waiting = this.#mine().length;
    const others = new Map<string, number>();
    for (const row of this.#rows) if (row.person !== this.#person?.id && row.rejected === undefined) others.set(row.personName, (others.get(row.personName) ?? 0) + 1);
    const phase: Phase = waiting === 0 ? "saved" : waiting >= fullAt ? "full" : this.#signIn ? "signIn" : this.#failingSince === null ? "sending" : "trying";
    return {
      phase,
      waiting,
      savedAt: this.#savedAt,
      failingSince: this.#failingSince,
      cameBack: this.#cameBack,
      rejected: this.#rows.filter((row) => row.person === this.#person?.id && row.rejected !== undefined),
      others: [...others].map(([name, count]) => ({ name, count })),
    };
  }

  #tell(): void {
    this.#state = this.#look();
    for (const listener of this.#listeners) listener();
  }
}
