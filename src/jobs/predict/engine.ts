/** Answers for pictures, with the networks kept open. Runs in the predictor's thread, and in a batch job's. */
import { pictureFeatures, type DecodeFailure } from "../../model/index.ts";
import { isFamiliar } from "../engine/familiar.ts";
import { openNetwork, type Network, type NetworkChoice } from "../engine/networks.ts";
import type { Told } from "../told.ts";
import { answerOf, type LiveSet, type PredictedPicture } from "./live.ts";

/** A live set whose networks are open. */
interface Opened {
  readonly live: LiveSet;
  readonly networks: readonly Network[];
}

/** Networks that are open, and how many sets and pictures still need each. */
export class PredictionEngine {
  readonly #workspace: string;
  readonly #threads: number | undefined;
  readonly #open = new Map<string, { readonly opening: Promise<Network>; users: number }>();
  #current: Opened | null = null;
  /** The last change asked for; changes are made one after another. */
  #changing: Promise<void> = Promise.resolve();

  constructor(workspace: string, threads?: number) {
    this.#workspace = workspace;
    this.#threads = threads;
  }

  /**
   * Answers by this set from now on. Pictures being looked at are finished by the one before; the change is made when all networks of the new set are open, so that no picture waits for it and none is refused.
   * Errors: those of the models; the set before then stays.
   */
  use(live: LiveSet): Promise<void> {
    const change = this.#changing.then(() => this.#change(live));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async #change(live: LiveSet): Promise<void> {
    const taken: NetworkChoice[] = [];
    const networks: Network[] = [];
    try {
      for (const { network } of live.networks) {
        taken.push(network);
        networks.push(await this.#take(network));
      }
    } catch (error) {
      for (const choice of taken) await this.#leave(choice);
      throw error;
    }
    const former = this.#current;
    this.#current = { live, networks };
    if (former !== null) for (const { network } of former.live.networks) await this.#leave(network);
  }

  /** What is said of a picture. One that cannot be read, or nothing being live, is a problem told, not an error. Errors: model.run-failed. */
  async predict(bytes: Uint8Array): Promise<PredictedPicture> {
    if (this.#current === null) await this.#changing;
    const current = this.#current;
    if (current === null || current.live.networks.length === 0) return { version: 0, familiar: null, problem: { code: "predict.nothing-live", params: {} }, categories: [] };
    const { live, networks } = current;
    for (const { network } of live.networks) await this.#take(network);
    try {
      const categories: PredictedPicture["categories"][number][] = [];
      let familiar: boolean | null = null;
      for (const [at, each] of live.networks.entries()) {
        const features = await pictureFeatures(bytes, networks[at]!);
        if (!(features instanceof Float32Array)) return { version: live.version, familiar: null, problem: problemOf(features), categories: [] };
        if (!features.every(Number.isFinite)) return { version: live.version, familiar: null, problem: { code: "predict.not-finite", params: {} }, categories: [] };
        categories.push(...each.categories.map((one) => answerOf(one, features)));
        if (each.familiarity !== null) familiar = (familiar ?? true) && isFamiliar(each.familiarity, features);
      }
      return { version: live.version, familiar, problem: null, categories };
    } finally {
      for (const { network } of live.networks) await this.#leave(network);
    }
  }

  /** Ends all networks; nothing is asked any more. */
  async close(): Promise<void> {
    const former = this.#current;
    this.#current = null;
    if (former !== null) for (const { network } of former.live.networks) await this.#leave(network);
  }

  #take(choice: NetworkChoice): Promise<Network> {
    const key = keyOf(choice);
    const entry = this.#open.get(key) ?? { opening: openNetwork(this.#workspace, choice, this.#threads), users: 0 };
    this.#open.set(key, entry);
    entry.users += 1;
    return entry.opening;
  }

  async #leave(choice: NetworkChoice): Promise<void> {
    const entry = this.#open.get(keyOf(choice));
    if (entry === undefined) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#open.delete(keyOf(choice));
    const network = await entry.opening.catch(() => null);
    await network?.close();
  }
}

function keyOf({ kind, hash, preprocessing = null }: NetworkChoice): string {
  return `${kind} ${hash ?? ""} ${JSON.stringify(preprocessing)}`;
}

/** Why nothing can be said of a picture, in the codes of imports. */
export function problemOf({ reason, detail }: DecodeFailure): Told {
  switch (reason) {
    case "too-large":
      return { code: "picture.too-many-pixels", params: { detail } };
    case "empty":
      return { code: "picture.empty", params: { detail } };
    case "broken":
      return { code: "picture.broken", params: { detail } };
    case "not-an-image":
      return { code: "picture.not-a-picture", params: { detail } };
    default:
      throw new TypeError(`unknown reason ${String(reason satisfies never)}`);
  }
}
