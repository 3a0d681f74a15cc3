/** Small files in the published layout; none of the real ones is at hand. */
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { codes, failure, folderOf, survivesHostileBytes, table } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const images: Files = {
  "ImageList/TrainImagelist.txt": "actor\\0001_1.jpg\r\nactor\\0002_2.jpg\r\n",
  "ImageList/TestImagelist.txt": "zoo\\0001_3.jpg\n",
  "ImageList/Imagelist.txt": "actor\\0001_1.jpg\nzoo\\0001_3.jpg\nactor\\0002_2.jpg\n",
};
const all: Files = { ...images, "Groundtruth/AllLabels/Labels_sky.txt": "1\n0\n0\n", "Groundtruth/AllLabels/Labels_cat.txt": "0\n1\n0\n" };
const files: Files = {
  ...images,
  "Concepts81.txt": "sky\ncat\n",
  "Groundtruth/TrainTestLabels/Labels_sky_Train.txt": "1\r\n0\r\n\r\n",
  "Groundtruth/TrainTestLabels/Labels_sky_Test.txt": "0\n",
  "Groundtruth/TrainTestLabels/Labels_cat_Train.txt": "0 \n0 \n",
  "Groundtruth/TrainTestLabels/Labels_cat_Test.txt": "1",
};
const sky = "Groundtruth/TrainTestLabels/Labels_sky_Train.txt";
const csv = "filepath,label,split_name\nimages/1.jpg,\"['sky', 'cat']\",train\nimages/2.jpg,['ant'],val\nimages/3.jpg,[],val\n";
const without = (name: string): Files => Object.fromEntries(Object.entries(files).filter(([each]) => each !== name));
const read = async (content: Files, kind = "nus-wide", file = ""): ReturnType<typeof readLabels> => readLabels(`${kind}:${await folderOf(content)}${file}`);
const rows = { "actor/0001_1.jpg": "10", "actor/0002_2.jpg": "00", "zoo/0001_3.jpg": "01" };

