/** Small files in the published layout; none of the real ones is at hand. */
import { describe, expect, it } from "vitest";
import { assignParts } from "../../labels/index.ts";
import { readLabels } from "../index.ts";
import { codes, failure, folderOf, jsonPieces, survivesHostileBytes, table } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const instance = (id: number | string, image: number, positive: readonly unknown[], negative: readonly unknown[]): Record<string, unknown> => ({
  image_id: image,
  instance_id: id,
  instance_bbox: [1, 2, 30, 40],
  instance_polygon: null,
  object_name: "cup",
  positive_attributes: positive,
  negative_attributes: negative,
});
const list = (...instances: readonly Record<string, unknown>[]): string => `[${instances.map((each) => JSON.stringify(each)).join(",\n")}]`;

const files: Files = {
  "attribute_index.json": '{"blue": 1, "red": 0, "wet": 2}',
  "train_part1.json": list(instance("11", 1, ["red"], ["blue"]), instance(12, 1, ["red", "wet"], ["wet"])),
  "train_part2.json": list(instance(21, 2, [], ["blue", "red"])),
  "val.json": list(instance(31, 3, ["wet"], [])),
  "test.json": list(instance(41, 4, [], [])),
};
const read = async (content: Files, kind = "vaw", file = ""): ReturnType<typeof readLabels> => readLabels(`${kind}:${await folderOf(content)}${file}`);

describe("Visual Attributes in the Wild", () => {
  it("keeps what was not asked unknown, and what was answered both ways uncertain; pictures are groups, files parts", async () => {
    const file = await read(files);
    expect(file.labels.categories).toEqual(["red", "blue", "wet"]);
    expect(table(file)).toEqual({ "11.jpg": "10.", "12.jpg": "1.u", "21.jpg": "00.", "31.jpg": "..1", "41.jpg": "..." });
    expect(file.groups).toEqual(["4", "1", "1", "2", "3"]);
    expect(file.split).toEqual(["report", "fit", "fit", "fit", "selection"]);
    expect(codes(file)).toEqual(["disagreeing-labels", "image-without-labels"]);
    expect(file.readPast).toEqual(["the boxes and outlines of 5 instances"]);
    expect(file.files.length).toBe(5);
  });

  it("is found in the folder data, and reads one file alone, with categories as they are met where nothing numbers them", async () => {
    const inData = Object.fromEntries(Object.entries(files).map(([name, content]) => [`data/${name}`, content]));
    expect(Object.keys(table(await read(inData)))).toEqual(["41.jpg", "11.jpg", "12.jpg", "21.jpg", "31.jpg"]);
    const alone = await read({ "val.json": list(instance(7, 1, ["odd"], ["even"])) }, "vaw,ending=none", "/val.json");
    expect([alone.labels.categories, table(alone), alone.split]).toEqual([["odd", "even"], { "7": "10" }, null]);
    const train = await read({ "train_part1.json": files["train_part1.json"], "train_part2.json": files["train_part2.json"] });
    expect([train.split, train.groups]).toEqual([null, ["1", "1", "2"]]);
  });

  it("never lets two parts made here share a picture", async () => {
    const many = Array.from({ length: 300 }, (_, at) => instance(at, at >> 2, ["red"], []));
    const file = await read({ "train_part1.json": list(...many) });
    const { part } = assignParts(file.labels, file);
    expect(new Set(part).size).toBe(3);
    for (const at of part.keys()) expect(part[at]).toBe(part[at & ~3]);
  });

  it.each<[Files, string, number | undefined, string | undefined]>([
    [{ ...files, "val.json": list(instance(31, 3, ["wet"], []), instance(32, 3, ["tall"], [])) }, "file.malformed", 2, "positive_attributes"],
    [{ ...files, "val.json": list(instance(31, 3, ["wet"], [7])) }, "file.malformed", 1, "negative_attributes"],
    [{ ...files, "val.json": list({ ...instance(31, 3, [], []), positive_attributes: "wet" }) }, "file.malformed", 1, "positive_attributes"],
    [{ ...files, "val.json": '[{"instance_id": 1}]' }, "file.malformed", 1, "positive_attributes"],
    [{ ...files, "val.json": list({ ...instance(31, 3, [], []), image_id: null }) }, "file.malformed", 1, "image_id"],
    [{ ...files, "val.json": list(instance(31, 3, [], []), instance(11, 3, [], [])) }, "labels.duplicate-image", 2, "instance_id"],
    [{ ...files, "attribute_index.json": '{"red": 0,\n"blue": 0}' }, "file.malformed", 2, "blue"],
    [{ ...files, "attribute_index.json": '{"red": "0"}' }, "file.malformed", 1, "red"],
    [{ "readme.md": "" }, "file.missing", undefined, undefined],
  ])("refuses what is broken, with file and line: %j", async (content, code, line, field) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line, error.place.field]).toEqual([code, line, field]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `vaw:${folder}`, files, "train_part1.json", [...jsonPieces, '"red"', '"wet"', '"positive_attributes"'], 150);
    await survivesHostileBytes((folder) => `vaw:${folder}`, { ...files, "attribute_index.json": '{"blue": 1, "red": 0, "wet": 2, "other": 3}' }, "attribute_index.json", [...jsonPieces, '"red"', '"x": 7,', "7"], 150);
  });
});
