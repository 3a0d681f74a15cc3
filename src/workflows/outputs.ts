import { access, constants, stat, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { readFileSync } from "node:fs";
import { CatwiseError } from "../errors.ts";
import { sha256OfFile, writeFileAtomically, writeHead, writeModelHead } from "../model/index.ts";
import type { Head } from "../learn/index.ts";
import type { FeatureSource } from "./context.ts";

/** Says before the long work, not after it, that an output cannot be written. Errors: output.unwritable. */
export async function requireWritable(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error("not a folder");
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new CatwiseError("output.unwritable", "the folder does not exist or may not be written to.", { place: { file: path }, remedy: "Create the folder first, or choose another one.", cause });
  }
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw new CatwiseError("output.unwritable", "the path is a folder.", { place: { file: path }, remedy: "Give the name of a file." });
}

/** The ending a head goes to: .safetensors, or .onnx where there is a model to put it in. Errors: usage.invalid-value. */
export function requireHeadEnding(source: FeatureSource, out: string): void {
  if (/\.safetensors$/i.test(out) || (source.kind === "model" && /\.onnx$/i.test(out))) return;
  throw new CatwiseError("usage.invalid-value", `--out: expected a name that ends in .safetensors${source.kind === "model" ? " or .onnx" : ""}, got ${out}.`);
}

/** Writes a head beside nothing (.safetensors) or inside a copy of the model (.onnx). */
export async function writeHeadTo(source: FeatureSource, head: Head, out: string): Promise<void> {
  if (source.kind === "model" && /\.onnx$/i.test(out)) await writeModelHead({ model: source.model, head, out, writeCategories: true });
  else await writeHead(out, head);
}

/**
 * Texts that belong to an output, together with it: every text stands whole in a temporary file before `writeOutput` runs, and all are
 * renamed only after it succeeded, so that a failure of any leaves none. Errors: output.*; what writeOutput throws passes through.
 */
export async function writeTogether(texts: readonly { readonly path: string; readonly text: string }[], writeOutput: () => Promise<void>): Promise<void> {
  const [first, ...others] = texts;
  if (first === undefined) return writeOutput();
  await writeFileAtomically(first.path, async (temporary) => {
    await writeFile(temporary, first.text, { flag: "wx" });
    await writeTogether(others, writeOutput);
  });
}

/** Throws usage.conflicting-options when two outputs are one file. */
export function requireDifferent(paths: readonly string[]): void {
  const whole = paths.map((path) => resolve(path));
  const twice = paths.find((_, at) => whole.indexOf(whole[at]!) !== at);
  if (twice !== undefined) throw new CatwiseError("usage.conflicting-options", `two outputs have the same name, ${twice}.`, { remedy: "Give each a name of its own." });
}

export async function inputSums(paths: readonly string[]): Promise<{ path: string; sha256: string }[]> {
  return Promise.all(paths.map(async (path) => ({ path: basename(path), sha256: await sha256OfFile(path) })));
}

/** From package.json, which stands two folders above both src/workflows and dist/workflows. */
export function catwiseVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return typeof content === "object" && content !== null && "version" in content ? String(content.version) : "unknown";
}
