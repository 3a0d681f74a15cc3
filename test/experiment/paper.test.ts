/** The configs that repeat published protocols, each run over a tiny stand-in that is laid out as the real data is. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../src/math/index.ts";
import { writeFeatures } from "../../src/model/index.ts";
import { catwise } from "../cli/support.ts";

const configs = resolve(import.meta.dirname, "../../docs/experiments");
const D = 6;
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "catwise-paper-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Images with features; a category shows where its feature is above a half. */
interface Drawn {
  readonly id: string;
  readonly features: readonly number[];
  readonly shows: readonly boolean[];
}

function draw(ids: readonly string[], categories: number): Drawn[] {
  const random = randomSource("stand-in");
  return ids.map((id) => {
    const features = Array.from({ length: D }, () => 2 * random.next() - 1);
    return { id, features, shows: Array.from({ length: categories }, (_, c) => features[c] + 0.6 * (random.next() - 0.5) > 0.2) };
  });
}

/** Ids as extract gives them: with the folder in front. */
async function writeStandIn(path: string, images: readonly Drawn[], prefix: (id: string) => string): Promise<void> {
  await writeFeatures(join(folder, path), { data: Float32Array.from(images.flatMap((one) => one.features)), rows: images.length, columns: D, ids: images.map((one) => prefix(one.id)) });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Runs the config as it is, but for the proportions, and gives the tidy rows. */
function run(name: string): Record<string, string>[] {
  const text = readFileSync(join(configs, `${name}.toml`), "utf8");
  put(`${name}.toml`, text.replace(/^known = \[0\.1, .*\]$/m, "known = [0.5]"));
  const done = catwise(folder, "experiment", `${name}.toml`, "--out", name, "--threads", "1", "--quiet");
  expect(done.stderr).toBe("");
  const [header, ...lines] = readFileSync(join(folder, name, "rows.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
  const rows = lines.map((line) => Object.fromEntries(header.map((field, at) => [field, line[at]])));
  const methods = /^methods = (\[.*\])$/m.exec(text)?.[1] ?? "[]";
  expect(new Set(rows.map((row) => row["method"]))).toEqual(new Set(["base", ...(JSON.parse(methods) as string[])]));
  return rows;
}

function cocoNames(part: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `COCO_${part}_${String(i).padStart(12, "0")}.jpg`);
}

/** Distinct numbers of labels that figures rest on, over the categories. */
function judged(rows: readonly Record<string, string>[]): Set<number> {
  return new Set(rows.map((row) => Number(row["reportPositives"]) + Number(row["reportNegatives"])));
}

describe("the paper's protocol", () => {
  it("runs on COCO 2014 as it is unpacked, on the images that choose and on half of them", async () => {
    const images = draw([...cocoNames("train2014", 120), ...cocoNames("val2014", 80)], 3);
    for (const part of ["train2014", "val2014"]) {
      const some = images.filter((one) => one.id.includes(part));
      const annotations = some.flatMap(({ shows }, image) => shows.flatMap((yes, c) => (yes ? [{ id: 10 * image + c, image_id: image, category_id: 10 + c, bbox: [0, 0, 1, 1] }] : [])));
      put(`coco/annotations/instances_${part}.json`, JSON.stringify({ images: some.map(({ id }, i) => ({ id: i, file_name: id })), annotations, categories: ["person", "bicycle", "car"].map((name, c) => ({ id: 10 + c, name })) }));
    }
    await writeStandIn("coco/features.safetensors", images, (id) => `${id.includes("train") ? "train" : "val"}2014/${id}`);
    const published = run("paper-coco");
    expect(new Set(published.map((row) => row["category"]))).toEqual(new Set(["person", "bicycle", "car"]));
    expect(judged(published)).toEqual(new Set([80]));
    // Only the training images are masked.
    for (const row of published) {
      expect(Number(row["selectionPositives"]) + Number(row["selectionNegatives"])).toBe(80);
      expect(Number(row["fitPositives"]) + Number(row["fitNegatives"])).toBeLessThan(90);
    }
    expect(readFileSync(join(folder, "paper-coco/tables.md"), "utf8")).toContain("which also chose");
    const held = run("paper-coco-held-out");
    const [count] = judged(held);
    expect(count).toBeGreaterThan(20);
    for (const row of held) expect(Number(row["selectionPositives"]) + Number(row["selectionNegatives"]) + count).toBe(80);
    expect(readFileSync(join(folder, "paper-coco-held-out/tables.md"), "utf8")).toContain("half of the selection part is the report part");
  }, 240_000);

  it("runs on Open Images V3 as it is unpacked, with its trainable classes alone", async () => {
    const classes = ["/m/01", "/m/02", "/m/03"];
    const parts = { train: 140, validation: 70, test: 70 };
    const ids = Object.entries(parts).flatMap(([part, count]) => Array.from({ length: count }, (_, i) => `${part}${String(i).padStart(5, "0")}`));
    const images = draw(ids, 3);
    for (const part of Object.keys(parts)) {
      // Two of three labels are told; the third class is not trainable.
      const rows = images.filter((one) => one.id.startsWith(part)).flatMap(({ id, shows }, image) => shows.flatMap((yes, c) => ((image + c) % 3 === 0 ? [] : [`${id},verification,${classes[c]},${yes ? 1 : 0}`])));
      put(`open-images-v3/${part}/annotations-human.csv`, `ImageID,Source,LabelName,Confidence\n${rows.join("\n")}\n`);
    }
    put("open-images-v3/classes-trainable.txt", `${classes[0]}\n${classes[1]}\n`);
    put("open-images-v3/class-descriptions.csv", '/m/01,"Cat"\n/m/02,"Dog"\n/m/03,"Cow"\n');
    await writeStandIn("open-images-v3/features.safetensors", images, (id) => `${id.replace(/\d+$/, "")}/${id}.jpg`);
    const text = readFileSync(join(configs, "paper-open-images-v3.toml"), "utf8");
    put("paper-open-images-v3.toml", text);
    const done = catwise(folder, "experiment", "paper-open-images-v3.toml", "--out", "oi", "--threads", "1", "--quiet");
    expect(done.status, done.stderr).toBe(0);
    const lines = readFileSync(join(folder, "oi/rows.csv"), "utf8").trim().split("\n").slice(1);
    expect(new Set(lines.map((line) => line.split(",")[5]))).toEqual(new Set(["Cat", "Dog"]));
    // Nothing was hidden.
    for (const line of lines) expect(line.split(",").slice(17, 19)).toEqual(["0", "0"]);
  }, 240_000);

  it("runs on CheXpert as it is unpacked, patients whole", async () => {
    const findings = ["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices"];
    const five = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"];
    const parts = { train: 150, valid: 60, test: 60 };
    const ids = Object.entries(parts).flatMap(([part, count]) => Array.from({ length: count }, (_, i) => `${part}/patient${String(i).padStart(5, "0")}/study1/view1_frontal.jpg`));
    const images = draw(ids, 5);
    for (const part of Object.keys(parts)) {
      const rows = images.filter((one) => one.id.startsWith(`${part}/`)).map(({ id, shows }, image) => {
        // In the training file most is blank, and some is uncertain.
        const told = findings.map((name) => {
          const c = five.indexOf(name);
          if (c < 0 || (part === "train" && (image + c) % 3 > 0)) return "";
          return part === "train" && (image + c) % 30 === 0 ? "-1.0" : shows[c] ? "1.0" : "0.0";
        });
        return `CheXpert-v1.0-small/${id},Female,50,Frontal,AP,${told.join(",")}`;
      });
      put(`CheXpert-v1.0-small/${part}.csv`, `Path,Sex,Age,Frontal/Lateral,AP/PA,${findings.join(",")}\n${rows.join("\n")}\n`);
    }
    await writeStandIn("CheXpert-v1.0-small/features.safetensors", images, (id) => id);
    const rows = run("paper-chexpert");
    expect(new Set(rows.map((row) => row["category"]))).toEqual(new Set(five));
    expect(judged(rows)).toEqual(new Set([60]));
    for (const row of rows) expect(row["aurocAfter"]).not.toBe("");
  }, 240_000);
});
