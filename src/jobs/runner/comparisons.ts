/** Comparisons of versions as they are asked for. */
import type { Worker } from "node:worker_threads";
import { CatwiseError, errorReceived } from "../../errors.ts";
import type { Compared } from "../compare/compare.ts";
import type { JobMessage, JobStart } from "./job-worker.ts";

/** Which versions. */
export type CompareTask = Extract<JobStart["task"], { readonly kind: "compare" }>;

const patience = 10_000;

/** Makes comparisons in threads of their own, one after another: each holds the features of all answered pictures. `begin` starts the thread. Close them when done. */
export class Comparisons {
  readonly #begin: (task: CompareTask, signal: SharedArrayBuffer) => Worker;
  readonly #coming = new Map<string, Promise<Compared>>();
  #last: Promise<unknown> = Promise.resolve();
  #running: { readonly worker: Worker; readonly flag: Int32Array; readonly ended: Promise<unknown> } | null = null;
  #open = true;

  constructor(begin: (task: CompareTask, signal: SharedArrayBuffer) => Worker) {
    this.#begin = begin;
  }

  /** Made once for all who ask for the same while it is coming. Errors: those of comparing; run.interrupted when they are closed meanwhile. */
  get(task: CompareTask): Promise<Compared> {
    const key = JSON.stringify([task.project, task.before, task.after]);
    const there = this.#coming.get(key);
    if (there !== undefined) return there;
    const made = this.#last.then(() => this.#make(task)).finally(() => this.#coming.delete(key));
    this.#coming.set(key, made);
    this.#last = made.catch(() => undefined);
    return made;
  }

  /** The one that is being made is stopped, those that wait are not begun. */
  async close(): Promise<void> {
    this.#open = false;
    const running = this.#running;
    if (running !== null) {
      Atomics.store(running.flag, 0, 1);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, patience).unref();
      });
      await Promise.race([running.ended, late]);
      if (this.#running === running) await running.worker.terminate();
    }
    await Promise.allSettled(this.#coming.values());
  }

  #make(task: CompareTask): Promise<Compared> {
    if (!this.#open) throw new CatwiseError("run.interrupted", "Catwise is ending.");
    const signal = new SharedArrayBuffer(4);
    const worker = this.#begin(task, signal);
    const made = new Promise<Compared>((resolve, reject) => {
      worker.on("message", (message: JobMessage) => {
        if (message.kind === "compared") resolve(message.compared);
        if (message.kind === "failed") reject(errorReceived(message.error));
      });
      worker.once("error", reject);
      worker.once("exit", () => reject(this.#open ? new CatwiseError("internal.unexpected", "The thread that compares ended in the middle of its work.") : new CatwiseError("run.interrupted", "Catwise is ending.")));
    });
    const running = { worker, flag: new Int32Array(signal), ended: made.catch(() => undefined) };
    this.#running = running;
    return made.finally(() => {
      if (this.#running === running) this.#running = null;
    });
  }
}
