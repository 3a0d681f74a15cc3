/** What answers about pictures, one predictor for each project that was asked. */
import type { Store } from "../../workspace/index.ts";
import { readLiveSet } from "../live-set.ts";
import type { PredictedPicture } from "./live.ts";
import { Predictor } from "./predictor.ts";

/** What answers for a project. */
interface OpenPredictor {
  readonly predictor: Predictor;
  /** Resolves when the first set is in use. */
  readonly live: Promise<void>;
  /** The last change asked for. What is live is read and taken over in one go, one after another: else the slower of two readings would win over the newer one. */
  changed: Promise<void>;
  /** Pictures under way: what is asked keeps its place. */
  asked: number;
}

/** Projects whose networks stay open when nobody asks them: each takes some hundred megabytes. */
const mostOpen = 4;

/** Close them when done. */
export class LivePredictors {
  readonly #store: Store;
  readonly #open = new Map<string, OpenPredictor>();
  /** Those that are ending, as others were asked since. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #begin: () => Predictor;

  constructor(store: Store, begin = (): Predictor => new Predictor({ workspace: store.folder.path })) {
    this.#store = store;
    this.#begin = begin;
  }

  /** What is said of a picture by what is live in a project. A project's networks are opened at the first picture and kept while it is among the last few that were asked. Errors: those of the models. */
  async predict(project: string, bytes: Uint8Array): Promise<PredictedPicture> {
    const entry = this.#of(project);
    entry.asked += 1;
    try {
      await entry.live;
      return await entry.predictor.predict(bytes);
    } finally {
      entry.asked -= 1;
      this.#makeRoom();
    }
  }

  /** Pictures are answered by what is live now from when this resolves; none is dropped. */
  async changed(project: string): Promise<void> {
    const entry = this.#open.get(project);
    if (entry === undefined) return;
    const change = entry.changed.then(async () => {
      // Closed meanwhile: whoever asks next reads what is live then.
      if (this.#open.get(project) === entry) await entry.predictor.use(await readLiveSet(this.#store, project));
    });
    entry.changed = change.catch(() => undefined);
    await change;
  }

  /** Resolves when the pictures under way are answered and the threads have ended. */
  async close(): Promise<void> {
    for (const { predictor } of this.#open.values()) await predictor.close();
    this.#open.clear();
    await Promise.all(this.#leaving);
  }

  #of(project: string): OpenPredictor {
    const there = this.#open.get(project);
    if (there !== undefined) {
      // The last in the map is the one that was asked last.
      this.#open.delete(project);
      this.#open.set(project, there);
      return there;
    }
    // All cores: a picture is answered in milliseconds, and whoever asks is waiting.
    const predictor = this.#begin();
    const live = readLiveSet(this.#store, project).then((set) => predictor.use(set));
    const changed = live.catch(() => {
      // The next picture tries again. Another may be in its place by now.
      if (this.#open.get(project) === entry) this.#open.delete(project);
      return predictor.close();
    });
    const entry: OpenPredictor = { predictor, live, changed, asked: 0 };
    this.#open.set(project, entry);
    return entry;
  }

  /** Of those that are asked nothing just now, the ones that have waited longest go until no more are open than may be. */
  #makeRoom(): void {
    for (const [project, { predictor, asked }] of this.#open) {
      if (this.#open.size <= mostOpen) return;
      if (asked > 0) continue;
      this.#open.delete(project);
      const left = predictor.close().finally(() => this.#leaving.delete(left));
      this.#leaving.add(left);
    }
  }
}
