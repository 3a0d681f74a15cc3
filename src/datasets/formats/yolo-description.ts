import { dirname, resolve } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import type { PartName } from "../../labels/index.ts";
import { exists, isFolder } from "../folders.ts";
import { readList } from "../text-lines.ts";
import { readText } from "../text.ts";
import { quote } from "../words.ts";

export interface YoloDescription {
  readonly file: string;
  /** By number. */
  readonly names: ReadonlyMap<number, string>;
  /** Folders of images or lists of images, relative to the base; null where none are named. */
  readonly sets: readonly { readonly part: PartName; readonly path: string; readonly place: Place }[] | null;
  /** What the paths of the sets start from. */
  readonly base: string;
}

/** A description is a page; the largest, with a thousand names, is 30 kB. */
const largest = 1 << 22;
const setNames: readonly (readonly [string, PartName])[] = [["train", "fit"], ["val", "selection"], ["valid", "selection"], ["test", "report"]];

/** data.yaml: `names` (a list, or names by number), `nc`, `path`, and the sets `train`, `val` and `test`. Errors: file.* with line and column. */
export async function readYoloDescription(file: string, encoding: string | undefined): Promise<YoloDescription> {
  let text = "";
  for await (const piece of readText(file, encoding)) {
    text += piece;
    if (text.length > largest) throw new CatwiseError("file.malformed", "expected the description of a data set, found a file of more than 4 MB.", { place: { file } });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, field?: string): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), ...(field === undefined ? {} : { field }) };
  };
  const fault = document.errors[0];
  if (fault !== undefined) throw new CatwiseError("file.malformed", `expected YAML, but: ${fault.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "").replace(/\.$/, "")}.`, { place: at(fault.pos[0]), cause: fault });
  if (!isMap(document.contents)) throw new CatwiseError("file.malformed", "expected fields such as names: and train:, found none.", { place: at(0) });
  const names = namesIn(document, at);
  const written = document.get("path");
  const own = dirname(file);
  // Descriptions are copied from machine to machine: a base that is not there is that of another one.
  const base = typeof written === "string" && written !== "" && (await exists(resolve(own, written))) && (await isFolder(resolve(own, written))) ? resolve(own, written) : own;
  const sets = setNames.flatMap(([name, part]) => pathsIn(document, name, at).map(({ path, place }) => ({ part, path, place })));
  return { file, names, sets: sets.length === 0 ? null : sets, base };
}

/** classes.txt or obj.names: a name a line, counted from 0. Errors: file.*. */
export async function readYoloNames(file: string, encoding: string | undefined): Promise<YoloDescription> {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const { text, line } of await readList(file, encoding)) addName(names, taken, names.size, text, { file, line });
  if (names.size === 0) throw new CatwiseError("labels.no-categories", "expected the name of a category on each line, found none.", { place: { file } });
  return { file, names, sets: null, base: dirname(file) };
}

type Locate = (offset: number, field?: string) => Place;

function namesIn(document: Document.Parsed, at: Locate): Map<number, string> {
  const node = document.get("names", true);
  const offset = offsetOf(node);
  const names = new Map<number, string>();
  const taken = new Set<string>();
  if (isSeq(node)) for (const [number, item] of node.items.entries()) addName(names, taken, number, scalar(item), at(offsetOf(item) ?? offset ?? 0, "names"));
  else if (isMap(node)) {
    for (const { key, value } of node.items) {
      const place = at(offsetOf(key) ?? offset ?? 0, "names");
      const number = isScalar(key) && /^\d{1,6}$/.test(String(key.value)) ? Number(key.value) : null;
      if (number === null || names.has(number)) throw new CatwiseError("file.malformed", "expected the number of a category, each once.", { place });
      addName(names, taken, number, scalar(value), place);
    }
  }
  if (names.size === 0) throw new CatwiseError("labels.no-categories", "expected names: with the names of the categories, found none.", { place: at(offset ?? 0, "names") });
  const count: unknown = document.get("nc");
  if (typeof count === "number" && count !== names.size) throw new CatwiseError("file.malformed", `expected ${count} names as nc says, got ${names.size}.`, { place: at(offset ?? 0, "names") });
  return names;
}

function addName(names: Map<number, string>, taken: Set<string>, number: number, name: string | null, place: Place): void {
  const trimmed = name?.trim() ?? "";
  if (trimmed === "") throw new CatwiseError("file.malformed", "expected the name of a category, got nothing.", { place });
  if (taken.has(trimmed)) throw new CatwiseError("file.malformed", `the category ${quote(trimmed)} is named twice.`, { place, remedy: "Give every category a name of its own." });
  names.set(number, trimmed);
  taken.add(trimmed);
}

function pathsIn(document: Document.Parsed, name: string, at: Locate): { path: string; place: Place }[] {
  const node = document.get(name, true);
  const place = at(offsetOf(node) ?? 0, name);
  if (node === undefined || (isScalar(node) && (node.value === null || node.value === ""))) return [];
  const items: unknown[] = isSeq(node) ? node.items : [node];
  return items.map((item) => {
    if (isScalar(item) && typeof item.value === "string" && item.value !== "") return { path: item.value.replaceAll("\\", "/"), place };
    throw new CatwiseError("file.malformed", "expected the path of a folder or of a list of images.", { place });
  });
}

function scalar(node: unknown): string | null {
  if (!isScalar(node)) return null;
  const { value } = node;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? JSON.stringify(value) : null;
}

function offsetOf(node: unknown): number | null {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : null;
}
