import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, failure, folderOf, jsonPieces, survivesHostileBytes, table, totals } from "./reading.cases.ts";

const small = {
  images: [
    { id: 1, file_name: "a.jpg", neg_category_ids: [2], not_exhaustive_category_ids: [3] },
    { id: 2, coco_url: "http://images.cocodataset.org/val2017/b.jpg", neg_category_ids: [1], not_exhaustive_category_ids: [] },
  ],
  categories: [{ id: 1, name: "acorn" }, { id: 2, name: "bell" }, { id: 3, name: "cart" }, { id: 4, name: "dart" }],
  annotations: [{ image_id: 1, category_id: 1 }],
};

async function read(document: unknown): ReturnType<typeof readLabels> {
  return readLabels(`lvis:${join(await folderOf({ "lvis.json": JSON.stringify(document) }), "lvis.json")}`);
}

describe("LVIS", () => {
  it("knows what is drawn or not exhaustive (yes) and what was searched for in vain (no); all else is unknown", async () => {
    const file = await read(small);
    expect(table(file)).toEqual({ "a.jpg": "101.", "b.jpg": "0..." });
  });

  it("refuses a category that is not listed and an image without any name", async () => {
    expect((await failure(read({ ...small, images: [{ id: 1, file_name: "a.jpg", neg_category_ids: [9] }] }))).place.field).toBe("category_id");
    expect((await failure(read({ ...small, images: [{ id: 1 }] }))).place.field).toBe("coco_url");
    expect((await failure(read({ ...small, images: [{ id: 1, file_name: "a", neg_category_ids: 5 }] }))).place.field).toBe("neg_category_ids");
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `lvis:${join(folder, "lvis.json")}`, { "lvis.json": JSON.stringify(small) }, "lvis.json", jsonPieces);
  });
});

describe.skipIf(!existsSync(annotations))("the real LVIS file (skipped when shared/data is absent)", () => {
  it("is read whole: 3 positives and 9 verified negatives of 1230 categories per image", async () => {
    const file = await readLabels(`lvis:${join(annotations, "lvis/lvis_val_100.json")}`);
    expect([file.labels.imageIds.length, file.labels.categories.length]).toEqual([100, 1230]);
    const [positive, negative] = totals(file);
    expect(Math.abs(positive / 100 - 3)).toBeLessThan(0.25);
    expect(Math.abs(negative / 100 - 9.4)).toBeLessThan(0.06);
  });
});
