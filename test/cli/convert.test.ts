import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catwise, interrupted, listing, readJson, textOf, type Run } from "./support.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catwise-convert-"));
  writeFileSync(join(folder, "l.csv"), ["image,split,group,scratch,dent", "a.jpg,train,g,1,0", '"b,c.jpg",valid,,u,', "d.jpg,,,,", ""].join("\n"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function convert(...args: string[]): Run {
  return catwise(folder, "convert", ...args);
}

function done(run: Run): Run {
  expect(run.status, run.stderr).toBe(0);
  return run;
}

describe("catwise convert", () => {
  it("counts what it wrote and says what comes next", () => {
    const run = done(convert("--labels", "l.csv", "--to", "long-csv", "--out", "long.csv"));
    expect(run.stdout).toMatch(/positive +1\n.*negative +1\n.*uncertain +1\n.*unknown +3\n/);
    expect(run.stdout).toContain("3 images, 2 categories, 1 groups.\nParts: 1 fit, 1 selection, 0 report, 1 none.\nNothing was lost.\nWritten: long.csv\n");
    expect(run.stdout).toContain("Next: catwise pretrain --features FEATURES.safetensors --labels long.csv");
    expect(textOf(folder, "long.csv").split("\n").slice(0, 3)).toEqual(["image,group,split,category,value", "a.jpg,g,fit,scratch,1", "a.jpg,g,fit,dent,0"]);
  });

  it("gives the same as a document with --json", () => {
    const document = readJson(done(convert("--labels", "l.csv", "--to", "csv", "--out", "w.csv", "--json")));
    expect(document).toEqual({
      to: "csv",
      labels: "w.csv",
      written: ["w.csv"],
      images: 3,
      categories: 2,
      cells: { positive: 1, negative: 1, uncertain: 1, unknown: 3 },
      parts: { fit: 1, selection: 1, report: 0, none: 1 },
      groups: 1,
      lost: [],
      inputs: [{ path: "l.csv", sha256: createHash("sha256").update(readFileSync(join(folder, "l.csv"))).digest("hex") }],
    });
  });

  it("there and back gives the first file again, byte by byte", () => {
    done(convert("--labels", "l.csv", "--to", "csv", "--out", "one.csv"));
    done(convert("--labels", "one.csv", "--to", "long-csv", "--out", "two.csv"));
    done(convert("--labels", "two.csv", "--to", "csv", "--out", "three.csv"));
    expect(textOf(folder, "three.csv")).toBe(textOf(folder, "one.csv"));
  });

  it("obeys a split file and an encoding", () => {
    writeFileSync(join(folder, "s.csv"), "image,split\na.jpg,test\nd.jpg,fit\n");
    writeFileSync(join(folder, "sjis.csv"), Buffer.concat([Buffer.from("image,"), Buffer.from([0x94, 0x4c]), Buffer.from("\na.jpg,1\nd.jpg,0\n")]));
    done(convert("--labels", "sjis.csv", "--encoding", "shift_jis", "--split", "s.csv", "--to", "csv", "--out", "o.csv"));
    expect(textOf(folder, "o.csv")).toBe("image,split,猫\na.jpg,report,1\nd.jpg,fit,0\n");
  });

  it("says loudly what could not be carried over", () => {
    writeFileSync(join(folder, "long.csv"), "image,category,value,confidence,annotator\na,x,1,0.5,me\nb,x,0,,you\n");
    const run = done(convert("--labels", "long.csv", "--to", "csv", "--out", "w.csv"));
    expect(run.stderr).toContain('notice: convert.lost: not in w.csv: the column "annotator"; 1 weight other than 1.\n');
    expect(run.stdout).toContain('Not carried over: the column "annotator"; 1 weight other than 1.');
    writeFileSync(join(folder, "coco.json"), JSON.stringify({ images: [{ id: 1, file_name: "a" }], categories: [{ id: 1, name: "x" }], annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1] }] }));
    expect(readJson(done(convert("--labels", "coco:coco.json", "--to", "csv", "--out", "c.csv", "--json")))).toMatchObject({ lost: ["the boxes and outlines of 1 annotations"] });
  });

  it("writes COCO that any reader of JSON understands, with a sidecar that keeps unknown apart from negative", () => {
    const run = done(convert("--labels", "l.csv", "--to", "coco", "--out", "c.json"));
    expect(run.stdout).toContain("Written: c.json, c.reviewed.json\n");
    expect(run.stdout).toContain("--labels coco:c.json");
    expect(JSON.parse(textOf(folder, "c.json"))).toEqual({
      info: { description: expect.stringContaining("reviewed"), catwise_reviewed_categories: true },
      categories: [{ id: 1, name: "scratch" }, { id: 2, name: "dent" }],
      images: [{ id: 1, file_name: "a.jpg" }, { id: 2, file_name: "b,c.jpg" }, { id: 3, file_name: "d.jpg" }],
      annotations: [{ id: 1, image_id: 1, category_id: 1 }],
    });
    expect(JSON.parse(textOf(folder, "c.reviewed.json"))).toEqual({
      format: "catwise-reviewed-categories",
      version: 1,
      categories: ["scratch", "dent"],
      images: [
        { image: "a.jpg", reviewed: "all", part: "fit", group: "g" },
        { image: "b,c.jpg", reviewed: [], uncertain: ["scratch"], part: "selection", group: null },
        { image: "d.jpg", reviewed: [], part: null, group: null },
      ],
    });
    const back = done(convert("--labels", "coco:c.json", "--to", "csv", "--out", "back.csv"));
    expect(back.stderr).toContain("notice: reviewed-sidecar:");
    done(convert("--labels", "l.csv", "--to", "csv", "--out", "straight.csv"));
    expect(textOf(folder, "back.csv")).toBe(textOf(folder, "straight.csv"));
  });

  it("writes tasks for Label Studio with a configuration, and reads them back to the same labels", () => {
    const run = done(convert("--labels", "l.csv", "--to", "label-studio", "--out", "t.json"));
    expect(run.stdout).toContain("Written: t.json, t.reviewed.json, t.config.xml\n");
    expect(textOf(folder, "t.config.xml")).toBe('<View>\n  <Image name="image" value="$image"/>\n  <Choices name="categories" toName="image" choice="multiple">\n    <Choice value="scratch"/>\n    <Choice value="dent"/>\n  </Choices>\n</View>\n');
    done(convert("--labels", "label-studio:t.json", "--to", "csv", "--out", "back.csv"));
    done(convert("--labels", "l.csv", "--to", "csv", "--out", "straight.csv"));
    expect(textOf(folder, "back.csv")).toBe(textOf(folder, "straight.csv"));
  });

  it("does not write over a sidecar unasked either, nor take the name of one", () => {
    writeFileSync(join(folder, "c.reviewed.json"), "precious");
    expect(convert("--labels", "l.csv", "--to", "coco", "--out", "c.json").stderr).toMatch(/output\.exists: c\.reviewed\.json/);
    expect(convert("--labels", "l.csv", "--to", "coco", "--out", "d.reviewed.json").stderr).toContain("usage.invalid-value: --out");
    writeFileSync(join(folder, "e.json"), '{"images":[{"id":1,"file_name":"a"}],"categories":[{"id":1,"name":"x"}],"annotations":[]}');
    writeFileSync(join(folder, "e.reviewed.json"), '{"format":"catwise-reviewed-categories","images":[]}');
    expect(convert("--labels", "coco:e.json", "--to", "coco", "--out", "e.json", "--overwrite").stderr).toContain("one of the inputs");
    expect(textOf(folder, "c.reviewed.json")).toBe("precious");
  });

  it("replaces a file only when told, and an input never", () => {
    writeFileSync(join(folder, "w.csv"), "precious");
    const before = listing(folder);
    const refused = (...args: string[]): void => {
      const run = convert(...args);
      expect([run.stderr, run.status]).toEqual([expect.stringMatching(/^catwise: output\.exists: [^\n]+\n$/), 5]);
      expect(listing(folder)).toEqual(before);
    };
    refused("--labels", "l.csv", "--to", "csv", "--out", "w.csv");
    refused("--labels", "l.csv", "--to", "csv", "--out", "l.csv", "--overwrite");
    refused("--labels", "chexpert:l.csv", "--to", "csv", "--out", "l.csv", "--overwrite");
    refused("--labels", "w.csv", "--split", "l.csv", "--to", "csv", "--out", "l.csv", "--overwrite");
    done(convert("--labels", "l.csv", "--to", "csv", "--out", "w.csv", "--overwrite"));
    expect(textOf(folder, "w.csv")).toMatch(/^image,/);
  });

  it("reads a folder of many files, and replaces none of them", () => {
    mkdirSync(join(folder, "yolo/labels"), { recursive: true });
    writeFileSync(join(folder, "yolo/classes.txt"), "cat\ndog\n");
    for (let image = 0; image < 250; image += 1) writeFileSync(join(folder, `yolo/labels/${image}.txt`), "0 0.5 0.5 0.1 0.1\n");
    const sidecar = JSON.stringify({ format: "catwise-reviewed-categories", images: [{ image: "1.jpg", reviewed: ["dog"] }] });
    writeFileSync(join(folder, "yolo/labels.reviewed.json"), sidecar);
    const refused = convert("--labels", "yolo:yolo", "--to", "coco", "--out", "yolo/labels.json", "--overwrite");
    expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining("one of the inputs")]);
    expect(textOf(folder, "yolo/labels.reviewed.json")).toBe(sidecar);
    expect(readJson(done(convert("--labels", "yolo:yolo", "--to", "csv", "--out", "y.csv", "--json")))).toMatchObject({ cells: { positive: 250, negative: 1, unknown: 249 }, inputs: [{ path: "yolo", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] });
  });

  it.each([
    ["usage.invalid-value", ["--labels", "l.csv", "--to", "excel", "--out", "w.csv"], "one of csv"],
    ["usage.invalid-value", ["--labels", "l.csv", "--to", "csv", "--out", "w.txt"], ".csv"],
    ["usage.missing-option", ["--labels", "l.csv", "--to", "csv"], "--out"],
    ["usage.missing-option", ["--labels", "l.csv", "--out", "w.csv"], "--to"],
    ["file.missing", ["--labels", "none.csv", "--to", "csv", "--out", "w.csv"], "none.csv"],
    ["labels.unwritable", ["--labels", "odd.csv", "--to", "csv", "--out", "w.csv"], '"image"'],
  ])("is refused (%s) for %j, and leaves nothing", (code, args, hint) => {
    writeFileSync(join(folder, "odd.csv"), "image,category,value\na,image,1\n");
    const before = listing(folder);
    const run = convert(...args);
    expect(run.stderr).toMatch(new RegExp(`catwise: ${code.replace(".", "\\.")}: [^\n]+\n$`));
    expect(run.stderr).toContain(hint);
    expect(listing(folder)).toEqual(before);
  });

  it("stopped by Ctrl-C leaves nothing", async () => {
    writeFileSync(join(folder, "many.csv"), `image,${Array.from({ length: 40 }, (_, at) => `c${at}`).join(",")}\n${Array.from({ length: 20000 }, (_, at) => `i${at}${",1".repeat(40)}\n`).join("")}`);
    const before = listing(folder);
    const run = await interrupted(folder, ["convert", "--labels", "many.csv", "--to", "long-csv", "--out", "w.csv"], () => readdirSync(folder).some((name) => name.startsWith(".w.csv.")));
    expect(run.stderr).toMatch(/^catwise: run\.interrupted: [^\n]+\n$/m);
    expect([run.status, run.stdout]).toEqual([130, ""]);
    expect(listing(folder)).toEqual(before);
  });
});
