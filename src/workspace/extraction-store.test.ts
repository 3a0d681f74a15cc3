import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CatwiseError } from "../errors.ts";
import { imagenetPreprocessing, readFeatures } from "../model/index.ts";
import type { FeatureBatch, ImageFile } from "../model/index.ts";
import { extractToFile } from "./extraction-store.ts";
import type { ExtractionRequest } from "./extraction-store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-workspace-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const images: ImageFile[] = Array.from({ length: 10 }, (_, index) => ({ id: `${index}.png`, path: `${index}.png`, bytes: 5, modified: 1 }));

/** Two features per image; image 4 is unreadable. Notes what was computed, and dies at `killAt`. */
function request(name: string, computed: string[], killAt: string | null = null, change: Partial<ExtractionRequest> = {}): ExtractionRequest {
  return {
    folder: "pictures",
    out: join(folder, name),
    modelHash: "abc",
    preprocessing: imagenetPreprocessing(8, 8),
    images,
    columns: 2,
    shardSize: 3,
    extract: async function* extract(some): AsyncGenerator<FeatureBatch> {
      for (const { id } of some) {
        if (id === killAt) throw new Error("killed");
        computed.push(id);
        const value = Number.parseInt(id, 10);
        if (value === 4) yield { ids: [], features: new Float32Array(0), skipped: [{ id, reason: "broken", detail: "cut" }] };
        else yield { ids: [id], features: Float32Array.of(value, -value), skipped: [] };
      }
    },
    ...change,
  };
}

/** The disk is full when the picture comes to it. */
const full = (at: string): Partial<ExtractionRequest> => ({
  extract: async function* extract(some): AsyncGenerator<FeatureBatch> {
    for (const { id } of some) {
      if (id === at) throw new CatwiseError("output.no-space", "the disk is full, so nothing was written.");
      yield { ids: [id], features: Float32Array.of(1, 2), skipped: [] };
    }
  },
});

/** The same features in batches of four. */
async function* inBatches(some: readonly ImageFile[]): AsyncGenerator<FeatureBatch> {
  for (let first = 0; first < some.length; first += 4) {
    const ids = some.slice(first, first + 4).map(({ id }) => id);
    const kept = ids.filter((id) => id !== "4.png");
    const features = kept.flatMap((id) => [Number.parseInt(id, 10), -Number.parseInt(id, 10)]);
    yield { ids: kept, features: Float32Array.from(features), skipped: ids.includes("4.png") ? [{ id: "4.png", reason: "broken", detail: "cut" }] : [] };
  }
}

const expectedIds = ["0", "1", "2", "3", "5", "6", "7", "8", "9"].map((name) => `${name}.png`);

describe("extractToFile", () => {
  it("resumes after a kill: no finished shard is computed again and the result is that of an undisturbed run", async () => {
    const before: string[] = [];
    await expect(extractToFile(request("resumed.safetensors", before, "7.png"))).rejects.toThrow("killed");
    expect(before).toEqual(["0.png", "1.png", "2.png", "3.png", "4.png", "5.png", "6.png"]);
    const after: string[] = [];
    const resumed = await extractToFile(request("resumed.safetensors", after));
    expect(after).toEqual(["6.png", "7.png", "8.png", "9.png"]);
    expect(resumed.resumed).toBe(6);
    expect(resumed.skipped).toEqual([{ id: "4.png", reason: "broken", detail: "cut" }]);
    const file = await readFeatures(join(folder, "resumed.safetensors"));
    expect(file.ids).toEqual(expectedIds);
    await extractToFile(request("whole.safetensors", []));
    expect((await readFeatures(join(folder, "whole.safetensors"))).data).toEqual(file.data);
    expect([...file.features.block(4, 1)]).toEqual([5, -5]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("says on a full disk where the finished shards are and what to do with them, once there are any", async () => {
    await expect(extractToFile(request("full.safetensors", [], null, full("7.png")))).rejects.toThrow(/full\.safetensors\.partial: the disk is full\. .*run the same again to go on, or delete the folder/);
    await rm(join(folder, "full.safetensors.partial"), { recursive: true });
    await expect(extractToFile(request("full.safetensors", [], null, full("1.png")))).rejects.toThrow("so nothing was written");
    expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("cuts shards out of batches that reach over their borders, skipped images among them", async () => {
    const before = await extractToFile(request("batches.safetensors", [], null, { extract: inBatches }));
    expect(before.skipped.map(({ id }) => id)).toEqual(["4.png"]);
    await extractToFile(request("singly.safetensors", []));
    const [batches, singly] = await Promise.all(["batches", "singly"].map((name) => readFeatures(join(folder, `${name}.safetensors`))));
    expect(batches.ids).toEqual(expectedIds);
    expect(batches.data).toEqual(singly.data);
  });

  it("leaves nothing behind when it stops before a shard was finished", async () => {
    await expect(extractToFile(request("stopped.safetensors", [], "1.png"))).rejects.toThrow("killed");
    expect((await readdir(folder)).filter((name) => name.includes("stopped"))).toEqual([]);
  });

  it("computes everything again when the model, the preprocessing or an image changed", async () => {
    const changes: Partial<ExtractionRequest>[] = [
      { modelHash: "other" },
      { preprocessing: imagenetPreprocessing(9, 9) },
      { images: images.map((image) => (image.id === "9.png" ? { ...image, modified: 2 } : image)) },
    ];
    for (const change of changes) {
      await expect(extractToFile(request("changed.safetensors", [], "7.png"))).rejects.toThrow("killed");
      const computed: string[] = [];
      expect((await extractToFile(request("changed.safetensors", computed, null, change))).resumed).toBe(0);
      expect(computed).toHaveLength(10);
    }
  });

  it("computes a shard again whose numbers were damaged", async () => {
    await expect(extractToFile(request("damaged.safetensors", [], "7.png"))).rejects.toThrow("killed");
    await writeFile(join(folder, "damaged.safetensors.partial", "shard-00000.f32"), new Uint8Array(24));
    const computed: string[] = [];
    await extractToFile(request("damaged.safetensors", computed));
    const { ids, data } = await readFeatures(join(folder, "damaged.safetensors"));
    expect(computed.slice(0, 3)).toEqual(["0.png", "1.png", "2.png"]);
    expect(ids).toEqual(expectedIds);
    expect([...data.subarray(0, 6)]).toEqual([0, -0, 1, -1, 2, -2]);
  });

  it("leaves a folder alone that is not its own", async () => {
    const partial = join(folder, "foreign.safetensors.partial");
    await mkdir(partial);
    await writeFile(join(partial, "thesis.txt"), "mine");
    await expect(extractToFile(request("foreign.safetensors", []))).rejects.toMatchObject({ code: "output.exists" });
    expect(await readdir(partial)).toEqual(["thesis.txt"]);
  });

  it("says what is wrong with the first file when no image can be read", async () => {
    const only = images.filter((image) => image.id === "4.png");
    await expect(extractToFile(request("none.safetensors", [], null, { images: only }))).rejects.toThrow(/4\.png \(broken: cut\)/);
  });
});
