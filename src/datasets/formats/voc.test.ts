import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, survivesHostileBytes, table, totals, xmlPieces } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const object = (name: string, difficult?: string): string => `<object><name>${name}</name>${difficult === undefined ? "" : `<difficult>${difficult}</difficult>`}<part><name>head</name></part></object>`;
const xml = (filename: string, ...objects: string[]): string => `<annotation>\n<filename>${filename}</filename>\n${objects.join("\n")}\n</annotation>`;

const devkit: Files = {
  "Annotations/1.xml": xml("1.jpg", object("cat"), object("cat", "1"), object("dog", "1")),
  "Annotations/2.xml": xml("2.jpg", object("dog", "0")),
  "Annotations/3.xml": xml("3.jpg"),
  "Annotations/4.xml": xml("4.jpg", object("cow")),
  "ImageSets/Main/train.txt": "1\n",
  "ImageSets/Main/val.txt": "2\n",
  "ImageSets/Main/trainval.txt": "1\n2\n",
  "ImageSets/Main/test.txt": "3\n5\n",
  "ImageSets/Main/cat_train.txt": "1  1\n",
};

const read = async (files: Files, kind = "voc"): ReturnType<typeof readLabels> => readLabels(`${kind}:${await folderOf(files)}`);

describe("PASCAL VOC", () => {
  it("keeps difficult objects uncertain, takes what was not drawn as negative, and what no set names or no XML tells as unknown", async () => {
    const file = await read(devkit);
    expect(file.labels.categories).toEqual(["cat", "dog", "cow"]);
    expect(table(file)).toEqual({ "1.jpg": "1u0", "2.jpg": "010", "3.jpg": "000", "4.jpg": "..1", "5.jpg": "..." });
    expect(file.split).toEqual(["fit", "selection", "report", null, "report"]);
    expect(codes(file)).toEqual(["images-outside-sets", "images-without-annotations", "image-without-labels"]);
    expect(file.files.length).toBe(9);
  });

  it.each([
    ["voc,difficult=positive", "110"],
    ["voc,difficult=negative", "100"],
    ["voc,difficult=unknown", "1.0"],
    ["voc,absent=unknown", "1u."],
  ])("reads difficult and absent as asked: %s", async (kind, row) => {
    expect(table(await read(devkit, kind))["1.jpg"]).toBe(row);
  });

  it("leaves images without objects unknown where that is asked for", async () => {
    expect(table(await read(devkit, "voc,empty=unknown"))["3.jpg"]).toBe("...");
  });

  it("reads the files by category only where there is no XML", async () => {
    const main = { "ImageSets/Main/cat_train.txt": "a b  1\n2 -1\n", "ImageSets/Main/cat_trainval.txt": "a b 1\n2 -1\n4 0\n", "ImageSets/Main/dog_train.txt": "2  0\n", "ImageSets/Main/dog_test.txt": "3 1\n" };
    const file = await read(main);
    expect(table(file)).toEqual({ "a b.jpg": "1.", "2.jpg": "0u", "3.jpg": ".1", "4.jpg": "u." });
    expect(file.split).toEqual(["fit", "fit", "report", "fit"]);
    expect(table(await read(main, "voc,difficult=positive"))).toMatchObject({ "2.jpg": "01", "4.jpg": "1." });
  });

  it("of a plain folder names images as their XML files lie, and of several years with the year", async () => {
    const plain = await read({ "a/1.xml": xml("1.png", object("cat")), "b/1.xml": xml("C:\\pictures\\1.png", object("dog")), "c.xml": "<annotation/>" });
    expect(table(plain)).toEqual({ "a/1.png": "10", "b/1.png": "01", "c.jpg": "00" });
    expect(plain.split).toBe(null);
    // Nobody says that such a folder was searched for every category, as VOC itself was.
    expect(codes(plain)).toContain("assumed-negative");
    const years = await read({ "VOC2007/Annotations/1.xml": xml("1.jpg", object("cat")), "VOC2012/Annotations/1.xml": xml("1.jpg", object("dog")) });
    expect(Object.keys(table(years))).toEqual(["VOC2007/JPEGImages/1.jpg", "VOC2012/JPEGImages/1.jpg"]);
    expect(Object.keys(table(await read({ "VOC2007/Annotations/1.xml": xml("1.jpg", object("cat")) })))).toEqual(["1.jpg"]);
  });

  it("takes categories that never occur from labelmap.txt, and what was looked for from a sidecar", async () => {
    const map = "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:1,2,3::\nyak:::\n";
    expect(table(await read({ "1.xml": xml("1.jpg", object("cat")), "labelmap.txt": map }))).toEqual({ "1.jpg": "10" });
    const sidecar = JSON.stringify({ format: "catwise-reviewed-categories", categories: ["cat", "dog"], images: [{ image: "1.jpg", reviewed: ["dog"] }] });
    expect(table(await read({ "1.xml": xml("1.jpg", object("cat")), "2.xml": xml("2.jpg", object("dog")), "labels.reviewed.json": sidecar }))).toEqual({ "1.jpg": "10", "2.jpg": ".1" });
  });

  it("refuses two files of one image, unless images are named after their files", async () => {
    const twice = { "1.xml": xml("1.jpg", object("cat")), "2.xml": xml("1.jpg", object("dog")) };
    expect((await failure(read(twice))).code).toBe("labels.duplicate-image");
    expect(table(await read(twice, "voc,names=xml"))).toEqual({ "1.jpg": "10", "2.jpg": "01" });
  });

  it.each<[Files, string, string | undefined, number | undefined]>([
    [{ "1.xml": xml("1.jpg", object("cat", "maybe")) }, "file.malformed", "difficult", 3],
    [{ "1.xml": xml("1.jpg", "<object/>") }, "file.malformed", "name", 3],
    [{ "1.xml": "<html/>" }, "file.malformed", undefined, 1],
    [{ "1.xml": "<annotation>\n<object>" }, "file.malformed", undefined, 2],
    [{ ...devkit, "ImageSets/Main/test.txt": "3\n1\n" }, "labels.duplicate-image", undefined, 2],
    [{ ...devkit, "ImageSets/Main/cat_train.txt": "1 yes\n" }, "file.malformed", undefined, 1],
    [{ ...devkit, "ImageSets/Main/cat_trainval.txt": "\n1 -1\n" }, "labels.conflicting-cell", "cat", 2],
    [{ "readme.md": "" }, "file.missing", undefined, undefined],
  ])("refuses what is broken, with file and line: %j", async (files, code, field, line) => {
    const error = await failure(read(files));
    expect([error.code, error.place.field, error.place.line]).toEqual([code, field, line]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `voc:${folder}`, devkit, "Annotations/1.xml", [...xmlPieces, "<object>", "<name>", "<difficult>", "1"], 200);
    await survivesHostileBytes((folder) => `voc:${folder}`, devkit, "ImageSets/Main/cat_train.txt", ["1", "-1", "0", " ", "\n", "2"], 100);
    await survivesHostileBytes((folder) => `voc:${folder}`, devkit, "ImageSets/Main/val.txt", ["1", "-1", "3", " ", "\n", "/"], 100);
    await survivesHostileBytes((folder) => `voc:${folder}`, { ...devkit, "labelmap.txt": "cat:1,2,3::\nyak:::\n" }, "labelmap.txt", ["#", ":", "cat", "background", "\n"], 100);
  });
});

describe.skipIf(!existsSync(annotations))("real VOC files (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    const file = await readLabels(`voc:${join(annotations, "voc_xml")}`);
    expect(table(file)).toMatchObject({ "2007_000001.jpg": "0011", "BloodImage_00000.jpg": "1100" });
    expect([file.labels.imageIds.length, file.labels.categories]).toEqual([5, ["WBC", "RBC", "cat", "person"]]);
    expect(totals(file)[2]).toBe(0);
    expect(file.readPast).toEqual(["the boxes of 75 objects"]);
  });
});
