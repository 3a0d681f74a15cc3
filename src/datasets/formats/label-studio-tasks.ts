import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import { openCsv } from "../csv-rows.ts";
import { fieldError, fieldOf, isObject, requireObject } from "../json-fields.ts";
import type { JsonObject } from "../json-fields.ts";
import { readJsonItems } from "../json-stream.ts";
import type { JsonItem } from "../json-stream.ts";
import { quote } from "../words.ts";
import type { Answer } from "./label-studio-answers.ts";

/** One entry of an export: an image and what those say who looked at it. */
export interface LabelTask {
  readonly address: string;
  readonly place: JsonItem["place"];
  /** The answers of every annotation that counts. */
  readonly annotations: readonly (readonly Answer[])[];
  readonly skipped: number;
  readonly rejected: number;
  /** Boxes, outlines, texts, predictions and drafts. */
  readonly readPast: number;
}

export interface TaskQuestion {
  /** The field that holds the image; null: it is found. */
  readonly image: string | null;
  /** Fields of JSON-MIN and CSV in which a text is the one choice made. */
  readonly choices: ReadonlySet<string>;
}

/**
 * The entries of an export of Label Studio, as they are read: JSON (tasks with their annotations), JSON-MIN or CSV (one annotation an
 * entry), told by the entry. Errors: file.malformed with the place of the entry, and those of the file.
 */
export async function* readTasks(path: string, encoding: string | undefined, question: TaskQuestion): AsyncGenerator<LabelTask, void, undefined> {
  for await (const item of /\.csv$/i.test(path) ? csvItems(path, encoding) : readJsonItems(path, ["$.*"], encoding)) {
    if (typeof item.keys[0] !== "number") {
      throw new CatwiseError("file.malformed", `expected a list of tasks, got an object with the field ${quote(String(item.keys[0]))}.`, { place: item.place, remedy: "Give an export as JSON, JSON-MIN or CSV." });
    }
    const data = fieldOf(item, "data");
    yield isObject(data) ? fullTask(item, data, question) : minimalTask(item, question);
  }
}

function fullTask(item: JsonItem, data: JsonObject, question: TaskQuestion): LabelTask {
  const given = list(item, "annotations").concat(list(item, "completions"));
  const counted = given.filter((each) => each["was_cancelled"] !== true && each["last_action"] !== "rejected");
  // Where a project has a reference answer, it is the answer.
  const reference = counted.filter((each) => each["ground_truth"] === true);
  let readPast = list(item, "predictions").length + list(item, "drafts").length;
  const annotations = (reference.length > 0 ? reference : counted).map((annotation) => {
    const results = annotation["result"];
    if (!Array.isArray(results)) throw fieldError(item, "result", "a list of results", results);
    return results.flatMap((result: unknown) => {
      if (!isObject(result) || typeof result["type"] !== "string" || !isObject(result["value"])) {
        if (isObject(result) && result["type"] === "relation") return [];
        throw fieldError(item, "result", "results with a type and a value", result);
      }
      const control = result["from_name"];
      if (typeof control !== "string" || control === "") throw fieldError(item, "from_name", "a text", control);
      const answers = answersOf(item, control, result["value"], result["type"]);
      if (result["type"] !== "choices" && result["type"] !== "taxonomy") readPast += 1;
      return answers;
    });
  });
  const skipped = given.filter((each) => each["was_cancelled"] === true).length;
  return { address: addressIn(data, item, question), place: item.place, annotations, skipped, rejected: given.length - skipped - counted.length, readPast };
}

const ownFields = new Set(["id", "annotator", "annotation_id", "annotators", "created_at", "updated_at", "lead_time", "agreement", "history"]);

