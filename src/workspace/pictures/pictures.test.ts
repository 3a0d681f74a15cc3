import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archive, type CaseEntry } from "./archives.cases.ts";
import { groupOf } from "./groups.ts";
import { incomingFolder, tidyName, type IncomingPictures } from "./incoming.ts";
import { PictureFiles } from "./picture-files.ts";
import { takeIn, type TakenIn, type TakeInOptions } from "./take-in.ts";
import { incomingZip } from "./zip.ts";

let folder: string;
const filled = (background: string): Sharp => sharp({ create: { width: 40, height: 30, channels: 3, background } });
let [red, blue, tall, cut]: Uint8Array[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-pictures-"));
  [red, blue, tall] = await Promise.all([filled("red").png().toBuffer(), filled("blue").jpeg().toBuffer(), filled("green").withMetadata({ orientation: 6 }).jpeg().toBuffer()]);
  const noise = await sharp(Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251)), { raw: { width: 64, height: 64, channels: 3 } }).jpeg().toBuffer();
  cut = noise.subarray(0, noise.length / 2);
});
afterAll(() => rm(folder, { recursive: true }));

async function taken(source: IncomingPictures, change: Partial<TakeInOptions> = {}): Promise<TakenIn[]> {
  const files = new PictureFiles(await mkdtemp(join(folder, "workspace-")));
  const all: TakenIn[] = [];
  for await (const one of takeIn(source, { files, copy: true, groups: "none", known: () => null, ...change })) all.push(one);
  await source.close();
  return all;
}

async function zipped(entries: readonly CaseEntry[]): Promise<string> {
  const path = join(folder, `${createHash("sha256").update(archive(entries)).digest("hex").slice(0, 12)}.zip`);
  await writeFile(path, archive(entries));
  return path;
}

async function pictureFolder(): Promise<string> {
  const from = await mkdtemp(join(folder, "from-"));
  await mkdir(join(from, "line B"));
  for (const [name, content] of [["a.png", red], ["b.jpg", blue], ["copy of a.png", red], ["cut.jpg", cut], ["empty.png", new Uint8Array(0)], ["notes.txt", new TextEncoder().encode("not a picture")], ["line B/tall_1.jpg", tall], [".hidden.png", red]] as const) await writeFile(join(from, name), content);
  return from;
}

