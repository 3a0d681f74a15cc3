/** Small files in the published layout; none of the real ones is at hand. */
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { codes, failure, folderOf, jsonPieces, survivesHostileBytes, table } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const name = "vg_category_200_labels_index.json";
const files: Files = {
  [name]: '{\n"1.jpg": [3, 0, 3],\n"2.jpg": [199],\n"3.jpg": [],\n"4.jpg": [1]\n}',
  "train_list_500.txt": "2.jpg\n1.jpg\n",
  "test_list_500.txt": "3.jpg\r\n5.jpg\r\n",
};
const read = async (content: Files, kind = "vg-200", file = ""): ReturnType<typeof readLabels> => readLabels(`${kind}:${await folderOf(content)}${file}`);
/** The row of an image with the given categories positive and all others as said. */
const row = (positive: readonly number[], other: string): string => Array.from({ length: 200 }, (_, index) => (positive.includes(index) ? "1" : other)).join("");

describe("Visual Genome 200", () => {
  it("takes what is not listed as negative, as the benchmark does, and says so; lists are the parts", async () => {
    const file = await read(files);
    expect(file.labels.categories).toEqual(Array.from({ length: 200 }, (_, index) => `${index}`));
    expect(table(file)).toEqual({ "1.jpg": row([0, 3], "0"), "2.jpg": row([199], "0"), "3.jpg": row([], "0"), "5.jpg": row([], ".") });
    expect(file.split).toEqual(["fit", "fit", "report", "report"]);
    expect(codes(file)).toEqual(["images-outside-sets", "assumed-negative", "images-without-annotations", "image-without-labels"]);
    expect(file.files.length).toBe(3);
  });

  it("leaves what is not listed unknown where that is asked for", async () => {
    expect(table(await read(files, "vg-200,absent=unknown"))).toMatchObject({ "1.jpg": row([0, 3], "."), "3.jpg": row([], ".") });
    expect(table(await read(files, "vg-200,empty=unknown"))).toMatchObject({ "1.jpg": row([0, 3], "0"), "3.jpg": row([], ".") });
  });

  it("reads the JSON without lists whole, and with one list only the images of that list, without parts", async () => {
    const alone = await read({ [name]: files[name] }, "vg-200", `/${name}`);
    expect([Object.keys(table(alone)), alone.split]).toEqual([["1.jpg", "2.jpg", "3.jpg", "4.jpg"], null]);
    const train = await read({ [name]: files[name], "train_list_500.txt": files["train_list_500.txt"] });
    expect([Object.keys(table(train)), train.split]).toEqual([["1.jpg", "2.jpg"], null]);
  });

  it("names the categories by a list of 200 names", async () => {
    const classes = Array.from({ length: 200 }, (_, index) => `thing ${index}`);
    const file = await read({ ...files, "names.txt": classes.join("\n") }, "vg-200,classes=names.txt");
    expect(file.labels.categories).toEqual(classes);
    const few = await failure(read({ ...files, "names.txt": "a\nb\n" }, "vg-200,classes=names.txt"));
    expect(few.message).toContain("200 names");
    const twice = await failure(read({ ...files, "names.txt": ["thing 7", ...classes.slice(1)].join("\n") }, "vg-200,classes=names.txt"));
    expect(twice.place.line).toBe(8);
  });

  it.each<[Files, string, number | undefined, string | undefined]>([
    [{ ...files, [name]: '{"1.jpg": [1],\n"2.jpg": [200]}' }, "file.malformed", 2, "2.jpg"],
    [{ ...files, [name]: '{"1.jpg": [1],\n"2.jpg": ["cat"]}' }, "file.malformed", 2, "2.jpg"],
    [{ ...files, [name]: '{"1.jpg": 1}' }, "file.malformed", 1, "1.jpg"],
    [{ ...files, [name]: '{"1.jpg": [1],\n"1.jpg": [2]}' }, "labels.duplicate-image", 2, "1.jpg"],
    [{ ...files, [name]: "[[1]]" }, "file.malformed", 1, undefined],
    [{ ...files, "test_list_500.txt": "3.jpg\n1.jpg\n" }, "labels.duplicate-image", 2, undefined],
    [{ "train_list_500.txt": "1.jpg\n" }, "file.missing", undefined, undefined],
  ])("refuses what is broken, with file and line: %j", async (content, code, line, field) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line, error.place.field]).toEqual([code, line, field]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `vg-200:${folder}`, files, name, [...jsonPieces, "[3]", '"9.jpg":'], 200);
    await survivesHostileBytes((folder) => `vg-200:${folder}`, files, "test_list_500.txt", ["1.jpg", "3.jpg", "\n", " ", "\r"], 200);
    await survivesHostileBytes((folder) => `vg-200:${folder}`, files, "train_list_500.txt", ["1.jpg", "3.jpg", "\n", " ", "\r"], 100);
    const names = Array.from({ length: 200 }, (_, index) => `name ${index}\n`).join("");
    await survivesHostileBytes((folder) => `vg-200,classes=names.txt:${folder}`, { ...files, "names.txt": names }, "names.txt", ["name 3", "\n", "\n\n", "x"], 100);
  });
});