function minimalTask(item: JsonItem, question: TaskQuestion): LabelTask {
  const entry = requireObject(item);
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const answers: Answer[] = [];
  let readPast = 0;
  for (const [name, value] of Object.entries(entry)) {
    if (ownFields.has(name)) continue;
    const regions: unknown[] = Array.isArray(value) ? value : isObject(value) ? [value] : [];
    const found = regions.flatMap((region) => (isObject(region) ? answersOf(item, name, region, null) : []));
    if (typeof value === "string" && value.trim() !== "" && question.choices.has(name)) answers.push({ control: name, kind: "choices", value: [value.trim()] });
    else if (found.length === 0) data[name] = value;
    else readPast += regions.filter((region) => isObject(region) && region["choices"] === undefined && region["taxonomy"] === undefined).length;
    answers.push(...found);
  }
  return { address: addressIn(data, item, question), place: item.place, annotations: [answers], skipped: 0, rejected: 0, readPast };
}

/** What one result or region says; `type` null: whatever it holds. */
function answersOf(item: JsonItem, control: string, value: JsonObject, type: string | null): Answer[] {
  return Object.entries(value).flatMap(([key, said]): Answer[] => {
    if (type !== null && key !== type) return [];
    if (key === "taxonomy") return texts(item, key, said, 2).map((path) => ({ control, kind: "taxonomy", value: path }));
    if (key === "choices") return texts(item, key, said, 1).map((one) => ({ control, kind: "choices", value: one }));
    return key.endsWith("labels") ? texts(item, key, said, 1).map((one) => ({ control, kind: "labels", value: one })) : [];
  });
}

/** A list of texts, each as a path of one, or a list of paths. */
function texts(item: JsonItem, field: string, value: unknown, depth: 1 | 2): string[][] {
  const said: unknown = typeof value === "string" ? [value] : value;
  if (!Array.isArray(said)) throw fieldError(item, field, "a list of texts", value);
  return said.map((each: unknown) => {
    const path: unknown = depth === 1 || typeof each === "string" ? [each] : each;
    if (Array.isArray(path) && path.length > 0 && path.every((step): step is string => typeof step === "string" && step.trim() !== "")) return path.map((step) => step.trim());
    throw fieldError(item, field, "a list of texts", each);
  });
}

function list(item: JsonItem, name: string): JsonObject[] {
  const value = fieldOf(item, name);
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  // Some versions export the numbers of predictions and drafts in their place.
  if (Array.isArray(value) && value.every((each) => typeof each === "number")) return [];
  throw fieldError(item, name, "a list of objects", value);
}

const picture = /\.(jpe?g|png|gif|bmp|webp|tiff?|avif|heic|svg)$/i;

function addressIn(data: JsonObject, item: JsonItem, { image }: TaskQuestion): string {
  const field = image ?? (typeof data["image"] === "string" ? "image" : findPicture(data, item));
  const address = Object.hasOwn(data, field) ? data[field] : undefined;
  if (typeof address === "string" && address.trim() !== "") return address;
  throw fieldError(item, field, "the address of one image (tasks of several images are not read)", address);
}

function findPicture(data: JsonObject, item: JsonItem): string {
  const found = Object.entries(data).filter(([, value]) => typeof value === "string" && picture.test(value.replace(/[?#].*$/s, "")));
  if (found.length === 1) return found[0]![0];
  const place: Place = { ...item.place, field: "data" };
  throw new CatwiseError("file.malformed", `expected one field with the address of an image, found ${found.length === 0 ? "none" : found.map(([name]) => quote(name)).join(", ")} among ${Object.keys(data).slice(0, 8).map(quote).join(", ") || "no fields"}.`, { place, remedy: "Name it: label-studio,image=FIELD:FILE." });
}

/** Rows in the form of JSON-MIN: what is a list or an object is written as JSON. */
async function* csvItems(path: string, encoding: string | undefined): AsyncGenerator<JsonItem, void, undefined> {
  const table = await openCsv(path, encoding);
  let at = 0;
  for await (const { fields, line } of table.rows) {
    const value = Object.fromEntries(table.header.flatMap((name, column): [string, unknown][] => (fields[column] === "" ? [] : [[name, parseCell(fields[column]!)]])));
    yield { keys: [at], value, place: { file: path, line } };
    at += 1;
  }
}

function parseCell(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // A text of a task may begin like a list.
  }
}
