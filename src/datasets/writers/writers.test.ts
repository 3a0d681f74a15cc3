import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildPartialLabels, type LabelCell } from "../../labels/index.ts";
import { failure } from "../formats/reading.cases.ts";
import { labelWriters, readLabels } from "../index.ts";
import type { LabelFormat, LabelTable } from "../index.ts";
import { contentOf, roundTrip, survivesRoundTrips } from "./tables.cases.ts";

const noNull = (name: string): boolean => !name.includes("\0");
const noMark = (name: string): boolean => !name.includes("\ufeff");
const columns = new Set(["image", "split", "group", "category"]);

/** The characters of XML 1.0, one by one: tab, line ends, and all from the space on but for two. */
const inXml = (name: string): boolean => noMark(name) && Array.from(name, (one) => one.codePointAt(0)!).every((code) => code === 9 || code === 10 || code === 13 || (code >= 32 && code !== 0xfffe && code !== 0xffff));

function tableOf(imageIds: string[], categories: string[], cells: LabelCell[] = []): LabelTable {
  return { labels: buildPartialLabels({ imageIds, categories, cells }), split: null, groups: null };
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-writers-"));
});
afterEach(() => rm(folder, { recursive: true }));

const pathOf = (format: LabelFormat): string => join(folder, `labels${labelWriters[format].ending}`);
const writeTasks = (table: LabelTable): Promise<unknown> => labelWriters["label-studio"].write(pathOf("label-studio"), table);

