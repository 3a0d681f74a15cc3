import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore, type Store } from "../../workspace/index.ts";
import type { PredictedPicture } from "./live.ts";
import { LivePredictors } from "./live-predictors.ts";
import type { Predictor } from "./predictor.ts";

/** Stand for threads; `held` answers only when it is let go. */
class Threads {
  open = 0;
  begun = 0;
  letGo: () => void = () => undefined;
  #held: Promise<void> | null = null;

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  readonly begin = (): Predictor => {
    this.open += 1;
    const version = (this.begun += 1);
    let asked: Promise<unknown> = Promise.resolve();
    const held = this.#held;
    return {
      use: () => Promise.resolve(),
      predict: () => {
        const said = Promise.resolve(held).then((): PredictedPicture => ({ version, familiar: null, problem: null, categories: [] }));
        asked = said;
        return said;
      },
      close: async () => {
        await asked;
        this.open -= 1;
      },
    } as unknown as Predictor;
  };
}

async function scene(): Promise<{ store: Store; projects: string[]; threads: Threads; predictors: LivePredictors }> {
  const folder = await mkdtemp(join(tmpdir(), "catwise-predictors-"));
  const store = openStore(join(folder, "workspace"));
  const threads = new Threads();
  onTestFinished(async () => {
    store.close();
    await rm(folder, { recursive: true });
  });
  return { store, projects: ["a", "b", "c", "d", "e"].map((name) => store.projects.add(name, null).id), threads, predictors: new LivePredictors(store, threads.begin) };
}

const bytes = new Uint8Array(1);

describe("what answers for projects", () => {
  it("is open for the four that were asked last, and is opened again for whoever asks after that", async () => {
    const { projects, threads, predictors } = await scene();
    for (const project of projects.slice(0, 4)) await predictors.predict(project, bytes);
    // The first was asked again, so the second has waited longest.
    expect((await predictors.predict(projects[0], bytes)).version).toBe(1);
    await predictors.predict(projects[4], bytes);
    await expect.poll(() => threads.open).toBe(4);
    expect((await predictors.predict(projects[0], bytes)).version).toBe(1);
    expect((await predictors.predict(projects[1], bytes)).version).toBe(6);
    await predictors.close();
    expect(threads.open).toBe(0);
  });

  it("keeps its place while it is asked, however many are, and gives it up afterwards", async () => {
    const { projects, threads, predictors } = await scene();
    threads.hold();
    const said = projects.map((project) => predictors.predict(project, bytes));
    await expect.poll(() => threads.begun).toBe(5);
    expect(threads.open).toBe(5);
    threads.letGo();
    expect((await Promise.all(said)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(() => threads.open).toBe(4);
    expect(threads.begun).toBe(5);
    await predictors.close();
    expect(threads.open).toBe(0);
  });
});