describe("pictures into the workspace", () => {
  it("keeps each content once, by its hash, and tells of every other file why it was not taken", async () => {
    const files = new PictureFiles(await mkdtemp(join(folder, "workspace-")));
    const all = await taken(await incomingFolder(await pictureFolder()), { files });
    expect(all.map(({ name, problem }) => [name, problem?.kind ?? "taken", problem?.code ?? null])).toEqual([
      ["a.png", "taken", null],
      ["b.jpg", "taken", null],
      ["copy of a.png", "duplicate", "picture.duplicate"],
      ["cut.jpg", "broken", "picture.broken"],
      ["empty.png", "broken", "picture.empty"],
      ["line B/tall_1.jpg", "taken", null],
      ["notes.txt", "not-a-picture", "picture.not-a-picture"],
    ]);
    expect(all[2].problem).toMatchObject({ params: { of: "a.png" } });
    const hash = createHash("sha256").update(red).digest("hex");
    expect(all[0].content).toEqual({ hash, bytes: red.length, format: "png", width: 40, height: 30, reference: null });
    expect(all[5].content).toMatchObject({ format: "jpg", width: 30, height: 40 });
    const path = files.path(all[0].content!);
    expect(path.endsWith(join("pictures", hash.slice(0, 2), `${hash}.png`))).toBe(true);
    expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(red));
  });

  it("leaves referenced files where they are and copies nothing", async () => {
    const from = await pictureFolder();
    const workspace = await mkdtemp(join(folder, "workspace-"));
    const all = await taken(await incomingFolder(from), { files: new PictureFiles(workspace), copy: false });
    expect(all[0].content!.reference).toBe(join(from, "a.png"));
    expect(await readdir(workspace)).toEqual([]);
  });

  it("does not show another picture that took the place of a referenced one", async () => {
    const from = await pictureFolder();
    const files = new PictureFiles(await mkdtemp(join(folder, "workspace-")));
    const [one] = await taken(await incomingFolder(from), { files, copy: false });
    expect(await files.whole(one.content!)).toBe(join(from, "a.png"));
    await writeFile(join(from, "a.png"), tall);
    for (const asked of [files.whole(one.content!), files.thumbnail(one.content!, 256)]) await expect(asked).rejects.toMatchObject({ code: "file.missing", message: expect.stringContaining("another picture lies where this one was") });
  });

  it("names the picture of the project that a new one is a copy of", async () => {
    const all = await taken(await incomingZip(await zipped([{ name: "x.png", content: red }])), { known: () => "A-103.png" });
    expect(all[0].problem).toMatchObject({ kind: "duplicate", params: { of: "A-103.png" } });
  });

  it("keeps what was told when it is stopped in the middle", async () => {
    const files = new PictureFiles(await mkdtemp(join(folder, "workspace-")));
    const source = await incomingFolder(await pictureFolder());
    for await (const one of takeIn(source, { files, copy: true, groups: "none", known: () => null })) {
      expect(new Uint8Array(await readFile(files.path(one.content!)))).toEqual(new Uint8Array(red));
      break;
    }
  });

  it("makes small pictures that are oriented and never larger than the picture", async () => {
    const files = new PictureFiles(await mkdtemp(join(folder, "workspace-")));
    const [one] = await taken(await incomingZip(await zipped([{ name: "t.jpg", content: tall }])), { files });
    expect(await sharp(await files.thumbnail(one.content!, 256)).metadata()).toMatchObject({ format: "webp", width: 30, height: 40 });
    await expect(files.thumbnail(one.content!, 300)).rejects.toMatchObject({ code: "usage.invalid-value" });
    await files.remove(one.content!);
    await expect(files.whole(one.content!)).rejects.toMatchObject({ code: "file.missing" });
  });

  it("makes a path of nothing but hashes and known formats", () => {
    const files = new PictureFiles("/w");
    for (const hash of ["../../etc/passwd", "A".repeat(64), "ab"]) expect(() => files.path({ hash, format: "png", reference: null })).toThrow("64 hexadecimal digits");
    expect(() => files.path({ hash: "a".repeat(64), format: "../png", reference: null })).toThrow("format");
  });
});