// Every run makes files and waits until the disk has them, which a busy machine may take its time for.
describe("written and read back, any label matrix is the same as", { timeout: 300_000 }, () => {
  it("wide CSV, with its parts and groups", () => survivesRoundTrips("csv", { weights: false, allowed: (name) => noNull(name) && !columns.has(name) }));

  it("long CSV, with its parts, groups and weights", () => survivesRoundTrips("long-csv", { weights: true, allowed: noNull }));

  it("COCO with its sidecar, which holds parts and groups too", () => survivesRoundTrips("coco", { weights: false, allowed: noMark }));

  it("Label Studio's tasks with their sidecar, which holds parts and groups too", () =>
    survivesRoundTrips("label-studio", { weights: false, allowed: inXml, allowedImage: (name) => noMark(name) && !/^\/|^data:|^[a-z][a-z0-9+.-]*:\/\//i.test(name) }));
});

const all = Object.keys(labelWriters) as LabelFormat[];

describe.each(all)("the writer of %s", (format) => {
  it("refuses names that no reader gives back, before anything is written", async () => {
    for (const table of [tableOf(["a"], [" cat"]), tableOf(["a"], [""]), tableOf([" "], ["cat"]), tableOf(["か\u3099"], ["cat"]), tableOf(["a"], ["\ud800"]), { ...tableOf(["a"], ["cat"]), groups: ["g "] }]) {
      expect((await failure(labelWriters[format].write(pathOf(format), table))).code).toBe("labels.unwritable");
    }
    expect((await failure(labelWriters[format].write(pathOf(format), { ...tableOf(["a"], ["cat"]), split: [] }))).code).toBe("usage.invalid-value");
    expect(await readdir(folder)).toEqual([]);
  });

  it("stopped in the middle leaves what was there before, and nothing else", async () => {
    const table = tableOf(Array.from({ length: 1000 }, (_, at) => `${at}.jpg`), ["cat"]);
    for (const path of labelWriters[format].paths(pathOf(format))) await writeFile(path, "before");
    const before = await readdir(folder);
    const stopping = labelWriters[format].write(pathOf(format), table, (done) => {
      if (done >= 500) throw new Error("stop");
    });
    await expect(stopping).rejects.toThrow("stop");
    expect(await readdir(folder)).toEqual(before);
    for (const name of before) expect(await readFile(join(folder, name), "utf8")).toBe("before");
  });

  it("tells of every image written", async () => {
    const told: number[] = [];
    await labelWriters[format].write(pathOf(format), tableOf(Array.from({ length: 600 }, (_, at) => `${at}`), ["cat"]), (done) => void told.push(done));
    expect([told[0], told.at(-1)]).toEqual([0, 600]);
    expect(told.length).toBeGreaterThan(2);
  });

  it("writes a table of many images and categories whole", async () => {
    const [N, C] = [700, 60];
    const cells = Array.from({ length: N * C }, (_, at) => ({ image: Math.floor(at / C), category: at % C, value: ([0, 1, 2] as const)[(at * 7) % 3] })).filter((_, at) => (at * 31) % 5 > 2);
    const table = tableOf(Array.from({ length: N }, (_, at) => `pictures/${at}.jpg`), Array.from({ length: C }, (_, at) => `category ${at}`), cells);
    expect(contentOf(await roundTrip(format, table))).toEqual(contentOf(table));
  });
});

describe("what a format has no place for", () => {
  const weighted = tableOf(["a"], ["x", "y"], [{ image: 0, category: 0, value: 1, weight: 0.25 }, { image: 0, category: 1, value: 1 }]);

  it.each(all.filter((format) => format !== "long-csv"))("is counted by the writer of %s", async (format) => {
    expect((await labelWriters[format].write(pathOf(format), weighted)).lost).toEqual(["1 weight other than 1"]);
  });

  it("is nothing for a long CSV, whose weights are the shortest that are exact", async () => {
    const third = tableOf(["a"], ["x"], [{ image: 0, category: 0, value: 1, weight: Math.fround(0.1) }]);
    expect((await labelWriters["long-csv"].write(pathOf("long-csv"), third)).lost).toEqual([]);
    expect(await readFile(pathOf("long-csv"), "utf8")).toBe("image,category,value,confidence\na,x,1,0.1\n");
  });

  it("is refused where it is a name: a column of another meaning in a wide CSV, a null character in any CSV", async () => {
    for (const name of ["image", "split", "group"]) expect((await failure(labelWriters.csv.write(pathOf("csv"), tableOf(["a"], [name])))).message).toContain("column");
    expect((await failure(labelWriters.csv.write(pathOf("csv"), tableOf(["a"], ["value", "category"])))).code).toBe("labels.unwritable");
    expect(contentOf(await roundTrip("csv", tableOf(["a"], ["value"])))).toEqual(contentOf(tableOf(["a"], ["value"])));
    for (const format of ["csv", "long-csv"] as const) expect((await failure(labelWriters[format].write(pathOf(format), tableOf(["a\0"], ["x"])))).message).toContain("null character");
  });
});

describe("the labelling configuration beside Label Studio's tasks", () => {
  it("names every category, read by our own reader or any other, and the images are served under their names", async () => {
    const names = ["cat & dog", "<b>", 'say "no"', "two\nlines", "tab\tbed", "猫 😀", "plain"];
    const table = tableOf(["a.jpg", "b c.jpg"], names, [{ image: 1, category: 6, value: 1 }]);
    const { files } = await labelWriters["label-studio"].write(pathOf("label-studio"), table);
    expect(files.map((path) => path.slice(folder.length + 1))).toEqual(["labels.json", "labels.reviewed.json", "labels.config.xml"]);
    expect(JSON.parse(await readFile(files[0], "utf8"))).toEqual([
      { data: { image: "a.jpg" }, annotations: [] },
      { data: { image: "b c.jpg" }, annotations: [{ result: [{ from_name: "categories", to_name: "image", type: "choices", value: { choices: ["plain"] } }] }] },
    ]);
    await rm(files[1]);
    const alone = await readLabels(`label-studio,config=labels.config.xml:${files[0]}`);
    expect([alone.labels.categories, alone.labels.imageIds]).toEqual([names, ["a.jpg", "b c.jpg"]]);
  });

  it("refuses a category XML has no characters for, and an image that would be taken for an address", async () => {
    expect((await failure(writeTasks(tableOf(["a"], ["bell \u0007 rings"])))).message).toContain("XML");
    for (const name of ["/a/b.jpg", "https://x.org/b.jpg", "data:image/png;base64,AA", "/data/local-files/?d=b.jpg"]) expect((await failure(writeTasks(tableOf([name], ["x"])))).message).toContain("address");
  });
});

describe("COCO that was written with its sidecar", () => {
  it("is refused where the sidecar was lost, instead of everything unknown becoming negative", async () => {
    await labelWriters.coco.write(pathOf("coco"), tableOf(["a.jpg"], ["cat", "dog"], [{ image: 0, category: 1, value: 1, weight: 1 }]));
    await rm(join(folder, "labels.reviewed.json"));
    const error = await failure(readLabels(`coco:${pathOf("coco")}`));
    expect([error.code, error.place.line]).toEqual(["file.missing", 1]);
  });
});
