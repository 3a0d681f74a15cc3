/** Small files in the published layout; none of the real ones is at hand. */
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { codes, failure, folderOf, jsonPieces, survivesHostileBytes, table } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const image = (path: string, ...labels: readonly unknown[]): string => JSON.stringify({ id: path.replace(/.*\/|\.jpg/g, ""), image_path: `images/${path}`, labels });
const tsv = "idx\tattribute_id\tdescription\tcount\n\t\tPersonal\t\n0\ta0_safe\tSafe\t9\n2\ta4_gender\tGender\t5\n1\ta1_age_approx\tApproximate age\t3\n";
const files: Files = {
  "attributes.tsv": tsv,
  "train2017/2017_1.json": image("train2017/2017_1.jpg", "a4_gender", "a1_age_approx"),
  "train2017/2017_2.json": image("train2017/2017_2.jpg", "a0_safe"),
  "val2017/2017_3.json": image("val2017/2017_3.jpg"),
  "test2017/2017_4.json": image("test2017/2017_4.jpg", "a4_gender", "a4_gender"),
  "statistics.json": "{}",
};
const read = async (content: Files, kind = "vispr"): ReturnType<typeof readLabels> => readLabels(`${kind}:${await folderOf(content)}`);

describe("VISPR", () => {
  it("takes attributes that are not listed as negative, an empty list as unknown, folders as parts", async () => {
    const file = await read(files);
    expect(file.labels.categories).toEqual(["a0_safe", "a1_age_approx", "a4_gender"]);
    expect(table(file)).toEqual({ "test2017/2017_4.jpg": "001", "train2017/2017_1.jpg": "011", "train2017/2017_2.jpg": "100", "val2017/2017_3.jpg": "..." });
    expect(file.split).toEqual(["report", "fit", "fit", "selection"]);
    expect(codes(file)).toEqual(["images-without-annotations", "image-without-labels"]);
    expect(file.files.length).toBe(5);
  });

  it.each([
    ["vispr,absent=unknown", ".11", "..."],
    ["vispr,empty=negative", "011", "000"],
  ])("reads silence as asked: %s", async (kind, first, empty) => {
    expect(table(await read(files, kind))).toMatchObject({ "train2017/2017_1.jpg": first, "val2017/2017_3.jpg": empty });
  });

  it("names categories by their descriptions where that is asked for, and as they are met without attributes.tsv", async () => {
    expect((await read(files, "vispr,names=description")).labels.categories).toEqual(["Safe", "Approximate age", "Gender"]);
    const plain = await read({ "annotations/train2017/1.json": files["train2017/2017_1.json"], "annotations/train2017/2.json": files["train2017/2017_2.json"] });
    expect([plain.labels.categories, plain.split]).toEqual([["a4_gender", "a1_age_approx", "a0_safe"], null]);
    expect(Object.values(table(await read({ "1.json": files["train2017/2017_1.json"] })))).toEqual(["11"]);
  });

  it.each<[Files, string, number | undefined, string | undefined]>([
    [{ ...files, "val2017/2017_3.json": image("val2017/2017_3.jpg", "a9_new") }, "file.malformed", 1, "labels"],
    [{ ...files, "val2017/2017_3.json": '{"image_path": "a.jpg",\n"labels": "a0_safe"}' }, "file.malformed", 2, "labels"],
    [{ ...files, "val2017/2017_3.json": '{"image_path": "a.jpg"}' }, "file.malformed", undefined, "labels"],
    [{ ...files, "val2017/2017_3.json": '{\n"image_path": " ", "labels": []}' }, "file.malformed", 2, "image_path"],
    [{ ...files, "val2017/2017_3.json": image("train2017/2017_1.jpg") }, "labels.duplicate-image", 1, "image_path"],
    [{ ...files, "attributes.tsv": `${tsv}1\ta5_x\tX\n` }, "file.malformed", 6, undefined],
    [{ ...files, "attributes.tsv": `${tsv}one\ta5_x\tX\n` }, "file.malformed", 6, undefined],
    [{ ...files, "attributes.tsv": "attribute_id\tdescription\n" }, "csv.missing-column", 1, undefined],
    [{ "readme.md": "" }, "file.missing", undefined, undefined],
  ])("refuses what is broken, with file and line: %j", async (content, code, line, field) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line, error.place.field]).toEqual([code, line, field]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `vispr:${folder}`, files, "train2017/2017_1.json", [...jsonPieces, '"a0_safe"', '"labels":[]'], 150);
    await survivesHostileBytes((folder) => `vispr:${folder}`, files, "attributes.tsv", ["\t", "\n", "3", "a0_safe", "idx", "attribute_id"], 150);
  });
});
