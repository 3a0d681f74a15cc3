import { describe, expect, it } from "vitest";
import { buildPartialLabels, type LabelCell } from "../labels/index.ts";
import { joinLabels } from "./join.ts";

const imageIds = ["a.png", "b.png", "c.png", "d.png"];
const cells = imageIds.map((_, image): LabelCell => ({ image, category: 0, value: image % 2 === 0 ? 1 : 0 }));
const labels = buildPartialLabels({ imageIds, categories: ["x"], cells });
const file = { labels, split: ["fit", "selection", "report", null] as const, groups: null, notices: [], readPast: [], paths: [], files: [{ path: "l.csv", sha256: "" }] };

function opened(ids: string[] | null, rows: number): Parameters<typeof joinLabels>[2] {
  return { from: "f.safetensors", data: Float32Array.from({ length: rows * 2 }, (_, at) => at), rows, columns: 2, perCategory: null, ids, skipped: [], preprocessing: null, seconds: 0 };
}

function join(ids: string[] | null, rows: number): { joined: ReturnType<typeof joinLabels>; codes: string[] } {
  const codes: string[] = [];
  const logger = { info: () => {}, warn: (code: string) => void codes.push(code) };
  return { joined: joinLabels({ ...file, split: [...file.split] }, labels, opened(ids, rows), { logger }), codes };
}

describe("joinLabels", () => {
  it("moves whole images where every category has features of its own", () => {
    const own = { ...opened(["q.png", "d.png", "r.png", "a.png"], 4), columns: 1, perCategory: { count: 2, names: null } };
    const { features } = joinLabels({ ...file, split: [...file.split] }, labels, own, { logger: { info: () => {}, warn: () => {} } });
    expect(features).toMatchObject({ rows: 2, columns: 1, categories: 2 });
    expect([...features.block(0, 2)]).toEqual([2, 3, 6, 7]);
  });

  it("gives every row of the features the labels and the part of its own id, and drops rows nobody labelled", () => {
    const { joined, codes } = join(["q.png", "d.png", "r.png", "a.png", "photos/c.png"], 5);
    expect([...joined.features.block(0, 3)]).toEqual([2, 3, 6, 7, 8, 9]);
    expect(joined.features.rows).toBe(3);
    expect(joined.labels.imageIds).toEqual(["d.png", "a.png", "c.png"]);
    expect([...joined.labels.value]).toEqual([0, 1, 1]);
    expect([...joined.parts.part]).toEqual([255, 0, 2]);
    expect(codes).toEqual(["labels.images-unlabelled", "labels.images-missing"]);
  });

  it("takes features without ids in the order of the labels, when they are as many", () => {
    const { joined, codes } = join(null, 4);
    expect(joined.labels).toBe(labels);
    expect(codes).toEqual([]);
    expect(() => join(null, 3)).toThrow("l.csv: f.safetensors has 3 rows and no ids, the labels have 4 images.");
  });

  it("names both files when they have no image in common", () => {
    expect(() => join(["q", "r"], 2)).toThrow(/^l\.csv: none of the 4 labelled images \("a\.png", "b\.png"\) is among the 2 images of f\.safetensors \("q", "r"\)/);
  });
});
