/** Answers while they are given: marked at once, sent by the outbox, taken back by the server. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import type { Answer, AnswerValue, UndoDone } from "../../../server/contract/index.ts";
import { api, Refusal } from "../../services/api.ts";
import { randomId, useOutbox, type Outbox } from "../../services/outbox/index.ts";

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
  readonly cells: readonly CellToAnswer[];
}
export interface AnsweringState {
  readonly last: LastAct | null;
  /** How many answers were given on this visit. */
  readonly given: number;
  readonly trouble: "gone" | { readonly error: unknown } | null;
  /** Rises with every change of a mark. */
  readonly changes: number;
}

export class Answering {
  readonly #project: string;
  readonly #outbox: Outbox;
  readonly #whenUndone: () => void;
  readonly #marks = new Map<string, AnswerValue>();
  readonly #listeners = new Set<() => void>();
  /** Acts of this visit since the last undo, newest last: for telling what undo would take back. */
  #acts: LastAct[] = [];
  #undoing = false;
  #state: AnsweringState = { last: null, given: 0, trouble: null, changes: 0 };

  constructor(project: string, outbox: Outbox, whenUndone: () => void) {
    this.#project = project;
    this.#outbox = outbox;
    this.#whenUndone = whenUndone;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): AnsweringState => this.#state;

  /** What I said of a cell on this visit; undefined: nothing, what the server told stands. */
  mark(picture: string, category: string): AnswerValue | undefined {
    return this.#marks.get(`${picture}/${category}`);
  }

  /** One act, one undo. False where the outbox is full: nothing is marked then. */
  give(cells: readonly CellToAnswer[], value: AnswerValue, how: Answer["how"]): boolean {
    if (cells.length === 0) return false;
    const act = randomId();
    const at = new Date().toISOString();
    const taken = this.#outbox.add(
      this.#project,
      cells.map(({ picture, category }) => ({ id: randomId(), picture, category, value, how, act, at })),
    );
    if (!taken) return false;
    for (const { picture, category } of cells) this.#marks.set(`${picture}/${category}`, value);
    this.#acts.push({ value, count: cells.length, name: cells[0]?.name ?? "", cells });
    this.#change({ given: this.#state.given + cells.length, trouble: null });
    return true;
  }

  /** Takes the newest act back, or brings again what was taken back; what stands there now, null where that was nothing or the server is gone. */
  async step(way: "undo" | "redo"): Promise<UndoDone | null> {
    if (this.#undoing) return null;
    this.#undoing = true;
    try {
      if (!(await this.#outbox.drain())) {
        this.#change({ trouble: "gone" });
        return null;
      }
      const done = await api.post<UndoDone>(`/projects/${this.#project}/${way}`, { act: randomId() });
      for (const { picture, category, value } of done.cells) this.#marks.set(`${picture}/${category}`, value);
      // What this would take back next is known to the server alone from here on.
      this.#acts = [];
      this.#change({ trouble: null });
      this.#whenUndone();
      return done;
    } catch (error) {
      // Nothing to take back is no trouble.
      const nothing = error instanceof Refusal && ["state.not-found", "state.conflict"].includes(error.problem.code);
      this.#change({ trouble: nothing ? null : error instanceof Refusal ? { error } : "gone" });
      return null;
    } finally {
      this.#undoing = false;
    }
  }

  #change(change: Partial<AnsweringState>): void {
    this.#state = { ...this.#state, ...change, last: this.#acts.at(-1) ?? null, changes: this.#state.changes + 1 };
    for (const listener of this.#listeners) listener();
  }
}

const AnsweringContext = createContext<Answering | null>(null);

export function AnsweringProvider({ project, children }: { readonly project: string; readonly children: ReactNode }): ReactNode {
  const outbox = useOutbox();
  const client = useQueryClient();
  const [answering] = useState(
    () =>
      new Answering(project, outbox, () => {
        void client.invalidateQueries({ queryKey: ["project", project, "last-acts"] });
      }),
  );
  return <AnsweringContext value={answering}>{children}</AnsweringContext>;
}

export function useAnswering(): { readonly answering: Answering; readonly state: AnsweringState } {
  const answering = use(AnsweringContext);
  if (answering === null) throw new Error("useAnswering was called outside of AnsweringProvider");
  const state = useSyncExternalStore(answering.subscribe, answering.state);
  return useMemo(() => ({ answering, state }), [answering, state]);
}
