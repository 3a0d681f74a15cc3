/** What the tests of the command line share: running it, looking at what it left, small inputs. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildModel, writeFeatures, writeHead } from "../../src/model/index.ts";

export const entry = resolve(import.meta.dirname, "../../src/cli/main.ts");

/** Starting is most of what a test here takes; code compiled once need not be compiled again. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "catwise-test-cache") };

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command line, in a process of its own. */
export function catwise(folder: string, ...args: string[]): Run {
  return spawnSync(process.execPath, [entry, ...args], { cwd: folder, env, encoding: "utf8" });
}

/** As catwise, without blocking, for tests that run side by side. */
export function catwiseAsync(folder: string, ...args: string[]): Promise<Run> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
    child.once("error", failed);
    child.once("close", (status) => done({ status, ...text }));
  });
}

/** As catwise, but sends Ctrl-C as soon as `ready` says so of stderr's text so far, and once more right after it where `twice`. */
export function interrupted(folder: string, args: readonly string[], ready: (stderr: string) => boolean, twice = false): Promise<Run> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
    const timer = setInterval(() => {
      if (!ready(text.stderr)) return;
      clearInterval(timer);
      child.kill("SIGINT");
      if (twice) setTimeout(() => child.kill("SIGINT"), 1);
    }, 2);
    child.once("error", failed);
    child.once("close", (status) => {
      clearInterval(timer);
      done({ status, ...text });
    });
  });
}

/** Every file below a folder with its size and time of change: what must be the same when nothing was written. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => {
      const about = statSync(join(folder, name));
      return about.isDirectory() ? `${name}/` : `${name} ${about.size} ${about.mtimeMs}`;
    })
    .sort();
}

/** Numbers in [-1, 1) that are the same on every run. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `i${at}`);

/** f.safetensors and f.npy (count x 4), h.safetensors for the categories x, y, z, and l.csv whose labels hang on the features. */
export async function writeInputs(folder: string, count = 160): Promise<void> {
  const data = noise(count * 4);
  const features = { data, rows: count, columns: 4, ids: ids(count) };
  await writeFeatures(join(folder, "f.safetensors"), features);
  await writeFeatures(join(folder, "f.npy"), features);
  await writeHead(join(folder, "h.safetensors"), { categories: ["x", "y", "z"], columns: 4, weight: noise(12, 2), bias: new Float32Array(3) });
  const doubt = noise(count * 3, 3);
  const cell = (image: number, category: number): string => (category === 2 && image % 3 > 0 ? "" : data[image * 4 + category] + doubt[image * 3 + category] / 2 > 0 ? "1" : "0");
  const rows = ids(count).map((id, image) => [id, cell(image, 0), cell(image, 1), cell(image, 2)].join(","));
  writeFileSync(join(folder, "l.csv"), ["image,x,y,z", ...rows, ""].join("\n"));
}

function float(name: string, shape: number[], seed: number): { name: string; shape: number[]; data: Float32Array } {
  return { name, shape, data: noise(shape.reduce((a, b) => a * b, 1), seed) };
}

/** m.onnx: images of 8 x 8 pixels to 5 features to 4 unnamed categories; images/: `count` small pictures named i0.png and so on. */
export async function writeModelAndImages(folder: string, count = 12): Promise<void> {
  const bytes = buildModel({
    inputs: [{ name: "images", shape: ["N", 3, 8, 8] }],
    nodes: [
      { operator: "Conv", inputs: ["images", "stem"], outputs: ["map"] },
      { operator: "Relu", inputs: ["map"], outputs: ["active"] },
      { operator: "GlobalAveragePool", inputs: ["active"], outputs: ["pooled"] },
      { operator: "Flatten", inputs: ["pooled"], outputs: ["features"] },
      { operator: "Gemm", inputs: ["features", "w", "b"], outputs: ["y"], attributes: { transB: 1n } },
    ],
    initializers: [float("stem", [5, 3, 3, 3], 4), float("w", [4, 5], 5), float("b", [4], 6)],
    outputs: [{ name: "y", shape: ["N", 4] }],
  });
  writeFileSync(join(folder, "m.onnx"), bytes);
  await writeImages(join(folder, "images"), count);
}

export async function writeImages(folder: string, count: number): Promise<void> {
  const { default: sharp } = await import("sharp");
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < count; at += 1) {
    const pixels = Uint8Array.from(noise(8 * 8 * 3, at + 10), (value) => 128 + 100 * value);
    await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } }).png().toFile(join(folder, `i${at}.png`));
  }
}

export function readJson(run: Run): unknown {
  return JSON.parse(run.stdout);
}

export function textOf(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