describe("NUS-WIDE", () => {
  it("reads a file of labels for each concept and part, by the lines of the lists of images", async () => {
    const file = await read(files);
    expect([file.labels.categories, table(file), file.split]).toEqual([["sky", "cat"], rows, ["fit", "fit", "report"]]);
    expect([codes(file), file.files.length]).toEqual([[], 7]);
    const inConceptsList = { ...without("Concepts81.txt"), "ConceptsList/Concepts81.txt": "sky\n" };
    expect((await read(inConceptsList)).labels.categories).toEqual(["sky"]);
  });

  it("reads the files of all pictures where they are not divided, and takes parts from the lists", async () => {
    const file = await read(all);
    expect([file.labels.categories, file.split]).toEqual([["cat", "sky"], ["fit", "report", "fit"]]);
    expect(table(file)).toEqual({ "actor/0001_1.jpg": "01", "zoo/0001_3.jpg": "10", "actor/0002_2.jpg": "00" });
    const list = { "ImageList/Imagelist.txt": all["ImageList/Imagelist.txt"] };
    const undivided = await read({ ...list, ...Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith("Groundtruth"))) });
    expect(undivided.split).toBe(null);
  });

  it("names pictures without their folder where that is asked for, unless two are then alike", async () => {
    const unlike = { ...files, "ImageList/TestImagelist.txt": "zoo\\0003_3.jpg\n" };
    expect(Object.keys(table(await read(unlike, "nus-wide,names=file")))).toEqual(["0001_1.jpg", "0002_2.jpg", "0003_3.jpg"]);
    const alike = await failure(read({ ...files, "ImageList/TestImagelist.txt": "zoo\\0001_1.jpg\n" }, "nus-wide,names=file"));
    expect([alike.code, alike.place.line]).toEqual(["labels.duplicate-image", 1]);
  });

  it("reads the CSV of positives, what is not in a list negative", async () => {
    const file = await read({ "nus_wid_data.csv": csv }, "nus-wide", "/nus_wid_data.csv");
    expect([file.labels.categories, file.split]).toEqual([["ant", "cat", "sky"], ["fit", "selection", "selection"]]);
    expect(table(file)).toEqual({ "images/1.jpg": "011", "images/2.jpg": "100", "images/3.jpg": "000" });
    expect(codes(file)).toEqual(["images-without-annotations"]);
    const partial = await read({ "a.csv": csv }, "nus-wide,absent=unknown", "/a.csv");
    expect(Object.values(table(partial))).toEqual([".11", "1..", "..."]);
  });

  it.each<[Files, string, number | undefined]>([
    [{ ...files, [sky]: "1\n2\n" }, "labels.invalid-value", 2],
    [{ ...files, [sky]: "1\n\n0\n" }, "labels.invalid-value", 2],
    [{ ...files, [sky]: "1\n" }, "file.malformed", 1],
    [{ ...files, [sky]: "1\n0\n1\n" }, "file.malformed", 2],
    [{ ...files, "ImageList/TestImagelist.txt": "actor/0001_1.jpg" }, "labels.duplicate-image", 1],
    [{ ...files, "Concepts81.txt": "sky\nsky\n" }, "file.malformed", undefined],
    [without("Groundtruth/TrainTestLabels/Labels_cat_Test.txt"), "file.missing", undefined],
    [without("ImageList/TestImagelist.txt"), "file.missing", undefined],
    [{ "database_img.txt": "1.jpg\n", "database_label_onehot.txt": "0 1\n" }, "file.missing", undefined],
    [{ "readme.md": "" }, "file.missing", undefined],
  ])("refuses what is broken, with file and line: %j", async (content, code, line) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line]).toEqual([code, line]);
  });

  it.each([
    ["filepath,label,split_name\n1.jpg,sky,train\n", "file.malformed", "label"],
    ["filepath,label,split_name\n1.jpg,[''],train\n", "file.malformed", "label"],
    ["filepath,label,split_name\n1.jpg,['sky'],later\n", "split.invalid-part", "split_name"],
    ["filepath,label\n,['sky']\n", "file.malformed", "filepath"],
    ["filepath,label\n1.jpg,['sky']\n1.jpg,['sky']\n", "labels.duplicate-image", "filepath"],
    ["filepath,labels\n1.jpg,['sky']\n", "csv.missing-column", undefined],
  ])("refuses the CSV %j", async (content, code, field) => {
    const error = await failure(read({ "a.csv": content }, "nus-wide", "/a.csv"));
    expect([error.code, error.place.field]).toEqual([code, field]);
  });

  it("tells what the files of other splits lack, and that a folder leaves nothing unsaid", async () => {
    const hashing = await failure(read({ "database_label_onehot.txt": "0 1\n" }));
    expect(hashing.message).toContain("do not say which they are");
    expect((await failure(read(files, "nus-wide,absent=unknown"))).code).toBe("usage.invalid-value");
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `nus-wide:${folder}`, files, sky, ["0", "1", "\n", " ", "\r"], 100);
    await survivesHostileBytes((folder) => `nus-wide:${folder}`, files, "ImageList/TrainImagelist.txt", ["zoo\\0001_3.jpg", "\n", "\\", "/"], 100);
    await survivesHostileBytes((folder) => `nus-wide:${folder}`, files, "Concepts81.txt", ["sky", "cat", "\n", "../", "/"], 100);
    await survivesHostileBytes((folder) => `nus-wide:${folder}`, all, "Groundtruth/AllLabels/Labels_sky.txt", ["0", "1", "\n", " ", "\r"], 100);
    for (const list of ["Imagelist", "TrainImagelist", "TestImagelist"]) await survivesHostileBytes((folder) => `nus-wide:${folder}`, all, `ImageList/${list}.txt`, ["zoo\\0001_3.jpg", "\n", "\\", "/"], 100);
    await survivesHostileBytes((folder) => `nus-wide:${folder}/a.csv`, { "a.csv": csv }, "a.csv", ["[", "]", "'", '"', ",", "train", "\n", "label"], 150);
  });
});
