import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureBatch } from "../../model/index.ts";
import { FeatureShards, type MissingFeatures } from "./feature-shards.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-features-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Pictures "0", "1", ...: features n and -n; "4" cannot be read. Notes what was computed and dies at `killAt`. */
function request(hashes: readonly string[], computed: string[], killAt: string | null = null): MissingFeatures {
  return {
    hashes,
    pathOf: (hash) => hash,
    shardSize: 3,
    extract: async function* extract(images): AsyncGenerator<FeatureBatch> {
      for (const { id } of images) {
        if (id === killAt) throw new Error("killed");
        computed.push(id);
        if (id === "4") yield { ids: [], features: new Float32Array(0), skipped: [{ id, reason: "broken", detail: "cut" }] };
        else yield { ids: [id], features: Float32Array.of(Number(id), -Number(id)), skipped: [] };
      }
    },
  };
}

const ten = Array.from({ length: 10 }, (_, at) => String(at));

describe("features of a workspace", () => {
  it("are computed once, and only those that are missing", async () => {
    const shards = new FeatureShards(await mkdtemp(join(folder, "w-")), "net", 2);
    const computed: string[] = [];
    await shards.complete(request(ten.slice(0, 7), computed));
    const stored = await shards.complete(request(ten, computed));
    expect(computed).toEqual(ten);
    expect([...stored.unreadable]).toEqual([["4", "cut"]]);
    expect([...(await shards.read(["9", "0", "3"]))]).toEqual([9, -9, 0, -0, 3, -3]);
    await expect(shards.read(["4"])).rejects.toMatchObject({ code: "file.missing" });
  });

  it("survive being stopped in the middle, the shard under way included", async () => {
    const shards = new FeatureShards(await mkdtemp(join(folder, "w-")), "net", 2);
    const computed: string[] = [];
    await expect(shards.complete(request(ten, computed, "8"))).rejects.toThrow("killed");
    await shards.complete(request(ten, computed));
    expect(computed).toEqual(ten);
  });

  it("lose one shard at most to a kill, and a damaged shard is computed again", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    const shards = new FeatureShards(workspace, "net", 2);
    await shards.complete(request(ten, []));
    const place = join(workspace, "features", "net");
    await truncate(join(place, "000002.f32"), 4);
    const again: string[] = [];
    await shards.complete(request(ten, again));
    expect(again).toEqual(["3", "4", "5"]);
    await writeFile(join(place, "000001.f32"), new Uint8Array(24));
    await expect(shards.read(["1"])).rejects.toMatchObject({ code: "file.malformed" });
    const third: string[] = [];
    await shards.complete(request(ten, third));
    expect(third).toEqual(["0", "1", "2"]);
    expect([...(await shards.read(["1"]))]).toEqual([1, -1]);
    expect((await readdir(place)).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  it("that are not finite numbers are not kept: the picture counts as one the network cannot be given", async () => {
    const shards = new FeatureShards(await mkdtemp(join(folder, "w-")), "net", 2);
    const answer: FeatureBatch = { ids: ["1", "2"], features: Float32Array.of(1, Number.NaN, 3, 4), skipped: [] };
    const stored = await shards.complete({
      hashes: ["1", "2"],
      pathOf: (hash) => hash,
      async *extract() {
        yield await Promise.resolve(answer);
      },
    });
    expect([[...stored.rows.keys()], [...stored.unreadable.keys()]]).toEqual([["2"], ["1"]]);
  });

  it("of another width are not taken for those that were asked for", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    await new FeatureShards(workspace, "net", 2).complete(request(["1"], []));
    await expect(new FeatureShards(workspace, "net", 3).stored()).rejects.toMatchObject({ code: "file.malformed" });
    expect(() => new FeatureShards(workspace, "../net", 2)).toThrow("letters and digits");
  });
});
