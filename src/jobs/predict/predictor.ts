/** A project's live answers, warm, in a thread of their own, so that requests for pages and answers never wait for a picture. */
import { Worker } from "node:worker_threads";
import { CatwiseError, errorReceived } from "../../errors.ts";
import type { LiveSet, PredictedPicture } from "./live.ts";
import type { PredictorAnswer, PredictorQuestion, PredictorStart } from "./predictor-worker.ts";

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./predictor-worker.ts" : "./predictor-worker.js", import.meta.url);

type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;

/** Close it when done. A thread that ended unexpectedly is started again at the next question, with the set that was in use. */
export class Predictor {
  readonly #start: PredictorStart;
  readonly #waiting = new Map<number, { readonly resolve: (answer: PredictedPicture | null) => void; readonly reject: (error: unknown) => void }>();
  #worker: Worker | null = null;
  #live: LiveSet | null = null;
  /** Questions that are not answered. */
  readonly #asked = new Set<Promise<unknown>>();
  #next = 1;

  constructor(start: PredictorStart) {
    this.#start = start;
  }

  /** Answers by this set from now on; resolves when the change is made. Pictures asked about before are answered by the set before. Errors: those of the models; the set before then stays. */
  async use(live: LiveSet): Promise<void> {
    await this.#ask({ use: live });
    this.#live = live;
  }

  /** What is said of a picture file's bytes. Errors: model.run-failed. */
  async predict(bytes: Uint8Array): Promise<PredictedPicture> {
    const answer = await this.#ask({ bytes });
    if (answer === null) throw new CatwiseError("internal.unexpected", "A prediction came without an answer.");
    return answer;
  }

  /** Resolves when the pictures under way are answered and the thread has ended. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    await Promise.allSettled(this.#asked);
    const ended = new Promise<void>((resolve) => {
      worker.once("exit", () => resolve());
    });
    await this.#ask({ close: true }).catch(() => null);
    await ended;
    this.#worker = null;
  }

  #ask(question: Unnumbered<PredictorQuestion>): Promise<PredictedPicture | null> {
    const restarted = this.#worker === null;
    const worker = (this.#worker ??= this.#begin());
    // A thread that had to be started again knows of nothing live; messages are handled in order, so this one is first.
    if (restarted && this.#live !== null && !("use" in question)) this.#send(worker, { use: this.#live }).catch(() => null);
    return this.#send(worker, question);
  }

  #send(worker: Worker, question: Unnumbered<PredictorQuestion>): Promise<PredictedPicture | null> {
    const id = this.#next++;
    const answer = new Promise<PredictedPicture | null>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
      worker.postMessage({ ...question, id });
    });
    this.#asked.add(answer);
    const forget = (): boolean => this.#asked.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  #begin(): Worker {
    const worker = new Worker(workerFile, { workerData: this.#start });
    worker.on("message", (message: PredictorAnswer) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ("error" in message) waiting?.reject(errorReceived(message.error));
      else waiting?.resolve(message.answer);
    });
    const ended = (): void => {
      if (this.#worker === worker) this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new CatwiseError("internal.unexpected", "The thread that looks at pictures ended in the middle of its work."));
      this.#waiting.clear();
    };
    worker.once("error", ended);
    worker.once("exit", ended);
    return worker;
  }
}
