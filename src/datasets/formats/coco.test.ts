import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, jsonPieces, survivesHostileBytes, table, totals } from "./reading.cases.ts";

const small = {
  annotations: [{ id: 1, image_id: 7, category_id: 3 }, { id: 2, image_id: 7, category_id: 3, iscrowd: 1 }, { id: 3, image_id: 8, category_id: 1 }],
  images: [{ id: 7, file_name: "a.jpg" }, { id: 8, file_name: "か\u3099.jpg" }, { id: 9, file_name: "c.jpg" }],
  categories: [{ id: 3, name: "cat" }, { id: 1, name: "dog" }],
};

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 1));

const sidecarOf = (images: unknown[]): unknown => ({ format: "catwise-reviewed-categories", images });

async function read(document: unknown, kind = "coco", sidecar?: unknown): ReturnType<typeof readLabels> {
  const folder = await folderOf({ "labels.json": text(document), ...(sidecar === undefined ? {} : { "labels.reviewed.json": text(sidecar) }) });
  return readLabels(`${kind}:${join(folder, "labels.json")}`);
}

describe("COCO instances", () => {
  it("are read in any order of the sections; what is not annotated is negative, and images without annotations are told of", async () => {
    const file = await read(small);
    expect(file.labels.categories).toEqual(["cat", "dog"]);
    expect(table(file)).toEqual({ "a.jpg": "10", "が.jpg": "01", "c.jpg": "00" });
    expect(codes(file)).toEqual(["images-without-annotations"]);
    expect([file.split, file.groups]).toEqual([null, null]);
  });

  it("leave silence unknown where that is asked for", async () => {
    expect(table(await read(small, "coco,empty=unknown"))).toEqual({ "a.jpg": "10", "が.jpg": "01", "c.jpg": ".." });
    expect(table(await read(small, "coco,absent=unknown"))).toEqual({ "a.jpg": "1.", "が.jpg": ".1", "c.jpg": ".." });
    expect((await failure(read(small, "coco,empty=perhaps"))).code).toBe("usage.invalid-value");
    expect((await failure(read(small, "coco,colour=red"))).message).toContain("absent, empty");
  });

  it("keep unknown apart from negative with a sidecar of reviewed categories", async () => {
    const sidecar = { format: "catwise-reviewed-categories", version: 1, categories: ["cat", "dog", "cow"], images: [{ image: "a.jpg", reviewed: ["cat", "dog"] }, { image: "が.jpg", reviewed: [], uncertain: ["cow"] }, { image: "c.jpg", reviewed: "all" }, { image: "d.jpg", reviewed: ["cow"] }] };
    const file = await read(small, "coco", sidecar);
    expect(file.labels.categories).toEqual(["cat", "dog", "cow"]);
    expect(table(file)).toEqual({ "a.jpg": "10.", "が.jpg": ".1u", "c.jpg": "000", "d.jpg": "..0" });
    expect(codes(file)).toEqual(["reviewed-sidecar"]);
    expect(file.notices[0].message).toContain('1 images are there and not in the labels: "d.jpg"');
    const misspelt = await failure(read(small, "coco", sidecarOf([{ image: "a.jpg", reviewed: ["Dog"] }])));
    expect([misspelt.code, misspelt.place.field, misspelt.message]).toEqual(["file.malformed", "reviewed", expect.stringContaining('"Dog"')]);
    expect(file.files.length).toBe(2);
    expect((await failure(read(small, "coco", { ...sidecar, format: "other" }))).place.file).toMatch(/labels\.reviewed\.json$/);
  });

  it("take parts and groups from the sidecar, also where all images are of one part", async () => {
    const file = await read(small, "coco", sidecarOf([{ image: "a.jpg", part: "train", group: " lot 1" }, { image: "c.jpg", part: null, group: null }]));
    expect([file.split, file.groups]).toEqual([["fit", null, null], ["lot 1", null, null]]);
    expect((await read(small, "coco", sidecarOf([{ image: "a.jpg" }]))).split).toBe(null);
    expect((await failure(read(small, "coco", sidecarOf([{ image: "a.jpg", part: "hold-out" }])))).code).toBe("split.invalid-part");
    expect((await failure(read(small, "coco", sidecarOf([{ image: "a.jpg", group: 7 }])))).place.field).toBe("group");
  });

  it("of a folder become parts by the names of its files, categories by name", async () => {
    const other = { images: [{ id: 7, file_name: "z.jpg" }], categories: [{ id: 9, name: "cow" }, { id: 2, name: "cat" }], annotations: [{ id: 1, image_id: 7, category_id: 2 }] };
    const files = { "instances_train2014.json": text(small), "instances_val2014.json": text(other), "captions_val2014.json": "{" };
    const file = await readLabels(`coco,empty=unknown:${await folderOf(files)}`);
    expect(file.labels.categories).toEqual(["cat", "dog", "cow"]);
    expect(table(file)).toEqual({ "a.jpg": "10.", "が.jpg": "01.", "c.jpg": "...", "z.jpg": "1.0" });
    expect(file.split).toEqual(["fit", "fit", "fit", "selection"]);
    expect((await failure(readLabels(`coco:${await folderOf({ ...files, "instances_val2014.json": text(small) })}`))).code).toBe("labels.duplicate-image");
    const none = await failure(readLabels(`coco:${await folderOf({ "captions_val2014.json": "{" })}`));
    expect([none.code, none.message]).toEqual(["file.missing", expect.stringContaining("instances_train2014.json")]);
    expect((await failure(read({ ...small, categories: [...small.categories, { id: 4, name: "cat" }] }))).code).toBe("file.malformed");
  });

  it("of a folder have their own sidecars, each of which speaks of the categories of its file", async () => {
    const other = { images: [{ id: 7, file_name: "z.jpg" }], categories: [{ id: 9, name: "cow" }, { id: 2, name: "cat" }], annotations: [{ id: 1, image_id: 7, category_id: 2 }] };
    const files = { "instances_train.json": text(small), "instances_val.json": text(other), "instances_val.reviewed.json": text(sidecarOf([{ image: "z.jpg", reviewed: "all" }])) };
    const alone = await failure(readLabels(`coco:${await folderOf(files)}`));
    expect([alone.code, alone.place.file]).toEqual(["file.missing", expect.stringMatching(/instances_train\.reviewed\.json$/)]);
    const file = await readLabels(`coco:${await folderOf({ ...files, "instances_train.reviewed.json": text(sidecarOf([{ image: "c.jpg", reviewed: ["cat"] }])) })}`);
    expect(table(file)).toEqual({ "a.jpg": "1..", "が.jpg": ".1.", "c.jpg": "0..", "z.jpg": "1.0" });
    expect(file.files.length).toBe(4);
  });

  it("without any annotation, as test sets are published, say nothing of their images", async () => {
    const file = await read({ images: small.images, categories: small.categories });
    expect(Object.values(table(file))).toEqual(["..", "..", ".."]);
    expect(codes(file)).toContain("images-without-annotations");
    expect(Object.values(table(await read({ ...small, annotations: [] }, "coco,empty=negative")))).toEqual(["00", "00", "00"]);
  });

  it("that need a sidecar are refused without it, unless it is said what silence means", async () => {
    const marked = { info: { catwise_reviewed_categories: true }, ...small };
    const error = await failure(read(marked));
    expect([error.code, error.place.field]).toEqual(["file.missing", "info.catwise_reviewed_categories"]);
    expect(table(await read(marked, "coco,absent=unknown"))).toMatchObject({ "a.jpg": "1." });
    expect(table(await read(marked, "coco", sidecarOf([{ image: "a.jpg", reviewed: ["dog"] }])))).toMatchObject({ "a.jpg": "10", "c.jpg": ".." });
    expect(table(await read({ ...marked, info: { catwise_reviewed_categories: false } }))).toMatchObject({ "a.jpg": "10" });
  });

  it("of a panoptic file name several categories at once", async () => {
    const { images, categories } = small;
    expect(table(await read({ images, categories, annotations: [{ image_id: 8, segments_info: [{ category_id: 1 }, { category_id: 3 }] }] }))).toMatchObject({ "が.jpg": "11" });
  });

  it.each([
    [{ ...small, annotations: [{ image_id: 99, category_id: 3 }] }, "file.malformed", "image_id"],
    [{ ...small, annotations: [{ image_id: 7, category_id: 99 }] }, "file.malformed", "category_id"],
    [{ ...small, annotations: [{ image_id: 7 }] }, "file.malformed", "category_id"],
    [{ ...small, images: [{ id: 7, file_name: 5 }] }, "file.malformed", "file_name"],
    [{ ...small, images: [...small.images, { id: 10, file_name: "a.jpg" }] }, "labels.duplicate-image", "file_name"],
    [{ ...small, categories: [...small.categories, { id: 4, name: "cat" }] }, "file.malformed", "name"],
    [{ ...small, categories: [...small.categories, { id: 3, name: "cow" }] }, "file.malformed", "name"],
    [{ ...small, images: [5] }, "file.malformed", "images.0"],
  ])("refuse a broken reference or entry, with the line of the entry: %j", async (document, code, field) => {
    const error = await failure(read(document));
    expect([error.code, error.place.field]).toEqual([code, field]);
    expect(error.place.line).toBeGreaterThan(1);
  });

  it("refuse what is no JSON, with line and column", async () => {
    const wrong = await failure(read('{"images": [\n  {"id": tru}]}'));
    expect(wrong.place).toMatchObject({ line: 2, column: 13 });
    const cut = await failure(read('{"images": [\n{"id": 1, "file_name": "a"}'));
    expect([cut.code, cut.place.line]).toEqual(["file.malformed", 2]);
    expect(cut.message).toContain("ends before");
    const deep = await failure(read(`{"images": [${"[".repeat(5000)}`));
    expect(deep.message).toContain("levels deep");
    expect((await failure(read("[]"))).code).toBe("labels.no-images");
  });

  it("of any bytes give labels or an error with a place", async () => {
    const files = { "labels.json": JSON.stringify(small) };
    await survivesHostileBytes((folder) => `coco:${join(folder, "labels.json")}`, files, "labels.json", jsonPieces);
    const sidecar = JSON.stringify({ format: "catwise-reviewed-categories", categories: ["cat"], images: [{ image: "a.jpg", reviewed: "all" }] });
    await survivesHostileBytes((folder) => `coco:${join(folder, "labels.json")}`, { ...files, "labels.reviewed.json": sidecar }, "labels.reviewed.json", jsonPieces, 200);
  });

  it("of two images with the name of a prototype's member are two images", async () => {
    const odd = '{"images":[{"id":"__proto__","file_name":"__proto__"},{"id":2,"file_name":"constructor"}],"categories":[{"id":1,"name":"toString"}],"annotations":[{"image_id":"__proto__","category_id":1}]}';
    const { labels } = await read(odd);
    expect([labels.imageIds, [...labels.value]]).toEqual([["__proto__", "constructor"], [1, 0]]);
  });
});

describe.skipIf(!existsSync(annotations))("real COCO files (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    const instances = await readLabels(`coco:${join(annotations, "coco/derived_coco128_val_instances.json")}`);
    expect([instances.labels.imageIds.length, instances.labels.categories.length, instances.labels.value.length]).toEqual([128, 80, 128 * 80]);
    expect(totals(instances)[0]).toBeGreaterThan(300);
    const panoptic = await readLabels(`coco:${join(annotations, "coco/panoptic_val2017_100.json")}`);
    expect(panoptic.labels.imageIds.length).toBe(100);
    expect(table(await readLabels(`coco:${join(annotations, "coco/datumaro_labels_train.json")}`))).toEqual({ "a.jpg": "01" });
    for (const name of ["datumaro_instances_train", "datumaro_instances_val"]) expect((await readLabels(`coco:${join(annotations, `coco/${name}.json`)}`)).labels.imageIds.length).toBeGreaterThan(0);
  });
});
