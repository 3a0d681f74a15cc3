import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractFeatures } from "../extract.ts";
import type { FeatureBatch } from "../extract.ts";
import { imagenetPreprocessing } from "../images/preprocessing.ts";
import { openBackbone, type Backbone } from "../onnx/open-model.ts";
import { scatteringModel } from "../scattering/scattering-model.ts";
import { Extractor } from "./index.ts";
import { arrangements, sameNumbers } from "./measure.ts";

const preprocessing = imagenetPreprocessing(32, 32);
const count = 300;
const unreadable = new Set([0, 17, 255, 299]);
let folder: string;
let model: string;
let images: { id: string; path: string }[];
let backbone: Backbone;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-lanes-"));
  model = join(folder, "model.onnx");
  await writeFile(model, scatteringModel({ size: 32, scales: 2, orientations: 4, categories: 2 }));
  images = Array.from({ length: count }, (_, at) => ({ id: `${at}.png`, path: join(folder, `${at}.png`) }));
  for (const [at, { path }] of images.entries()) {
    if (unreadable.has(at)) await writeFile(path, "no picture");
    else await sharp({ create: { width: 20 + (at % 30), height: 40, channels: 3, background: { r: at % 256, g: (7 * at) % 256, b: 90 } } }).png({ compressionLevel: 1 }).toFile(path);
  }
  backbone = await openBackbone(model);
});
afterAll(async () => {
  await backbone.close();
  await rm(folder, { recursive: true });
});

async function collect(batches: AsyncIterable<FeatureBatch>): Promise<{ ids: string[]; numbers: Buffer; skipped: string[] }> {
  const all: FeatureBatch[] = [];
  for await (const each of batches) all.push(each);
  return { ids: all.flatMap(({ ids }) => ids), numbers: Buffer.concat(all.map(({ features }) => Buffer.from(features.buffer, features.byteOffset, features.byteLength))), skipped: all.flatMap(({ skipped }) => skipped.map(({ id }) => id)) };
}

describe("extraction in lanes", () => {
  it("gives the numbers, order and skipped images of one thread, to the bit, for any number of threads and any batch, and says how it was done once", async () => {
    const alone = await collect(extractFeatures({ images, preprocessing, backbone }));
    expect(alone.skipped).toEqual(["0.png", "17.png", "255.png", "299.png"]);
    for (const options of [{ threads: 2 }, { threads: 3, batchSize: 7 }, { threads: 2, batchSize: 64 }]) {
      const told: string[] = [];
      const extractor = new Extractor({ model, preprocessing, backbone, ...options, tell: (text) => told.push(text) });
      try {
        expect(await collect(extractor.extract(images))).toEqual(alone);
        // What was measured holds for what comes after, also for a few.
        expect((await collect(extractor.extract(images.slice(0, 5)))).ids).toEqual(["1.png", "2.png", "3.png", "4.png"]);
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(/lanes? of \d threads? in batches of \d+: \d+ a second/);
      } finally {
        await extractor.close();
      }
    }
  });

  it("leaves few pictures, and one thread, to this thread", async () => {
    let here = 0;
    const watched = { columns: backbone.columns, run: (pixels: Float32Array, many: number) => ((here += 1), backbone.run(pixels, many)) };
    for (const [threads, length] of [[2, 20], [1, count]]) {
      here = 0;
      const extractor = new Extractor({ model, preprocessing, backbone: watched, threads });
      expect((await collect(extractor.extract(images.slice(0, length)))).skipped).toContain("17.png");
      expect(here).toBe(Math.ceil(length / 16));
      await extractor.close();
    }
  });

  it("can be left in the middle, and ends its threads", async () => {
    const extractor = new Extractor({ model, preprocessing, backbone, threads: 2, batchSize: 8 });
    for await (const each of extractor.extract(images)) if (each.ids.includes("30.png")) break;
    await extractor.close();
  });

  it("tells of a model that cannot be opened with the words of the one who met it", async () => {
    const extractor = new Extractor({ model: join(folder, "1.png"), preprocessing, backbone, threads: 2 });
    await expect(collect(extractor.extract(images))).rejects.toMatchObject({ code: "model.unreadable" });
    await extractor.close();
  });

  it("refuses a batch or threads of none", () => {
    expect(() => new Extractor({ model, preprocessing, backbone, batchSize: 0 })).toThrow("batchSize");
    expect(() => new Extractor({ model, preprocessing, backbone, threads: 1.5 })).toThrow("threads");
  });
});

const shapes = (threads: number, copies: number): number[][] => arrangements(threads, copies, 16).map((each) => [each.lanes, each.threads]);
const batch = (ids: string[], features: number[]): FeatureBatch => ({ ids, features: Float32Array.from(features), skipped: [] });

describe("arrangements", () => {
  it("are a lane for every thread, for every two and for all, each once, with no more copies of the model than there is room for", () => {
    expect(shapes(8, 100)).toEqual([[8, 1], [4, 2], [1, 8]]);
    expect(shapes(2, 100)).toEqual([[2, 1], [1, 2]]);
    expect(shapes(8, 3)).toEqual([[3, 2], [1, 8]]);
    expect(shapes(8, 0)).toEqual([[1, 8]]);
  });

  it("compare what another batch answers with the beginning of the first one", () => {
    const example = batch(["a", "b"], [1, 2, 3, 4]);
    expect(sameNumbers(example, batch(["a"], [1, 2]))).toBe(true);
    expect(sameNumbers(example, batch(["a"], [1, 2 + 2e-7]))).toBe(false);
    expect(sameNumbers(example, batch(["b"], [1, 2]))).toBe(false);
    expect(sameNumbers(example, batch(["a", "b", "c"], [1, 2, 3, 4, 5, 6]))).toBe(false);
    expect(sameNumbers(batch([], []), batch([], []))).toBe(false);
  });
});
