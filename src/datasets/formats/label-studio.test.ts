import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, jsonPieces, survivesHostileBytes, table, totals, xmlPieces } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

type Result = Readonly<Record<string, unknown>>;
const choose = (control: string, ...choices: string[]): Result => ({ from_name: control, to_name: "image", type: "choices", value: { choices } });
const draw = (type: string, ...labels: string[]): Result => ({ from_name: "label", to_name: "image", type, value: { x: 1, [type]: labels } });
const taxonomy = (...paths: string[][]): Result => ({ from_name: "kind", to_name: "image", type: "taxonomy", value: { taxonomy: paths } });
const annotation = (result: Result[], more: Result = {}): Result => ({ id: 1, was_cancelled: false, result, ...more });
const task = (image: string, ...given: Result[]): Result => ({ id: 1, data: { image }, annotations: given });

async function read(document: unknown, options = "", files: Files = {}): ReturnType<typeof readLabels> {
  const folder = await folderOf({ "labels.json": JSON.stringify(document, null, 1), ...files });
  return readLabels(`label-studio${options}:${join(folder, "labels.json")}`);
}

const shapes = [
  task("a.jpg", annotation([draw("rectanglelabels", "cat"), draw("brushlabels", "dog", "cat"), choose("view", "front")])),
  task("b.jpg", annotation([draw("polygonlabels", "cow")])),
  task("c.jpg", annotation([])),
  task("d.jpg"),
  task("e.jpg", annotation([choose("view", "back")], { was_cancelled: true })),
];

