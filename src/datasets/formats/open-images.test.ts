import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, survivesHostileBytes, table, totals } from "./reading.cases.ts";

const header = "ImageID,Source,LabelName,Confidence\n";
const rows = `${header}a,verification,/m/1,1\na,verification,/m/2,0\nb,crowdsource-verification,/m/2,1\na,verification,/m/3,1\n`;

async function read(files: Record<string, string>, source = "open-images:labels.csv"): ReturnType<typeof readLabels> {
  const [kind, path] = [source.slice(0, source.indexOf(":")), source.slice(source.indexOf(":") + 1)];
  return readLabels(`${kind}:${join(await folderOf(files), path)}`);
}

describe("Open Images", () => {
  it("are verified yes and no; what is in no row is unknown", async () => {
    const file = await read({ "labels.csv": rows });
    expect(file.labels.categories).toEqual(["/m/1", "/m/2", "/m/3"]);
    expect(table(file)).toEqual({ "a.jpg": "101", "b.jpg": ".1." });
    expect(codes(file)).toEqual([]);
    expect(table(await read({ "labels.csv": rows }, "open-images,ending=none:labels.csv"))).toHaveProperty("a");
  });

  it("take names from class descriptions with a header (V6) or without (V3), and tell labels of one name apart", async () => {
    const v6 = await read({ "labels.csv": rows, "oidv6-class-descriptions.csv": 'LabelName,DisplayName\n/m/1,"Cat, small"\n/m/2,Dog\n/m/3,Dog\n' });
    expect(v6.labels.categories).toEqual(["Cat, small", "Dog (/m/2)", "Dog (/m/3)"]);
    const v3 = await read({ "labels.csv": rows, "names.csv": "/m/1,/m/2\n/m/3,Cow\n" }, "open-images,classes=names.csv:labels.csv");
    expect(v3.labels.categories).toEqual(["/m/2", "/m/2 (/m/2)", "Cow"]);
    expect(v3.files.length).toBe(2);
  });

  it("leave machine labels unknown, call disagreement uncertain, and say how many of each", async () => {
    const file = await read({ "labels.csv": `${rows}c,machine,/m/1,1\nc, Machine,/m/3,0\nc,machine,/m/2,0.7\nb,verification,/m/2,0\n` });
    expect(table(file)).toEqual({ "a.jpg": "101", "b.jpg": ".u.", "c.jpg": "..." });
    expect(codes(file)).toEqual(["ignored-rows", "disagreeing-labels", "image-without-labels"]);
    expect(file.notices[0].message).toContain("3 labels made by a machine");
  });

  it("keep only the trainable classes where a list of them is given", async () => {
    const file = await read({ "labels.csv": rows, "classes-trainable.txt": "/m/1\n/m/3\n" }, "open-images,trainable=classes-trainable.txt:labels.csv");
    expect(file.labels.categories).toEqual(["/m/1", "/m/3"]);
    expect(file.notices[0].message).toContain("2 labels of classes");
  });

  it("of a folder have the parts of their files, in the layouts of V3 and V6", async () => {
    const v3 = await read({ "train/annotations-human.csv": `${header}a,verification,/m/1,1\n`, "validation/annotations-human.csv": `${header}b,verification,/m/1,0\n`, "train/annotations-machine.csv": `${header}z,machine,/m/1,1\n` }, "open-images:");
    expect([table(v3), v3.split]).toEqual([{ "a.jpg": "1", "b.jpg": "0" }, ["fit", "selection"]]);
    const v6 = await read({ "oidv6-train-annotations-human-imagelabels.csv": `${header}a,verification,/m/1,1\n`, "test-annotations-human-imagelabels.csv": `${header}b,verification,/m/1,0\n`, "class-descriptions.csv": "/m/1,Cat\n" }, "open-images:");
    expect([v6.labels.categories, v6.split]).toEqual([["Cat"], ["fit", "report"]]);
    const one = await read({ "train-annotations-human-imagelabels.csv": rows }, "open-images:");
    expect(one.split).toBe(null);
    expect((await failure(read({ "other.csv": rows }, "open-images:"))).code).toBe("file.missing");
  });

  it.each([
    [`${header}a,verification,/m/1,2\n`, "labels.invalid-value", 2, "Confidence"],
    [`${header}a,verification,/m/1,\n`, "labels.invalid-value", 2, "Confidence"],
    [`${header}a,verification,,1\n`, "file.malformed", 2, "LabelName"],
    [`${header},verification,/m/1,1\n`, "file.malformed", 2, "ImageID"],
    ["ImageID,LabelName\na,/m/1\n", "csv.missing-column", 1, undefined],
  ])("refuse %j", async (content, code, line, field) => {
    const error = await failure(read({ "labels.csv": content }));
    expect([error.code, error.place.line, error.place.field]).toEqual([code, line, field]);
  });

  it("refuse class descriptions that name a label twice or not at all", async () => {
    const twice = await failure(read({ "labels.csv": rows, "class-descriptions.csv": "/m/1,Cat\n/m/1,Dog\n" }));
    expect([twice.code, twice.place.line]).toEqual(["file.malformed", 2]);
    expect((await failure(read({ "labels.csv": rows, "class-descriptions.csv": "/m/1\n" }))).place.line).toBe(1);
  });

  it("of any bytes give labels or an error with a place", async () => {
    const pieces = [",", "\n", '"', "1", "0", "0.5", "machine", "/m/1", "ImageID", "a"];
    const files = { "labels.csv": rows, "class-descriptions.csv": "/m/1,Cat\n/m/2,Dog\n" };
    await survivesHostileBytes((folder) => `open-images:${join(folder, "labels.csv")}`, files, "labels.csv", pieces);
    await survivesHostileBytes((folder) => `open-images:${join(folder, "labels.csv")}`, files, "class-descriptions.csv", pieces, 200);
    await survivesHostileBytes((folder) => `open-images,trainable=classes.txt:${join(folder, "labels.csv")}`, { "labels.csv": rows, "classes.txt": "/m/1\n/m/3\n" }, "classes.txt", ["/m/2", "\n", " "], 100);
  });
});

describe.skipIf(!existsSync(annotations))("real Open Images files (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    const tiny = await readLabels(`open-images:${join(annotations, "open_images/oidv6-train-annotations-human-imagelabels.csv")}`);
    expect(totals(tiny)).toEqual([1, 1, 0]);
    const large = await readLabels(`open-images,classes=derived_from_lvis_class-descriptions.csv:${join(annotations, "open_images/derived_from_lvis_human-imagelabels.csv")}`);
    expect(totals(large).reduce((sum, count) => sum + count)).toBe(1241);
    expect(large.labels.categories).toContain("airplane");
  });
});
