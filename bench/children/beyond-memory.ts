/**
 * node bench/children/beyond-memory.ts FOLDER SIZE MEMORY THREADS      opens the features of a stored problem (SIZE: a StoredSize as JSON) as the commands do within MEMORY bytes, tunes by `auto` on them and prints
 * one JSON document: milliseconds, in all and by phase; bytes of the most resident memory, of all reading and of what of it came from the disk; the tuned head goes to FOLDER/head-MEMORY.raw
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { denseFeatures, tune } from "../../src/learn/index.ts";
import { withKernels } from "../../src/workflows/kernels.ts";
import { openFeatures } from "../../src/workflows/sources.ts";
import { Phases } from "../harness/phases.ts";
import { readStoredProblem, type StoredSize } from "../harness/stored-problem.ts";

const [folder = "", sizeText = "", memoryText = "", threads = "1"] = process.argv.slice(2);
const size = JSON.parse(sizeText) as StoredSize;
const memory = Number(memoryText);
const problem = readStoredProblem(folder, size);
const phases = new Phases("reading the file");
const began = performance.now();
const opened = await openFeatures({ kind: "file", path: problem.features }, { logger: { info: (text) => void process.stderr.write(`  ${text}\n`), warn: () => undefined }, checkpoint: () => undefined }, { imageIds: problem.labels.imageIds, file: problem.features }, { memory });
const { data } = opened;
const features = data instanceof Float32Array ? denseFeatures(data, size.rows, size.columns) : data;
phases.enter("base");
const { head, categories } = await withKernels({ threads: Number(threads), memory, scratch: folder }, (kernels) =>
  tune({ ...problem, features, kernels, options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 0 }, checkpoint: (event) => phases.enter(event.phase) }),
);
const milliseconds = performance.now() - began;
const spent = phases.end();
const status = readFileSync("/proc/self/status", "utf8");
const io = readFileSync("/proc/self/io", "utf8");
const figure = (text: string, name: string): number => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(text)?.[1]);
writeFileSync(join(folder, `head-${memoryText}.raw`), head.weight);
process.stdout.write(
  JSON.stringify({
    milliseconds,
    phases: Object.fromEntries(spent),
    stored: !(data instanceof Float32Array),
    resident: 1024 * figure(status, "VmHWM"),
    read: figure(io, "rchar"),
    fromDisk: figure(io, "read_bytes"),
    tuned: categories.filter((one) => one.status === "tuned").length,
  }),
);