describe("zip archives", () => {
  it("are read as other programs pack them, what macOS adds left out", async () => {
    const path = join(folder, "usual.zip");
    await writeFile(path, zipSync({ "line B/傷_1.png": red, "line B/傷_2.jpg": [blue, { level: 9 }], "__MACOSX/line B/._傷_1.png": new Uint8Array(3), "line B/.DS_Store": new Uint8Array(3), "empty/": new Uint8Array(0) }));
    const source = await incomingZip(path);
    expect([source.total, source.ignored]).toEqual([2, 2]);
    expect((await taken(source, { groups: "name" })).map(({ name, group, content }) => [name, group, content?.format])).toEqual([["line B/傷_1.png", "line B/傷", "png"], ["line B/傷_2.jpg", "line B/傷", "jpg"]]);
  });

  it("name their entries in UTF-8 where all of them are that, else in Shift_JIS, one archive in one encoding", async () => {
    // へこみ.png and ソ.png in Shift_JIS; the second byte of ソ is a backslash.
    const dent = Uint8Array.of(0x82, 0xd6, 0x82, 0xb1, 0x82, 0xdd, 0x2e, 0x70, 0x6e, 0x67);
    const so = Uint8Array.of(0x83, 0x5c, 0x2e, 0x70, 0x6e, 0x67);
    const old = await taken(await incomingZip(await zipped([{ name: dent, content: red }, { name: so, content: blue }])));
    expect(old.map(({ name }) => name)).toEqual(["へこみ.png", "ソ.png"]);
    const plain = await taken(await incomingZip(await zipped([{ name: "へこみ.png", content: red }])));
    expect(plain[0].name).toBe("へこみ.png");
    const flagged = await taken(await incomingZip(await zipped([{ name: "傷.png", flags: 0x800, content: red }, { name: dent, content: blue }])));
    expect(flagged.map(({ name }) => name)).toEqual(["傷.png", "へこみ.png"]);
  });

  it("never lead out of the workspace, whatever their names say", async () => {
    const workspace = await mkdtemp(join(folder, "workspace-"));
    const names = ["../../evil.png", "C:\\Windows\\evil.png", "/etc/evil.png", "..\\..\\evil.png"];
    const all = await taken(await incomingZip(await zipped(names.map((name, at) => ({ name, content: at === 0 ? red : blue })))), { files: new PictureFiles(workspace) });
    expect(all.map(({ name }) => name)).toEqual(["evil.png", "Windows/evil.png", "etc/evil.png", "evil.png"]);
    expect((await readdir(workspace, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).map(({ name }) => /^[0-9a-f]{64}\.(png|jpg)$/.test(name))).toEqual([true, true]);
  });

  it("may hold entries that are locked, damaged or larger than they say: those are told, the others taken", async () => {
    const all = await taken(
      await incomingZip(
        await zipped([
          { name: "locked.png", content: red, flags: 1 },
          { name: "checksum.png", content: red, crc: 1 },
          { name: "bomb.png", content: new Uint8Array(5_000_000), said: 10 },
          { name: "odd.png", content: red, method: 97 },
          { name: "good.png", content: red, method: 0 },
        ]),
      ),
    );
    expect(all.map(({ problem }) => problem?.kind ?? "taken")).toEqual(["broken", "broken", "broken", "broken", "taken"]);
  });

  it("are refused as a whole where they are cut off, list too much or would unpack to too much", async () => {
    const whole = archive([{ name: "a.png", content: red }, { name: "b.png", content: blue }]);
    const path = join(folder, "cut.zip");
    await writeFile(path, whole.subarray(0, whole.length - 30));
    await expect(incomingZip(path)).rejects.toMatchObject({ code: "file.malformed" });
    await writeFile(path, whole);
    await expect(incomingZip(path, { entries: 1 })).rejects.toMatchObject({ code: "file.too-large" });
    await expect(incomingZip(path, { unpacked: 50 })).rejects.toMatchObject({ code: "file.too-large" });
    await expect(incomingZip(join(folder, "nowhere.zip"))).rejects.toMatchObject({ code: "file.missing" });
  });

  it("never bring the program down, whichever bytes are changed", async () => {
    const whole = archive([{ name: "a.png", content: red }, { name: "b.png", content: blue }]);
    const path = join(folder, "changed.zip");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(path, bytes);
        try {
          for (const { problem } of await taken(await incomingZip(path))) expect([undefined, "broken", "not-a-picture", "duplicate", "too-large"]).toContain(problem?.kind);
        } catch (error) {
          expect(error).toMatchObject({ name: "CatwiseError" });
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

describe("names and groups", () => {
  it("of any text hold no way out", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const name = tidyName(text);
        expect(name.length).toBeGreaterThan(0);
        expect(name.split("/").every((part) => part !== "" && part !== "." && part !== "..")).toBe(true);
        expect(Array.from(name).some((letter) => letter === "\\" || letter.charCodeAt(0) < 32)).toBe(false);
      }),
    );
  });

  it("compare after Unicode composition, as macOS writes ガ in two characters", () => {
    expect(tidyName("カ\u3099.png")).toBe("ガ.png");
  });

  it("make a group of a folder, or of what stands before the last underscore", () => {
    expect([groupOf("88-2_1.jpg", "name"), groupOf("day 1/88-2_2.jpg", "name"), groupOf("A-103.jpg", "name"), groupOf("_1.jpg", "name")]).toEqual(["88-2", "day 1/88-2", null, null]);
    expect([groupOf("day 1/88/a.jpg", "folder"), groupOf("a.jpg", "folder"), groupOf("day 1/a.jpg", "none")]).toEqual(["day 1/88", null, null]);
  });
});
