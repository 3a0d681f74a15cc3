import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { labelWriters, readLabels } from "../datasets/index.ts";
import { makeApp } from "./app.ts";
import { answerTo, idleEngine, temporarySite } from "./server.cases.ts";

describe("labels", () => {
  it("come out as they went in: all four states, parts and groups in every format, and every answer with who and when", async () => {
    const site = await temporarySite();
    const { project, store } = site;
    const [scratch, dent] = ["傷", "dent"].map((name) => store.categories.add(project, { name }).id) as [string, string];
    const ids = store.pictures.add(project, ["a", "b", "c"].map((name) => ({ content: { hash: name.repeat(64), bytes: 1, format: "jpg", width: 4, height: 3, reference: null }, name: `${name}.jpg`, group: name === "c" ? null : "board", job: null, person: null }))).map(({ picture }) => picture);
    await site.as("annotator")("POST", `/projects/${project}/answers`, [answerTo(ids[0], scratch, "yes"), answerTo(ids[1], scratch, "no"), answerTo(ids[2], scratch, "unsure"), answerTo(ids[2], dent, "yes"), answerTo(ids[2], dent, "none")]);
    for (const to of ["csv", "long-csv", "coco", "label-studio"] as const) {
      const answered = await site.as("viewer")("GET", `/projects/${project}/labels?to=${to}`);
      expect([to, answered.statusCode]).toEqual([to, 200]);
      const folder = store.folder.tmp;
      const isZip = answered.headers["content-type"] === "application/zip";
      const files = isZip ? unzipSync(answered.rawPayload) : { "labels.csv": answered.rawPayload };
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      const main = join(folder, Object.keys(files).find((name) => !name.includes("reviewed"))!);
      const { labels } = await readLabels(`${labelWriters[to].kind}${main}`);
      const cells = labels.imageIds.flatMap((image, row) => Array.from(labels.category.subarray(labels.rowStart[row], labels.rowStart[row + 1]), (category, at) => `${image} ${labels.categories[category]} ${labels.value[labels.rowStart[row] + at]}`));
      expect(cells.sort(), to).toEqual(["a.jpg 傷 1", "b.jpg 傷 0", "c.jpg 傷 2"]);
    }
    const all = (await site.as("viewer")("GET", `/projects/${project}/labels?to=answers`)).body.trim().split("\n");
    expect(all).toHaveLength(6);
    expect(all[5]).toMatch(/^c\.jpg,dent,none,(fit|selection|report),,the annotator,single,2026-11-23T05:00:00.000Z$/);
  });
});

describe("pictures", () => {
  it("are shown small and whole, may be kept for ever, and cannot run anything", async () => {
    const site = await temporarySite();
    const { default: sharp } = await import("sharp");
    const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: "#336699" } }).jpeg().toBuffer();
    const hash = createHash("sha256").update(bytes).digest("hex");
    mkdirSync(join(site.store.folder.pictures, hash.slice(0, 2)), { recursive: true });
    writeFileSync(join(site.store.folder.pictures, hash.slice(0, 2), `${hash}.jpg`), bytes);
    const { picture } = site.store.pictures.add(site.project, [{ content: { hash, bytes: bytes.length, format: "jpg", width: 600, height: 300, reference: null }, name: "a.jpg", group: null, job: null, person: null }])[0];
    const ask = site.as("viewer");
    const small = await ask("GET", `/pictures/${picture}/image?w=256`);
    expect(await sharp(small.rawPayload).metadata()).toMatchObject({ format: "webp", width: 256, height: 128 });
    expect(small.headers["cache-control"]).toContain("immutable");
    expect(small.headers["content-security-policy"]).toContain("sandbox");
    expect((await ask("GET", `/pictures/${picture}/image?w=256`, undefined, { headers: { "if-none-match": String(small.headers.etag) } })).statusCode).toBe(304);
    const whole = await ask("GET", `/pictures/${picture}/image`);
    expect([whole.headers["content-type"], whole.rawPayload.equals(bytes)]).toEqual(["image/jpeg", true]);
    expect((await ask("GET", `/pictures/${picture}/image?w=257`)).statusCode).toBe(400);
    expect((await ask("GET", "/pictures/999/image")).statusCode).toBe(404);
  });
});

describe("the app's own pages", () => {
  it("are sent at every address that is no file, with a policy that lets nothing in from elsewhere; without a build it says what to do", async () => {
    const site = await temporarySite();
    const bare = await site.as(null)("GET", "/");
    expect([bare.statusCode, bare.body.includes("npm run build")]).toEqual([200, true]);
    expect(bare.headers["content-security-policy"]).toContain("default-src 'self'");
    const web = join(site.store.folder.path, "..", "web");
    mkdirSync(join(web, "assets"), { recursive: true });
    writeFileSync(join(web, "index.html"), "<!doctype html><title>Catwise</title>");
    writeFileSync(join(web, "assets", "main-1a.js"), "1;");
    const { app } = await makeApp({ store: site.store, engine: () => idleEngine(site.store), host: "127.0.0.1", logger: { info: () => undefined, warn: () => undefined }, web });
    const get = (url: string) => app.inject({ url, headers: { host: "localhost" } });
    for (const url of ["/", "//", "///?x", "//evil.example/p", "/p/3/label/7?show=unasked", "/setup"]) expect((await get(url)).body, url).toContain("<title>Catwise</title>");
    expect((await get("/assets/main-1a.js")).headers["cache-control"]).toContain("immutable");
    for (const url of ["/assets/gone.js", "/api/v1/nothing", "/api/none"]) expect((await get(url)).statusCode, url).toBe(404);
    for (const url of ["/..%2fworkspace%2fworkspace.json", "/assets/..%2f..%2fworkspace%2fcatwise.sqlite", "/../workspace/workspace.json"]) expect((await get(url)).body, url).toContain("<title>Catwise</title>");
    await app.close();
    expect(existsSync(web)).toBe(true);
  });
});
