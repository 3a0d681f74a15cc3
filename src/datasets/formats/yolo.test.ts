import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, survivesHostileBytes, table } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const at = " 0.5 0.5 0.1 0.1\n";
const small: Files = {
  "data.yaml": "path: /somewhere/else\ntrain: images/train\nval: images/val\ntest:\nnc: 3\nnames:\n  0: cat\n  1: dog\n  2: no\n",
  "images/train/a.jpg": "",
  "images/train/b.png": "",
  "images/train/sub/c.jpg": "",
  "labels/train/a.txt": `0${at}2${at}0${at}`,
  "labels/train/sub/c.txt": "",
  "labels/val/d.txt": `1 0.1 0.1 0.2 0.2 0.3 0.1\n\n`,
};

const read = async (files: Files, kind = "yolo", file = ""): ReturnType<typeof readLabels> => readLabels(`${kind}:${join(await folderOf(files), file)}`);

describe("YOLO", () => {
  it("takes a line for a yes, an empty file for reviewed and empty, no file for unlabelled, and says so", async () => {
    const file = await read(small);
    expect(file.labels.categories).toEqual(["cat", "dog", "no"]);
    expect(table(file)).toEqual({ "train/a.jpg": "101", "train/b.png": "...", "train/sub/c.jpg": "000", "val/d.jpg": "010" });
    expect(file.split).toEqual(["fit", "fit", "fit", "selection"]);
    expect(codes(file)).toEqual(["images-without-annotations", "assumed-negative", "images-without-annotations", "image-without-labels"]);
    expect(file.readPast).toEqual(["the places of 4 objects"]);
    expect(file.files.length).toBe(4);
  });

  it.each([
    ["yolo,absent=unknown", ["1.1", "...", "...", ".1."]],
    ["yolo,empty=unknown", ["101", "...", "...", "010"]],
    ["yolo,missing=negative", ["101", "000", "000", "010"]],
  ])("reads silence as asked: %s", async (kind, rows) => {
    expect(Object.values(table(await read(small, kind)))).toEqual(rows);
  });

  it("reads what was looked for from a sidecar", async () => {
    const sidecar = JSON.stringify({ format: "catwise-reviewed-categories", categories: [], images: [{ image: "train/a.jpg", reviewed: ["dog"] }, { image: "train/b.png", reviewed: "all" }] });
    expect(Object.values(table(await read({ ...small, "labels.reviewed.json": sidecar })))).toEqual(["101", "000", "...", ".1."]);
  });

  it("finds the names in classes.txt, and the images in folders of their own", async () => {
    const file = await read({ "classes.txt": "cat\ndog\n", "images/a.jpg": "", "images/a.png": "", "labels/a.txt": `1${at}`, "labels/classes.txt": "cat\ndog\n", "notes.json": "{}" });
    expect([table(file), file.split]).toEqual([{ "a.jpg": "01", "a.png": "01" }, null]);
    const flat = await read({ "labels/classes.txt": "cat\n", "labels/x.txt": `0${at}` });
    expect(table(flat)).toEqual({ "x.jpg": "1" });
  });

  it("reads Darknet's lists, whatever folder they start from", async () => {
    const file = await read({ "obj.names": "cat\ndog\n", "train.txt": "data/obj_train_data/a.png\ndata/obj_train_data/b.png\n", "valid.txt": "obj_train_data/c.png\n", "obj_train_data/a.txt": `1${at}`, "obj_train_data/b.png": "", "obj_train_data/c.txt": "" });
    expect(table(file)).toEqual({ "obj_train_data/a.png": "01", "obj_train_data/b.png": "..", "obj_train_data/c.png": "00" });
    expect(file.split).toEqual(["fit", "fit", "selection"]);
  });

  it("never makes one image of two that would have one name", async () => {
    const files = { "classes.txt": "cat\ndog\n", "train.txt": "images/a.jpg\na.jpg\n", "images/a.jpg": "", "labels/a.txt": `0${at}`, "a.jpg": "", "a.txt": `1${at}` };
    const error = await failure(read(files));
    expect([error.code, error.place.line]).toEqual(["labels.duplicate-image", 2]);
  });

  it("reads sets that a tool wrote as if they lay one folder higher, and the description itself", async () => {
    const files = { "data.yaml": "names: [cat, dog]\ntrain: ../train/images\nval: ../valid/images\n", "train/images/a.jpg": "", "train/labels/a.txt": `0${at}` };
    const file = await read(files, "yolo", "data.yaml");
    expect(table(file)).toEqual({ "train/images/a.jpg": "10" });
    expect(codes(file)).toContain("set-not-found");
  });

  it.each<[Files, string, string | undefined, number | undefined]>([
    [{ ...small, "labels/train/a.txt": `0${at}7${at}` }, "file.malformed", undefined, 2],
    [{ ...small, "labels/train/a.txt": "0 0.5\n" }, "file.malformed", undefined, 1],
    [{ ...small, "labels/train/a.txt": `cat${at}` }, "file.malformed", undefined, 1],
    [{ ...small, "data.yaml": "names: [a, b\n" }, "file.malformed", undefined, 2],
    [{ ...small, "data.yaml": "train: images\n" }, "labels.no-categories", "names", 1],
    [{ ...small, "data.yaml": "nc: 3\nnames: [a, b]\n" }, "file.malformed", "names", 2],
    [{ ...small, "data.yaml": "names:\n  - a\n  - a\n" }, "file.malformed", "names", 3],
    [{ ...small, "data.yaml": "names:\n  0: a\n  x: b\n" }, "file.malformed", "names", 3],
    [{ ...small, "data.yaml": "names: [a]\ntrain:\n  x: 1\n" }, "file.malformed", "train", 3],
    [{ ...small, "data.yaml": "names: [a, b, c]\ntrain: images/train\nval: images/train\n" }, "labels.duplicate-image", "val", 3],
    [{ ...small, "data.yaml": "names: [a]\ntrain: nowhere\n" }, "file.missing", undefined, undefined],
    [{ "images/a.jpg": "" }, "file.missing", undefined, undefined],
    [{ "a.yaml": "", "b.yaml": "" }, "file.unknown-format", undefined, undefined],
  ])("refuses what is broken, with file and line: %j", async (files, code, field, line) => {
    const error = await failure(read(files));
    expect([error.code, error.place.field, error.place.line]).toEqual([code, field, line]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `yolo:${folder}`, small, "labels/train/a.txt", ["0", "1", "2", " ", "\n", "0.5", "-1", "1e9"], 150);
    const darknet = { "obj.names": "cat\ndog\n", "train.txt": "data/a.png\n", "valid.txt": "b.png\n", "a.txt": `1${at}`, "b.txt": "" };
    for (const list of ["obj.names", "train.txt"]) await survivesHostileBytes((folder) => `yolo:${folder}`, darknet, list, ["cat", "a.png", "b.png", "../", "/", "\\", "\n", "images/"], 100);
    await survivesHostileBytes((folder) => `yolo:${folder}`, small, "data.yaml", [":", "\n", "  ", "- ", "&a", "*a", "[", "]", "{", "}", "names", "train: ", "../", "0: x", "!!binary ", "? ", "%", "|", '"'], 200);
  });
});

describe.skipIf(!existsSync(annotations))("real YOLO files (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    const from = join(annotations, "yolo");
    const texts = readdirSync(from).filter((name) => name.endsWith(".txt"));
    const files = Object.fromEntries(texts.map((name) => [`labels/train2017/${name}`, readFileSync(join(from, name), "utf8")]));
    const file = await read({ ...files, "config.yaml": readFileSync(join(from, "config.yaml"), "utf8") });
    expect([file.labels.categories.length, file.labels.imageIds.length, file.split]).toEqual([80, 6, null]);
    const shown = (image: string): string[] => file.labels.categories.filter((_, category) => table(file)[image][category] === "1");
    expect(shown("train2017/000000000009.jpg")).toEqual(["bowl", "orange", "broccoli"]);
    expect(shown("train2017/000000000036.jpg")).toEqual(["person", "umbrella"]);
    expect(codes(file)).toContain("set-not-found");
  });
});
