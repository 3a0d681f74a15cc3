/** A project's live answers, warm, in a thread of their own, so that requests for pages and answers never wait for a picture. */
import { CatwiseError } from "../../errors.ts";
import { AskedThread } from "../threads/asked-thread.ts";
import type { LiveSet, PredictedPicture } from "./live.ts";
import type { PredictorQuestion, PredictorStart } from "./predictor-worker.ts";

/** Source runs as .ts, the built package as .js. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "./predictor-worker.ts" : "./predictor-worker.js", import.meta.url);

/** Close it when done. A thread that ended unexpectedly is started again at the next question, with the set that was in use. */
export class Predictor {
  readonly #thread: AskedThread<PredictorQuestion, PredictedPicture | null>;
  #live: LiveSet | null = null;

  constructor(start: PredictorStart) {
    this.#thread = new AskedThread(workerFile, start, "looks at pictures");
  }

  /** Answers by this set from now on; resolves when the change is made. Pictures asked about before are answered by the set before. Errors: those of the models; the set before then stays. */
  async use(live: LiveSet): Promise<void> {
    await this.#thread.ask({ use: live });
    this.#live = live;
  }

  /** What is said of a picture file's bytes. Errors: model.run-failed. */
  async predict(bytes: Uint8Array): Promise<PredictedPicture> {
    // A thread that has to be started again knows of nothing live; questions are handled in order, so this one is first.
    if (!this.#thread.isOpen && this.#live !== null) this.#thread.ask({ use: this.#live }).catch(() => null);
    const answer = await this.#thread.ask({ bytes });
    if (answer === null) throw new CatwiseError("internal.unexpected", "A prediction came without an answer.");
    return answer;
  }

  /** Resolves when the pictures under way are answered and the thread has ended. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
