/**
 * Many pictures through a model, on all cores: lanes, each a thread that decodes and runs a session of its own, so that decoding, resizing and inference overlap.
 * How many lanes of how many threads, and how many pictures a batch, is measured on the first pictures of the list; what is measured is kept, so that hardly anything is computed twice.
 */
import { stat } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { expected } from "../../errors.ts";
import { extractFeatures } from "../extract.ts";
import type { FeatureBatch, ListedPicture, PixelRunner } from "../extract.ts";
import type { Preprocessing } from "../images/preprocessing.ts";
import { Flow } from "./flow.ts";
import { Lane } from "./lane.ts";
import { arrangements, describe, rateOf, sameNumbers, smallBatch, usualBatch, type Arrangement, type Tried } from "./measure.ts";

/** A model opened in this thread, and how it may be run in others. */
export interface ExtractorOptions {
  /** The file. */
  readonly model: string;
  /** The answers of the whole model instead of what its head reads. */
  readonly whole?: boolean;
  readonly preprocessing: Preprocessing;
  /** The same model in this thread: for few pictures, where starting threads would take longer than they save. */
  readonly backbone: PixelRunner;
  /** Threads in all; every core when absent. */
  readonly threads?: number | undefined;
  /** Pictures a batch; measured when absent. */
  readonly batchSize?: number | undefined;
  /** Told once, how the work was arranged and how fast that was. */
  readonly tell?: ((text: string) => void) | undefined;
}

/** Below this many pictures, this thread does it alone. */
const worthLanes = 256;
/** The part of the machine's memory that copies of the model may take. */
const memoryShare = 0.25;

/** Turns pictures into features. Close it when done. */
export class Extractor {
  readonly #options: ExtractorOptions;
  readonly #threads: number;
  #open: Lane[] = [];
  #chosen: (Tried & { readonly lanes: readonly Lane[] }) | null = null;

  /** Errors: usage.invalid-value (batchSize, threads). */
  constructor(options: ExtractorOptions) {
    const { batchSize = usualBatch, threads = availableParallelism() } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) throw expected("batchSize", "a whole number of at least 1", batchSize);
    if (!Number.isInteger(threads) || threads < 1) throw expected("threads", "a whole number of at least 1", threads);
    this.#options = options;
    this.#threads = threads;
  }

  /**
   * The features of all images in list order, as extractFeatures gives them. They depend on neither lanes nor threads; another arrangement is taken only where it gave
   * the same numbers for the first batch, to the bit. One list at a time. Errors: as extractFeatures.
   */
  async *extract(images: readonly ListedPicture[]): AsyncGenerator<FeatureBatch, void, void> {
    const { batchSize = usualBatch, backbone, preprocessing } = this.#options;
    if (this.#chosen === null && (images.length < worthLanes || this.#threads === 1)) {
      yield* extractFeatures({ images, backbone, preprocessing, batchSize });
      return;
    }
    const done = this.#chosen === null ? yield* this.#measure(images) : 0;
    const { lanes, arrangement } = this.#chosen!;
    const flow = new Flow(lanes, images, done, arrangement.batchSize);
    for (let batch = await flow.next(true); batch !== null; batch = await flow.next(true)) yield batch;
  }

  /** Ends the threads, after the batches they are at. */
  async close(): Promise<void> {
    await this.#end(this.#open);
    this.#chosen = null;
  }

  /** Tries one arrangement after another on the first images and keeps the fastest. Returns how many images are done. */
  async *#measure(images: readonly ListedPicture[]): AsyncGenerator<FeatureBatch, number, void> {
    const { batchSize, model, tell } = this.#options;
    const copies = Math.floor((memoryShare * totalmem()) / (await stat(model)).size);
    const tried: Tried[] = [];
    let [done, example]: [number, FeatureBatch | null] = [0, null];
    for (const arrangement of arrangements(this.#threads, copies, batchSize ?? usualBatch)) {
      if (done === images.length) break;
      const lanes = await this.#start(arrangement);
      const flow = new Flow(lanes, images, done, arrangement.batchSize);
      if (example !== null && !sameNumbers(example, await lanes[0]!.ask(images.slice(0, arrangement.batchSize)))) {
        await this.#end(lanes);
        continue;
      }
      const rate = yield* rateOf(flow, lanes.length, (batch) => {
        example ??= { ...batch, features: batch.features.slice() };
      });
      done = flow.handed;
      tried.push({ arrangement, rate });
      const former: { readonly rate: number; readonly lanes: readonly Lane[] } | null = this.#chosen;
      if (former === null || rate > former.rate) this.#chosen = { arrangement, rate, lanes };
      await this.#end(former === null ? [] : rate > former.rate ? former.lanes : lanes);
    }
    const { lanes, arrangement } = this.#chosen!;
    if (batchSize === undefined && done < images.length && example !== null && sameNumbers(example, await lanes[0]!.ask(images.slice(0, smallBatch)))) {
      const small: Arrangement = { ...arrangement, batchSize: smallBatch };
      const flow = new Flow(lanes, images, done, smallBatch);
      const rate = yield* rateOf(flow, lanes.length);
      done = flow.handed;
      tried.push({ arrangement: small, rate });
      if (rate > this.#chosen!.rate) this.#chosen = { arrangement: small, rate, lanes };
    }
    tell?.(describe(this.#chosen!, tried));
    return done;
  }

  async #start({ lanes, threads }: Arrangement): Promise<Lane[]> {
    const { model, whole = false, preprocessing } = this.#options;
    const opened = await Promise.allSettled(Array.from({ length: lanes }, () => Lane.open({ model, whole, threads, preprocessing })));
    for (const each of opened) if (each.status === "fulfilled") this.#open.push(each.value);
    return opened.map((each) => {
      if (each.status === "rejected") throw each.reason;
      return each.value;
    });
  }

  async #end(lanes: readonly Lane[]): Promise<void> {
    const ending = new Set(lanes);
    this.#open = this.#open.filter((lane) => !ending.has(lane));
    await Promise.all(Array.from(ending, (lane) => lane.close()));
  }
}
