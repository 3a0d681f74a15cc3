import { Worker } from "node:worker_threads";
import { CatwiseError, errorReceived } from "../../errors.ts";
import type { FeatureBatch } from "../extract.ts";
import type { LaneAnswer, LaneQuestion, LaneStart } from "./lane-worker.ts";

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./lane-worker.ts" : "./lane-worker.js", import.meta.url);

interface Waiting {
  readonly resolve: (answer: LaneAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread that turns pictures into features. Batches are answered in the order they were asked for. */
export class Lane {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #ended: Promise<void>;
  /** Why nothing is answered any more. */
  #failure: unknown = null;

  private constructor(start: LaneStart) {
    this.#worker = new Worker(workerFile, { workerData: start });
    this.#worker.on("message", (answer: LaneAnswer) => this.#waiting.shift()?.resolve(answer));
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", () => resolve());
    });
    const failed = (error: unknown): void => {
      this.#failure ??= error;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    this.#worker.once("error", failed);
    this.#worker.once("exit", () => failed(new CatwiseError("internal.unexpected", "A thread ended in the middle of its work.")));
  }

  /** Errors: those of opening the model. */
  static async open(start: LaneStart): Promise<Lane> {
    const lane = new Lane(start);
    const answer = await lane.#answer();
    if ("error" in answer) {
      await lane.close();
      throw errorReceived(answer.error);
    }
    return lane;
  }

  /** Batches asked for and not answered. */
  get outstanding(): number {
    return this.#waiting.length;
  }

  /** Errors: those of running the model. */
  async ask(images: NonNullable<LaneQuestion>): Promise<FeatureBatch> {
    const answering = this.#answer();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    this.#worker.postMessage(images.map(({ id, path }) => ({ id, path })));
    const answer = await answering;
    if ("error" in answer) throw errorReceived(answer.error);
    if (!("batch" in answer)) throw new CatwiseError("internal.unexpected", "A thread opened twice.");
    return answer.batch;
  }

  /** Resolves when what was asked for is done and the thread has ended: a thread is not ended in the middle of a library's work. */
  async close(): Promise<void> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    this.#worker.postMessage(null);
    await this.#ended;
  }

  #answer(): Promise<LaneAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
    });
  }
}
