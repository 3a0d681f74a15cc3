/** A thread that is asked by messages and answers each, kept open between questions. */
import { Worker } from "node:worker_threads";
import { CatwiseError, errorReceived, type SentError } from "../../errors.ts";

/** A question as it is sent, numbered by the asker; or the wish that the thread ends. */
export type Asked<Question> = { readonly id: number } & ({ readonly question: Question } | { readonly close: true });

/** Its answer. */
export type Answered<Answer> = { readonly id: number } & ({ readonly answer: Answer } | { readonly error: SentError });

/** Close it when done. The thread begins at the first question; where it ends unexpectedly, what was asked of it fails, and the next question begins another. */
export class AskedThread<Question, Answer> {
  readonly #file: URL;
  readonly #start: unknown;
  readonly #what: string;
  readonly #waiting = new Map<number, { readonly resolve: (answer: Answer) => void; readonly reject: (error: unknown) => void }>();
  /** Questions that are not answered. */
  readonly #asked = new Set<Promise<unknown>>();
  #worker: Worker | null = null;
  #next = 1;

  /** `file`: the thread's module, which calls `answerQuestions`. `start`: its workerData. `what` it does, for the words of a failure: "looks at pictures". */
  constructor(file: URL, start: unknown, what: string) {
    this.#file = file;
    this.#start = start;
    this.#what = what;
  }

  /** Whether there is a thread, which has heard what was asked before. */
  get isOpen(): boolean {
    return this.#worker !== null;
  }

  /** Questions reach the thread in their order. Errors: what it answers with; internal.unexpected where it ends in the middle. */
  ask(question: Question): Promise<Answer> {
    return this.#send((id) => ({ id, question }));
  }

  /** Resolves when what was asked is answered and the thread has ended. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    await Promise.allSettled(this.#asked);
    const ended = new Promise<void>((resolve) => {
      worker.once("exit", () => resolve());
    });
    await this.#send((id) => ({ id, close: true })).catch(() => null);
    await ended;
    this.#worker = null;
  }

  #send(message: (id: number) => Asked<Question>): Promise<Answer> {
    const worker = (this.#worker ??= this.#begin());
    const id = this.#next++;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
      worker.postMessage(message(id));
    });
    this.#asked.add(answer);
    const forget = (): boolean => this.#asked.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  #begin(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#start });
    worker.on("message", (message: Answered<Answer>) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ("error" in message) waiting?.reject(errorReceived(message.error));
      else waiting?.resolve(message.answer);
    });
    const ended = (): void => {
      if (this.#worker === worker) this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new CatwiseError("internal.unexpected", `The thread that ${this.#what} ended in the middle of its work.`));
      this.#waiting.clear();
    };
    worker.once("error", ended);
    worker.once("exit", ended);
    return worker;
  }
}
