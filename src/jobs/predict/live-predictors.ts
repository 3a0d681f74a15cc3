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
}

/** Projects whose networks are open at once: each takes some hundred megabytes. */
const mostOpen = 4;

/** Close them when done. */
export class LivePredictors {
  readonly #store: Store;
  readonly #open = new Map<string, OpenPredictor>();
  #ended = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is said of a picture by what is live in a project. A project's networks are opened at the first picture and kept while it is among the last few that were asked. Errors: those of the models. */
  async predict(project: string, bytes: Uint8Array): Promise<PredictedPicture> {
    const entry = this.#of(project);
    await entry.live;
    // Others were asked meanwhile, and this one's place was taken.
    if (!this.#ended && this.#open.get(project) !== entry) return this.predict(project, bytes);
    return entry.predictor.predict(bytes);
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
    this.#ended = true;
    for (const { predictor } of this.#open.values()) await predictor.close();
    this.#open.clear();
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
    const predictor = new Predictor({ workspace: this.#store.folder.path });
    const live = readLiveSet(this.#store, project).then((set) => predictor.use(set));
    const changed = live.catch(() => {
      // The next picture tries again.
      this.#open.delete(project);
      return predictor.close();
    });
    const entry = { predictor, live, changed };
    this.#open.set(project, entry);
    for (const [other, { predictor: idle }] of [...this.#open].slice(0, -mostOpen)) {
      this.#open.delete(other);
      // What it was asked is answered before it ends.
      void idle.close();
    }
    return entry;
  }
}