describe("Label Studio", () => {
  it("takes choices and the labels of regions for a yes, other answers of an annotation for a no, and says so", async () => {
    const file = await read(shapes);
    expect(file.labels.categories).toEqual(["cat", "dog", "front", "cow"]);
    expect(table(file)).toEqual({ "a.jpg": "1110", "b.jpg": "0001", "c.jpg": "0000", "d.jpg": "....", "e.jpg": "...." });
    expect(codes(file)).toEqual(["ignored-annotations", "assumed-negative", "images-without-annotations", "image-without-labels"]);
    expect(file.readPast).toEqual(["the places, texts and predictions of 3 results"]);
  });

  it("leaves silence unknown as asked: of controls without an answer, or of everything", async () => {
    expect(table(await read(shapes, ",empty=unknown"))).toEqual({ "a.jpg": "1110", "b.jpg": "00.1", "c.jpg": "....", "d.jpg": "....", "e.jpg": "...." });
    expect(Object.values(table(await read(shapes, ",absent=unknown")))).toEqual(["111.", "...1", "....", "....", "...."]);
  });

  it("takes every step of a taxonomy for a category", async () => {
    const file = await read([task("a.jpg", annotation([taxonomy(["Animal", "Cat"], ["Plant"])])), task("b.jpg", annotation([taxonomy(["Animal", "Dog"])]))]);
    expect(file.labels.categories).toEqual(["Animal", "Animal/Cat", "Plant", "Animal/Dog"]);
    expect(Object.values(table(file))).toEqual(["1110", "1001"]);
  });

  it("reads a control of yes, no and unsure as one category with three states; unanswered is unknown", async () => {
    const asked = [
      task("a.jpg", annotation([choose("scratch", "Yes"), choose("dent", "no"), choose("view", "front")])),
      task("b.jpg", annotation([choose("scratch", "Don’t know"), choose("dent", "あり")])),
      task("c.jpg", annotation([choose("dent", "yes")])),
    ];
    const file = await read(asked);
    expect(file.labels.categories).toEqual(["scratch", "dent", "front"]);
    expect(Object.values(table(file))).toEqual(["101", "u10", ".10"]);
    expect((await read(asked, ",questions=none")).labels.categories).toEqual(["Yes", "no", "front", "Don’t know", "あり", "yes"]);
  });

  it("keeps equal answers of different controls apart, and equal labels of regions together", async () => {
    const file = await read([task("a.jpg", annotation([choose("colour", "good"), draw("rectanglelabels", "x")])), task("b.jpg", annotation([choose("shape", "good"), draw("brushlabels", "x")]))]);
    expect(file.labels.categories).toEqual(["colour: good", "x", "shape: good"]);
    expect(Object.values(table(file))).toEqual(["110", "011"]);
  });

  it.each([
    ["", "1uu0", ["assumed-negative", "disagreeing-labels"]],
    [",annotators=majority", "1100", ["assumed-negative", "disagreeing-labels"]],
    [",annotators=any", "1110", ["assumed-negative", "disagreeing-labels"]],
    [",absent=unknown", "111.", []],
  ])("joins what several annotators say%s", async (options, row, told) => {
    const one = (...labels: string[]): Result => annotation([draw("rectanglelabels", "cow", ...labels)]);
    const file = await read([task("a.jpg", one("cat"), one("cat"), one("dog")), task("b.jpg", annotation([draw("rectanglelabels", "yak")]))], options);
    expect(file.labels.categories).toEqual(["cow", "cat", "dog", "yak"]);
    expect(table(file)["a.jpg"]).toBe(row);
    expect(codes(file)).toEqual(told);
  });

  it("takes a reference answer alone, and nothing of what a reviewer rejected", async () => {
    const file = await read([
      task("a.jpg", annotation([draw("rectanglelabels", "cat")]), annotation([draw("rectanglelabels", "dog")], { ground_truth: true })),
      task("b.jpg", annotation([draw("rectanglelabels", "cat")], { last_action: "rejected" })),
    ]);
    expect(table(file)).toEqual({ "a.jpg": "1", "b.jpg": "." });
    expect(codes(file)).toContain("ignored-annotations");
  });

  it("knows categories nobody chose from the labelling configuration", async () => {
    const config = '<View><Image name="i" value="$pic"/><RectangleLabels name="label" toName="i"><Label value="cat"/><Label value="yak"/></RectangleLabels><Choices name="scratch" toName="i"><View><Choice value="n" alias="no"/><Choice value="yes"/></View></Choices><Taxonomy name="t" toName="i"><Choice value="A"><Choice value="B"/></Choice></Taxonomy></View>';
    const file = await read([{ data: { pic: "a.jpg", image: "b.jpg" }, annotations: [annotation([draw("rectanglelabels", "cat"), choose("scratch", "no")])] }], ",config=c.xml", { "c.xml": config });
    expect(file.labels.categories).toEqual(["cat", "yak", "scratch", "A", "A/B"]);
    expect(table(file)).toEqual({ "a.jpg": "10000" });
    expect(file.files.length).toBe(2);
  });

  it("reads what was looked for from a sidecar, and no control as a question then", async () => {
    const sidecar = JSON.stringify({ format: "catwise-reviewed-categories", categories: ["yes", "dog"], images: [{ image: "a b.jpg", reviewed: ["dog"], part: "fit" }, { image: "b/c%20.jpg", reviewed: [], uncertain: ["yes"], part: "report" }] });
    const file = await read([task("a b.jpg", annotation([choose("choice", "yes")])), task("b/c%20.jpg", annotation([]))], "", { "labels.reviewed.json": sidecar });
    expect(table(file)).toEqual({ "a b.jpg": "10", "b/c%20.jpg": "u." });
    expect(codes(file)).toEqual(["reviewed-sidecar"]);
    expect(file.split).toEqual(["fit", "report"]);
  });

  it.each([
    ["https://host/x/a%20b.jpg?token=1", "a b.jpg", "a b.jpg", "x/a b.jpg"],
    ["s3://bucket/x/a.jpg", "a.jpg", "a.jpg", "x/a.jpg"],
    ["/data/upload/29/bc171829-a.jpg", "a.jpg", "bc171829-a.jpg", "bc171829-a.jpg"],
    ["/data/local-files/?d=x/%E7%8C%AB.jpg", "猫.jpg", "猫.jpg", "x/猫.jpg"],
    ["/x/100%.jpg", "100%.jpg", "100%.jpg", "x/100%.jpg"],
    ["x/か\u3099.jpg", "x/が.jpg", "x/が.jpg", "x/が.jpg"],
  ])("names the image at %s by its file, or as asked", async (address, ...names) => {
    for (const [at, rule] of ["file", "upload", "path"].entries()) {
      expect((await read([task(address, annotation([choose("c", "x")]))], `,names=${rule}`)).labels.imageIds).toEqual([names[at]]);
    }
  });

  it("reads JSON-MIN and CSV as it reads JSON", async () => {
    const minimal = [
      { image: "/data/upload/1/bc171829-a.jpg", id: 1, choice: "cat", annotator: 1, annotation_id: 1, lead_time: 1.5 },
      { image: "/data/upload/1/bc171829-a.jpg", id: 1, choice: { choices: ["cat", "dog"] }, annotator: 2 },
      { image: "b.jpg", id: 2, label: [{ x: 1, rectanglelabels: ["cow"] }], kind: [{ taxonomy: [["A", "B"]] }], note: "choice" },
    ];
    const file = await read(minimal);
    expect(file.labels.categories).toEqual(["cat", "dog", "cow", "A", "A/B"]);
    expect(table(file)).toEqual({ "a.jpg": "1u000", "b.jpg": "00111" });
    const csv = 'image,id,choice,label,note,annotator\n/data/upload/1/bc171829-a.jpg,1,cat,,,1\n/data/upload/1/bc171829-a.jpg,1,"{""choices"": [""cat"", ""dog""]}",,,2\nb.jpg,2,,"[{""x"": 1, ""rectanglelabels"": [""cow""]}]",[odd,1\n';
    const folder = await folderOf({ "labels.csv": csv });
    expect(table(await readLabels(`label-studio:${join(folder, "labels.csv")}`))).toEqual({ "a.jpg": "1u0", "b.jpg": "001" });
    expect((await read(minimal, ",choices=note+choice")).labels.categories).toContain("choice");
  });

  it.each([
    [{ images: [] }, "file.malformed", undefined],
    [[5], "file.malformed", "0"],
    [[{ data: {}, annotations: [] }], "file.malformed", "data"],
    [[{ data: { a: "a.jpg", b: "b.jpg" } }], "file.malformed", "data"],
    [[task("data:image/png;base64,AAAA")], "file.malformed", undefined],
    [[task("a.jpg", { result: 5 })], "file.malformed", "result"],
    [[task("a.jpg", annotation([{ type: "choices", value: { choices: ["x"] } }]))], "file.malformed", "from_name"],
    [[task("a.jpg", annotation([{ from_name: "c", type: "choices", value: { choices: [5] } }]))], "file.malformed", "choices"],
    [[task("/x/a.jpg"), task("/y/a.jpg")], "labels.duplicate-image", undefined],
  ])("refuses what cannot be read, with the line: %j", async (document, code, field) => {
    const error = await failure(read(document));
    expect([error.code, error.place.field]).toEqual([code, field]);
    expect(error.place.line).toBeGreaterThan(0);
  });

  it("finds the image in a field of any name, or in the one asked for", async () => {
    expect((await read([{ data: { picture: "x.PNG?v=1", text: "x" }, annotations: [annotation([choose("c", "x")])] }])).labels.imageIds).toEqual(["x.PNG?v=1"]);
    expect((await read([{ data: { uri: "a", b: "b.jpg" }, annotations: [annotation([choose("c", "x")])] }], ",image=uri")).labels.imageIds).toEqual(["a"]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    const files = { "labels.json": JSON.stringify(shapes.slice(0, 2)), "c.xml": '<View><Choices name="view" toName="i"><Choice value="front"/></Choices></View>' };
    const pieces = [...jsonPieces, '"choices":["x"]', '"result":[]', '"data"', '"image"'];
    await survivesHostileBytes((folder) => `label-studio:${join(folder, "labels.json")}`, files, "labels.json", pieces);
    await survivesHostileBytes((folder) => `label-studio,config=c.xml:${join(folder, "labels.json")}`, files, "c.xml", xmlPieces, 200);
    await survivesHostileBytes((folder) => `label-studio:${join(folder, "labels.csv")}`, { "labels.csv": 'image,choice\na.jpg,x\nb.jpg,"{""choices"": [""y""]}"\n' }, "labels.csv", [",", "\n", '"', "{", "[", "image", "a.jpg"], 200);
  });
});

const real = (name: string, options = ""): ReturnType<typeof readLabels> => readLabels(`label-studio${options}:${join(annotations, "label_studio", name)}`);

describe.skipIf(!existsSync(annotations))("real Label Studio files (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    const yolo = await real("test_export_yolo__data.json");
    expect([yolo.labels.categories, yolo.labels.imageIds.length]).toEqual([["parasites", "white"], 2]);
    expect((await real("test_export_yolo__data_obb.json")).labels.categories).toEqual(["Butterfly", "butterfly"]);
    expect(totals(await real("test_export_json_min__data.json", ",config=test_export_json_min__label_config.xml"))).toEqual([1, 1, 0]);
    expect(table(await real("test_export_yolo__data_polygons.json"))).toEqual({ image2: "1" });
    expect((await failure(real("test_export_csv__csv_test.json"))).message).toContain("rejected annotations");
    expect((await real("test_export_csv__csv_test2.json", ",image=uri")).labels.categories).toEqual(['Yes " "" \n \t \t а б в']);
    expect((await failure(real("test_export_csv__csv_test_history.json"))).place.field).toBe("data");
    expect((await failure(real("test_export_json_min__data_repeater.json"))).message).toContain("expected one field with the address of an image");
  });
});
