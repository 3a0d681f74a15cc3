import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureBatch } from "../../model/index.ts";
import { FeatureShards, releaseFeatureLocks, type MissingFeatures } from "./feature-shards.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-features-"));
  await writeFile(join(folder, "cut.jpg"), "cut");
});
afterAll(() => rm(folder, { recursive: true }));

/** What is in cut.jpg, of which no picture can be made. */
const cut = createHash("sha256").update("cut").digest("hex");

/** Pictures "0", "1", ...: features n and -n; the one of cut.jpg cannot be read. Notes what was computed and dies at `killAt`. */
function request(hashes: readonly string[], computed: string[], killAt: string | null = null): MissingFeatures {
  return {
    hashes,
    pathOf: (hash) => (hash === cut ? join(folder, "cut.jpg") : hash),
    shardSize: 3,
    extract: async function* extract(images): AsyncGenerator<FeatureBatch> {
      for (const { id } of images) {
        if (id === killAt) throw new Error("killed");
        computed.push(id);
        if (id === cut) yield { ids: [], features: new Float32Array(0), skipped: [{ id, reason: "broken", detail: "cut" }] };
        else yield { ids: [id], features: Float32Array.of(Number(id), -Number(id)), skipped: [] };
      }
    },
  };
}

const ten = Array.from({ length: 10 }, (_, at) => (at === 4 ? cut : String(at)));

describe("features of a workspace", () => {
  it("are computed once, and only those that are missing", async () => {
    const shards = new FeatureShards(await mkdtemp(join(folder, "w-")), "net", 2);
    const computed: string[] = [];
    await shards.complete(request(ten.slice(0, 7), computed));
    const stored = await shards.complete(request(ten, computed));
    expect(computed).toEqual(ten);
    expect([...stored.unreadable]).toEqual([[cut, "cut"]]);
    expect([...(await shards.read(["9", "0", "3"]))]).toEqual([9, -9, 0, -0, 3, -3]);
    await expect(shards.read([cut])).rejects.toMatchObject({ code: "file.missing" });
  });

  it("of a file outside of the workspace count only while it is the picture, and are computed when it is again", async () => {
    const place = await mkdtemp(join(folder, "outside-"));
    const hash = createHash("sha256").update("first").digest("hex");
    const shards = new FeatureShards(await mkdtemp(join(folder, "w-")), "net", 2);
    const asked: MissingFeatures = {
      hashes: [hash],
      pathOf: () => join(place, "a.jpg"),
      referenced: () => true,
      extract: async function* extract(): AsyncGenerator<FeatureBatch> {
        yield { ids: [hash], features: Float32Array.of(1, 2), skipped: [] };
      },
    };
    await writeFile(join(place, "a.jpg"), "another");
    const before = await shards.complete(asked);
    expect([before.rows.size, before.unreadable.size]).toEqual([0, 0]);
    await writeFile(join(place, "a.jpg"), "first");
    expect((await shards.complete(asked)).rows.has(hash)).toBe(true);
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
    expect(again).toEqual(["3", cut, "5"]);
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

  it("are computed by one at a time: who needs the same at the same moment waits, and computes nothing twice", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    const computed: string[] = [];
    const both = await Promise.all([1, 2].map(() => new FeatureShards(workspace, "net", 2).complete(request(ten, computed))));
    expect(computed).toEqual(ten);
    expect(both.map(({ rows }) => rows.size)).toEqual([9, 9]);
  });

  it("that are all there are read while another process computes; what is missing is refused then", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    const shards = new FeatureShards(workspace, "net", 2);
    await shards.complete(request(ten.slice(0, 3), []));
    const lock = join(workspace, "features", "net", "writing.lock");
    await writeFile(lock, String(process.ppid));
    expect((await shards.complete(request(ten.slice(0, 3), []))).rows.size).toBe(3);
    await expect(shards.complete(request(ten, []))).rejects.toMatchObject({ code: "output.exists" });
    expect(existsSync(lock)).toBe(true);
  });

  it("are waited for only as long as nobody stops the waiting, and not once the thread that computed them is gone", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    const shards = new FeatureShards(workspace, "net", 2);
    await mkdir(join(workspace, "features", "net"), { recursive: true });
    const lock = join(workspace, "features", "net", "writing.lock");
    writeFileSync(lock, `${process.pid} 77`);
    let looks = 0;
    const stopped = (): void => {
      looks += 1;
      if (looks > 2) throw new Error("stopped");
    };
    await expect(shards.complete({ ...request(ten, []), progress: stopped })).rejects.toThrow("stopped");
    releaseFeatureLocks(workspace, 76);
    expect(existsSync(lock)).toBe(true);
    releaseFeatureLocks(workspace, 77);
    expect((await shards.complete(request(ten, []))).rows.size).toBe(9);
  });

  it("of a picture that was away once are computed when it is back", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    const shards = new FeatureShards(workspace, "net", 2);
    const away = createHash("sha256").update("away").digest("hex");
    const path = join(folder, "away.jpg");
    const asked: MissingFeatures = {
      hashes: [away],
      pathOf: () => path,
      async *extract() {
        const back = await Promise.resolve(existsSync(path));
        yield back ? { ids: [away], features: Float32Array.of(1, 2), skipped: [] } : { ids: [], features: new Float32Array(0), skipped: [{ id: away, reason: "broken", detail: "ENOENT" }] };
      },
    };
    const without = await shards.complete(asked);
    expect([without.rows.size, without.unreadable.size]).toEqual([0, 0]);
    await writeFile(path, "away");
    expect([...(await shards.complete(asked)).rows.keys()]).toEqual([away]);
  });

  it("of another width are not taken for those that were asked for", async () => {
    const workspace = await mkdtemp(join(folder, "w-"));
    await new FeatureShards(workspace, "net", 2).complete(request(["1"], []));
    await expect(new FeatureShards(workspace, "net", 3).stored()).rejects.toMatchObject({ code: "file.malformed" });
    expect(() => new FeatureShards(workspace, "../net", 2)).toThrow("letters and digits");
  });
});
