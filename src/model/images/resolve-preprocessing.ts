/**
 * Finds out how a model wants its pictures (the order is in preprocessing.ts).
 *
 * catwise.json, our own schema; every field is optional and those absent are ImageNet's:
 *   { "preprocessing": { "width", "height", "resize": "squash|squash-crop|shortest-edge|letterbox", "cropPct", "mean": [3], "std": [3],
 *                        "scale", "channelOrder": "rgb|bgr|grey", "interpolation": "nearest|bilinear|bicubic|lanczos" } }
 * A field that is not in this list is an error, so that a misspelt one is not silently ignored.
 *
 * `<model>.catwise.json` (model.onnx -> model.catwise.json) is looked for before `catwise.json`, for folders of several models.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { writeFileAtomically } from "../files/index.ts";
import { huggingFacePreprocessing } from "./hugging-face.ts";
import { checkPreprocessing, describePreprocessing, imagenetPreprocessing, isRecord, preprocessingError } from "./preprocessing.ts";
import type { Preprocessing } from "./preprocessing.ts";

/** Where a preprocessing was found. */
export type PreprocessingOrigin = "options" | "catwise.json" | "preprocessor_config.json" | "assumed-imagenet";

/** A preprocessing, and where it came from. */
export interface ResolvedPreprocessing {
  readonly preprocessing: Preprocessing;
  readonly origin: PreprocessingOrigin;
  /** One line to print: where it came from and what it is. */
  readonly description: string;
}

/** What is known before a preprocessing is looked for. */
export interface PreprocessingQuestion {
  readonly modelPath: string;
  /** The size in the model's input shape; null where the model leaves it open. */
  readonly inputHeight: number | null;
  readonly inputWidth: number | null;
  /** Channels of the model's input; 1 makes grey the default. */
  readonly inputChannels?: number | null;
  /** Fields stated by the person; they win over every file, field by field. */
  readonly explicit?: Partial<Preprocessing>;
}

/** Size assumed where neither the model nor a description says one. */
const customarySize = 224;

/**
 * The preprocessing of a model and where it came from. Errors: images.preprocessing naming file and field when a description is
 * malformed, or contradicts the fixed size of the model's input; file.unreadable.
 */
export async function resolvePreprocessing(question: PreprocessingQuestion): Promise<ResolvedPreprocessing> {
  const { modelPath, inputHeight, inputWidth, explicit = {} } = question;
  const folder = dirname(modelPath);
  const assumed: Preprocessing = {
    ...imagenetPreprocessing(inputWidth ?? inputHeight ?? customarySize, inputHeight ?? inputWidth ?? customarySize),
    ...(question.inputChannels === 1 ? { channelOrder: "grey" as const } : {}),
  };
  let found: { preprocessing: Preprocessing; origin: PreprocessingOrigin; file: string | undefined } | null = null;
  for (const name of [ownName(modelPath), "catwise.json"]) {
    const file = join(folder, name);
    const content: Record<string, unknown> | null = found === null ? await readJson(file) : null;
    if (content !== null) found = { preprocessing: ownPreprocessing(content, assumed, file), origin: "catwise.json", file };
  }
  if (found === null) {
    const file = join(folder, "preprocessor_config.json");
    const content = await readJson(file);
    if (content !== null) found = { preprocessing: huggingFacePreprocessing(content, assumed, file), origin: "preprocessor_config.json", file };
  }
  found ??= { preprocessing: assumed, origin: "assumed-imagenet", file: undefined };

  const stated = Object.fromEntries(Object.entries(explicit).filter(([, value]) => value !== undefined));
  const anythingStated = Object.keys(stated).length > 0;
  const preprocessing = checkPreprocessing({ ...found.preprocessing, ...stated }, anythingStated ? undefined : found.file);
  requireSize("height", preprocessing.height, inputHeight, found.file);
  requireSize("width", preprocessing.width, inputWidth, found.file);
  if (typeof question.inputChannels === "number" && question.inputChannels !== (preprocessing.channelOrder === "grey" ? 1 : 3)) {
    throw preprocessingError(found.file, "channelOrder", `an order of ${question.inputChannels} channel(s), as the model's input has`, preprocessing.channelOrder);
  }
  const origin = anythingStated ? "options" : found.origin;
  return { preprocessing, origin, description: `${originInWords(origin, found.file)}: ${describePreprocessing(preprocessing)}` };
}

/**
 * Writes `<model>.catwise.json` beside a model that was written, so that it carries how its pictures were prepared. Returns the path.
 * Errors: output.unwritable, output.no-space.
 */
export async function writePreprocessing(modelPath: string, preprocessing: Preprocessing): Promise<string> {
  const { path, text } = preprocessingFile(modelPath, preprocessing);
  await writeFileAtomically(path, text);
  return path;
}

/** What writePreprocessing would write, and where, for a caller that writes it together with the model. */
export function preprocessingFile(modelPath: string, preprocessing: Preprocessing): { path: string; text: string } {
  const path = join(dirname(modelPath), ownName(modelPath));
  return { path, text: `${JSON.stringify({ preprocessing: checkPreprocessing(preprocessing) }, null, 2)}\n` };
}

function ownName(modelPath: string): string {
  return `${basename(modelPath, extname(modelPath))}.catwise.json`;
}

function originInWords(origin: PreprocessingOrigin, file: string | undefined): string {
  const rest = file === undefined ? "what is usual for ImageNet" : basename(file);
  if (origin === "options") return `Preprocessing stated by options (the rest: ${rest})`;
  if (origin === "assumed-imagenet") return "Preprocessing assumed (no description beside the model; what is usual for ImageNet)";
  return `Preprocessing of ${rest}`;
}

function requireSize(field: "width" | "height", got: number, fixed: number | null, file: string | undefined): void {
  if (fixed !== null && got !== fixed) throw preprocessingError(file, field, `${fixed}, the fixed size of the model's input`, got);
}

const ownFields = new Set(["width", "height", "resize", "cropPct", "mean", "std", "scale", "channelOrder", "interpolation"]);

function ownPreprocessing(content: Record<string, unknown>, assumed: Preprocessing, file: string): Preprocessing {
  const stated = content["preprocessing"];
  if (!isRecord(stated)) throw preprocessingError(file, "preprocessing", "an object", stated);
  for (const field of Object.keys(stated)) {
    if (!ownFields.has(field)) throw preprocessingError(file, field, `one of the fields ${[...ownFields].join(", ")}`, field);
  }
  // The domains of all fields, and so their types, are checked here: until then the record only claims to be one.
  return checkPreprocessing(Object.assign({ ...assumed }, stated), file);
}

async function readJson(file: string): Promise<Record<string, unknown> | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new CatwiseError("file.unreadable", "expected a readable file.", { place: { file }, cause });
  }
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new CatwiseError("images.preprocessing", "expected JSON.", { place: { file }, remedy: "Correct or remove the file.", cause });
  }
  if (!isRecord(content)) throw new CatwiseError("images.preprocessing", "expected a JSON object.", { place: { file }, remedy: "Correct or remove the file." });
  return content;
}
