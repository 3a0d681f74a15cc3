import type { FeatureBatch, ListedPicture } from "../extract.ts";
import type { Lane } from "./lane.ts";

/** Batches a lane has before it: the one it works on, the one it decodes, and one in case another lane holds up the order. */
const ahead = 3;

/** A list of pictures through lanes, in batches, answered in the order of the list whichever lane was first. */
export class Flow {
  readonly #lanes: readonly Lane[];
  readonly #images: readonly ListedPicture[];
  readonly #batchSize: number;
  readonly #pending: Promise<FeatureBatch>[] = [];
  /** Pictures handed to lanes so far, counted from the beginning of the list. */
  handed: number;

  constructor(lanes: readonly Lane[], images: readonly ListedPicture[], from: number, batchSize: number) {
    this.#lanes = lanes;
    this.#images = images;
    this.#batchSize = batchSize;
    this.handed = from;
  }

  /** The next batch; null when all that was handed out is answered. With `more` the lanes are kept supplied. Errors: those of a lane. */
  async next(more: boolean): Promise<FeatureBatch | null> {
    if (more) this.#supply();
    return (await this.#pending.shift()) ?? null;
  }

  #supply(): void {
    while (this.handed < this.#images.length && this.#pending.length < ahead * this.#lanes.length) {
      const free = this.#lanes.reduce((least, lane) => (lane.outstanding < least.outstanding ? lane : least));
      const answer = free.ask(this.#images.slice(this.handed, this.handed + this.#batchSize));
      // An answer after the one that failed is awaited by nobody.
      answer.catch(() => undefined);
      this.#pending.push(answer);
      this.handed += this.#batchSize;
    }
    this.handed = Math.min(this.handed, this.#images.length);
  }
}
