import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { realpath, stat, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { CatwiseError } from "../errors.ts";
import { preprocessingFile, sha256OfFile, writeFileAtomically, writeHead, writeModelHead, type Preprocessing } from "../model/index.ts";
import type { Head } from "../learn/index.ts";
import type { FeatureSource } from "./context.ts";

export interface OutputText {
  readonly path: string;
  readonly text: string;
}

/** What an output may not be: the files a command reads, by the option that names them. */
export type InputFiles = readonly (string | undefined)[];

/**
 * Says before the long work, not after it, that an output cannot be written, or would destroy an input or another output.
 * Errors: output.unwritable, output.exists, usage.conflicting-options.
 */
export async function requireOutputs(outputs: readonly string[], inputs: InputFiles): Promise<void> {
  requireDifferent(outputs);
  for (const path of outputs) {
    await requireNoInput(path, inputs);
    await requireWritable(path);
  }
}

/** Throws output.exists for the first file that is there already: of labels, which people may have worked on for weeks, none is replaced unasked. */
export async function requireNew(outputs: readonly string[]): Promise<void> {
  for (const path of outputs) {
    if ((await stat(path).catch(() => null)) === null) continue;
    throw new CatwiseError("output.exists", "expected a new file, found one that is there already.", { place: { file: path }, remedy: "Choose another --out, or give --overwrite to replace it." });
  }
}

async function requireWritable(path: string): Promise<void> {
  const place = { file: path };
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new CatwiseError("output.unwritable", "the path is a folder.", { place, remedy: "Give the name of a file." });
  if (there !== null && !there.isFile()) throw new CatwiseError("output.unwritable", "the path is a device or a pipe, and the output is made by renaming a finished file.", { place, remedy: "Give the name of a file." });
  const folder = dirname(await realpath(path).catch(() => resolve(path)));
  const about = await stat(folder).catch(() => null);
  if (about === null) throw new CatwiseError("output.unwritable", `the folder ${folder} does not exist.`, { place, remedy: "Create it first, or choose another one." });
  tryToWrite(folder, about.isDirectory(), path);
}

/** As requireOutputs, for a folder that is yet to be made: the nearest one above it that is there must take files. Errors: output.unwritable, output.no-space. */
export async function requireFolder(path: string): Promise<void> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const about = await stat(folder).catch(() => null);
    if (about !== null || folder === dirname(folder)) return tryToWrite(folder, about?.isDirectory() ?? false, path);
  }
}

/** Permission bits do not tell everything (a read-only disk, a folder of the system's): only trying does. */
function tryToWrite(folder: string, isFolder: boolean, path: string): void {
  const place = { file: path };
  if (!isFolder) throw new CatwiseError("output.unwritable", `${folder} is a file, not a folder.`, { place, remedy: "Choose a path made of folders." });
  const probe = join(folder, `.catwise-${randomBytes(6).toString("hex")}.tmp`);
  try {
    closeSync(openSync(probe, "wx"));
    rmSync(probe);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ENOSPC" || code === "EDQUOT") throw new CatwiseError("output.no-space", "the disk is full.", { place, remedy: "Free some space or choose another disk.", cause });
    throw new CatwiseError("output.unwritable", `no file can be made in ${folder}${code === "" ? "" : ` (${code})`}.`, { place, remedy: "Choose a folder you may write to.", cause });
  }
}

async function requireNoInput(path: string, inputs: InputFiles): Promise<void> {
  if ((await stat(path).catch(() => null)) === null) return;
  const target = await realpath(path).catch(() => resolve(path));
  for (const input of inputs) {
    if (input === undefined) continue;
    // Labels are named KIND,option=value:PATH, everything else by its path alone, which may hold a colon too.
    const same = await Promise.all([input, input.replace(/^[a-z][a-z0-9-]+(,[^,:]*)*:/, "")].map(async (file) => (await realpath(file).catch(() => resolve(file))) === target));
    if (!same.includes(true)) continue;
    throw new CatwiseError("output.exists", "expected a new file, got one of the inputs, which would be lost.", { place: { file: path }, remedy: "Choose another --out." });
  }
}

/** Throws usage.conflicting-options when two outputs are one file. */
function requireDifferent(paths: readonly string[]): void {
  const whole = paths.map((path) => resolve(path));
  const twice = paths.find((_, at) => whole.indexOf(whole[at]!) !== at);
  if (twice !== undefined) throw new CatwiseError("usage.conflicting-options", `two outputs have the same name, ${twice}.`, { remedy: "Give each a name of its own." });
}

/** The ending a head goes to: .safetensors, or .onnx where there is a model to put it in. Errors: usage.invalid-value. */
export function requireHeadEnding(source: FeatureSource, out: string): void {
  if (/\.safetensors$/i.test(out) || (source.kind === "model" && /\.onnx$/i.test(out))) return;
  const remedy = /\.onnx$/i.test(out) ? { remedy: "A model can be written only where one is given with --model." } : {};
  throw new CatwiseError("usage.invalid-value", `--out: expected a name that ends in .safetensors${source.kind === "model" ? " or .onnx" : ""}, got ${out}.`, remedy);
}

/** Writes a head beside nothing (.safetensors) or inside a copy of the model (.onnx). */
export async function writeHeadTo(source: FeatureSource, head: Head, out: string, strategy?: string): Promise<void> {
  if (source.kind === "model" && isModel(out)) await writeModelHead({ model: source.model, head, out, writeCategories: true });
  else await writeHead(out, head, strategy);
}

/** A model that is written says beside it how its pictures are prepared, as those it was made from were; a head alone has no pictures. */
export function companionsOf(out: string, preprocessing: Preprocessing | null): OutputText[] {
  return preprocessing !== null && isModel(out) ? [preprocessingFile(out, preprocessing)] : [];
}

function isModel(path: string): boolean {
  return /\.onnx$/i.test(path);
}

/**
 * Texts that belong to an output, together with it: every text stands whole in a temporary file before `writeOutput` runs, and all are
 * renamed only after it succeeded, so that a failure of any leaves none. Errors: output.*; what writeOutput throws passes through.
 */
export async function writeTogether(texts: readonly OutputText[], writeOutput: () => Promise<void>): Promise<void> {
  const [first, ...others] = texts;
  if (first === undefined) return writeOutput();
  await writeFileAtomically(first.path, async (temporary) => {
    await writeFile(temporary, first.text, { flag: "wx" });
    await writeTogether(others, writeOutput);
  });
}

export async function inputSums(paths: readonly string[]): Promise<{ path: string; sha256: string }[]> {
  return Promise.all(paths.map(async (path) => ({ path: basename(path), sha256: await sha256OfFile(path) })));
}

/** The version of this package. From package.json, which stands two folders above both src/workflows and dist/workflows. */
export function catwiseVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return typeof content === "object" && content !== null && "version" in content ? String(content.version) : "unknown";
}
