/** Threads with a session each, for what extraction is held against: the runtime alone on pixels decoded beforehand, and decoding alone. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ImageFile, Preprocessing } from "../../src/model/index.ts";
import type { PictureThreadJob, PictureThreadStart, PictureThreadWork } from "../children/picture-thread.ts";

interface Pictures {
  readonly model: string;
  readonly images: readonly ImageFile[];
  readonly preprocessing: Preprocessing;
  /** Of all images, decoded. */
  readonly pixels: Float32Array;
  readonly batch: number;
  /** How often `infer` goes through the images. */
  readonly times: number;
  /** Features of an image. */
  readonly columns: number;
}

export class PictureThreads {
  readonly #workers: readonly Worker[];
  readonly #turn: Int32Array;
  readonly #features: Float32Array;
  readonly #batches: number;
  readonly #times: number;

  private constructor(workers: readonly Worker[], { turn, features }: Pick<PictureThreadStart, "turn" | "features">, batches: number, times: number) {
    this.#workers = workers;
    this.#turn = turn;
    this.#features = features;
    this.#batches = batches;
    this.#times = times;
  }

  static async open(threads: number, { times, columns, ...pictures }: Pictures): Promise<PictureThreads> {
    const turn = new Int32Array(new SharedArrayBuffer(8));
    const features = new Float32Array(new SharedArrayBuffer(4 * times * pictures.images.length * columns));
    const start: PictureThreadStart = { ...pictures, turn, features };
    const workers = Array.from({ length: threads }, () => new Worker(new URL("../children/picture-thread.ts", import.meta.url), { workerData: start }));
    await Promise.all(workers.map((worker) => once(worker, "message")));
    return new PictureThreads(workers, start, Math.ceil(pictures.images.length / pictures.batch), times);
  }

  /** Features of all images, so often as they are gone through, row-major. A view, which the next run overwrites. */
  async infer(): Promise<Float32Array> {
    await this.#run("infer", this.#times * this.#batches);
    return this.#features;
  }

  /** Decodes all images once. */
  async decode(): Promise<void> {
    await this.#run("decode", this.#batches);
  }

  /** Of decoding all images once, what sharp does. */
  async unpack(): Promise<void> {
    await this.#run("unpack", this.#batches);
  }

  async close(): Promise<void> {
    const ended = this.#workers.map((worker) => once(worker, "exit"));
    this.#ask("end");
    await Promise.all(ended);
  }

  async #run(job: PictureThreadWork, batches: number): Promise<void> {
    this.#turn.set([0, batches]);
    const answers = this.#workers.map((worker) => once(worker, "message"));
    this.#ask(job);
    await Promise.all(answers);
  }

  #ask(job: PictureThreadJob): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    for (const worker of this.#workers) worker.postMessage(job);
  }
}
