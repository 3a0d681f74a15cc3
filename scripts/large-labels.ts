/**
 * Measures what reading large label files takes: makes a COCO instances file and an Open Images CSV (image-level, people's labels) by seed in a temporary folder, each in half and in whole,
 * reads every one in a process of its own and prints rows and megabytes a second of processor time (which other work on the machine hardly changes) and the peak of resident memory, also per
 * known cell above what an empty process needs.
 *
 *   node scripts/large-labels.ts [--coco-mb 200] [--rows 6000000] [--only coco|open-images] [--halves false] [--heap MB] [--folder DIR]
 */
import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readLabels } from "../src/datasets/index.ts";
import { randomSource } from "../src/math/index.ts";

const { values: given } = parseArgs({
  options: {
    "coco-mb": { type: "string", default: "200" },
    rows: { type: "string", default: "6000000" },
    only: { type: "string" },
    halves: { type: "string", default: "true" },
    folder: { type: "string", default: tmpdir() },
    /** The most the JavaScript heap of the readers may take: what is needed, where a peak says what the garbage collector found convenient. */
    heap: { type: "string" },
    read: { type: "string" },
  },
});

interface Reading {
  readonly images: number;
  readonly categories: number;
  readonly cells: number;
  readonly seconds: number;
  /** Seconds all cores together worked on it. */
  readonly worked: number;
  /** Resident memory at its highest, in bytes, and before anything was read. */
  readonly peak: number;
  readonly before: number;
}

const megabyte = 1e6;

if (given.read === undefined) await measure();
else process.stdout.write(JSON.stringify(await read(given.read)));

/** Resident memory at its highest so far, in bytes. */
function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** What a child does. */
async function read(source: string): Promise<Reading> {
  const before = peak();
  const began = performance.now();
  const start = process.cpuUsage();
  const { labels } = await readLabels(source);
  const { user, system } = process.cpuUsage(start);
  return { images: labels.imageIds.length, categories: labels.categories.length, cells: labels.value.length, seconds: (performance.now() - began) / 1000, worked: (user + system) / 1e6, peak: peak(), before };
}

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(given.folder, "catwise-large-labels-"));
  try {
    process.stdout.write("| file | MB | rows | images | known cells | s | CPU s | rows / CPU s | MB / CPU s | peak MB | peak - start, bytes per known cell |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (const share of given.halves === "true" ? [0.5, 1] : [1]) {
      if (given.only !== "open-images") {
        const path = join(folder, "instances.json");
        tell("coco", path, await writeCoco(path, share * Number(given["coco-mb"]) * megabyte), (await stat(path)).size);
        await rm(path);
      }
      if (given.only !== "coco") {
        const path = join(folder, "annotations-human.csv");
        const rows = Math.round(share * Number(given.rows));
        await writeOpenImages(path, rows);
        tell("open-images", path, rows, (await stat(path)).size);
        await rm(path);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

function tell(kind: string, path: string, rows: number, size: number): void {
  const child = spawnSync(process.execPath, [...(given.heap === undefined ? [] : [`--max-old-space-size=${given.heap}`]), import.meta.filename, "--read", `${kind}:${path}`], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (child.status !== 0) throw new Error(`reading ${path} ended with status ${child.status}`);
  const { images, cells, seconds, worked, peak: highest, before } = JSON.parse(child.stdout) as Reading;
  const fields = [kind, size / megabyte, rows, images, cells, seconds, worked, rows / worked, size / megabyte / worked, highest / megabyte];
  process.stdout.write(`| ${fields.map((field) => (typeof field === "number" ? Math.round(field).toLocaleString("en") : field)).join(" | ")} | ${((highest - before) / cells).toFixed(1)} |\n`);
}

/** Fills a file with what `more` gives, piece by piece, until it gives null. */
async function fill(path: string, more: () => string | null): Promise<void> {
  const stream = createWriteStream(path);
  for (let text = more(); text !== null; text = more()) if (!stream.write(text)) await once(stream, "drain");
  stream.end();
  await once(stream, "finish");
}

/** Seven outlines of 12 to 60 points in every image, of 80 categories; as in COCO itself the outlines are most of the file. Gives the number of annotations. */
async function writeCoco(path: string, size: number): Promise<number> {
  const random = randomSource("large labels");
  const categories = Array.from({ length: 80 }, (_, at) => ({ id: at + 1, name: `category ${at + 1}` }));
  const images: string[] = [];
  let [written, annotations, step] = [0, 0, "begin"];
  const image = (): string => {
    const id = images.length + 1;
    images.push(`{"license": 3, "file_name": "${String(id).padStart(12, "0")}.jpg", "height": 480, "width": 640, "id": ${id}}`);
    const entries: string[] = [];
    for (let at = 0; at < 7; at += 1) {
      const points = Array.from({ length: 2 * (12 + Math.floor(random.next() * 49)) }, () => (random.next() * 640).toFixed(2));
      const category = 1 + Math.floor(80 * random.next() ** 2);
      annotations += 1;
      entries.push(`{"segmentation": [[${points.join(", ")}]], "area": ${(random.next() * 1e5).toFixed(4)}, "iscrowd": 0, "image_id": ${id}, "bbox": [1.5, 2.5, 30.25, 40.75], "category_id": ${category}, "id": ${annotations}}`);
    }
    return entries.join(", ");
  };
  await fill(path, () => {
    if (step === "end") return null;
    let text = step === "begin" ? '{"annotations": [' : ", ";
    step = "annotations";
    if (written < size) text += image();
    else {
      // The comma that is due stands before an image as before any other.
      text += image();
      text += `], "categories": ${JSON.stringify(categories)}, "images": [${images.join(", ")}]}`;
      step = "end";
    }
    written += text.length + 110;
    return text;
  });
  return annotations;
}

/** Six rows for an image on average, of 600 labels, one in three a "no". */
async function writeOpenImages(path: string, rows: number): Promise<void> {
  const random = randomSource("large labels");
  let [row, left, image] = [0, 0, ""];
  await fill(path, () => {
    if (row === rows) return null;
    const lines: string[] = row === 0 ? ["ImageID,Source,LabelName,Confidence"] : [];
    for (let at = 0; at < 4096 && row < rows; at += 1, row += 1) {
      if (left === 0) {
        left = 1 + Math.floor(random.next() * 11);
        image = Math.floor(random.next() * 2 ** 48).toString(16).padStart(16, "0");
      }
      left -= 1;
      lines.push(`${image},verification,/m/0${Math.floor(random.next() * 600).toString(36).padStart(4, "0")},${random.next() < 1 / 3 ? 0 : 1}`);
    }
    return `${lines.join("\n")}\n`;
  });
}
