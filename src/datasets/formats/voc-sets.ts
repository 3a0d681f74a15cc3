import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import type { PartName } from "../../labels/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { partOfPath } from "../folders.ts";
import { readList } from "../text-lines.ts";
import { quote } from "../words.ts";

export interface VocSets {
  readonly files: readonly string[];
  /** Of the files by category, in the order of their names. */
  readonly categories: readonly string[];
  /** The part of every image a set names, by the name of its XML without the ending. */
  readonly parts: ReadonlyMap<string, { readonly part: PartName; readonly file: string; readonly line: number }>;
  readonly cells: readonly VocCell[];
}

export interface VocCell {
  readonly stem: string;
  readonly category: string;
  /** 0: only objects that are difficult. */
  readonly value: 1 | 0 | -1;
  readonly file: string;
  readonly line: number;
}

const setFile = /^(?:(.+)_)?(train|val|trainval|test)\.txt$/;

/**
 * ImageSets/Main: train.txt, val.txt, trainval.txt and test.txt (a name a line), and for each category the same with 1, -1 or 0
 * behind the name. Images that only trainval names belong to fit. Errors: file.malformed, labels.duplicate-image for an image of
 * two parts, labels.conflicting-cell, with file and line.
 */
export async function readVocSets(folder: string, encoding: string | undefined): Promise<VocSets> {
  const found = (await namesIn(folder)).flatMap((name) => {
    const [, category, set] = setFile.exec(name) ?? [];
    return set === undefined ? [] : [{ path: join(folder, name), category, set }];
  });
  // What trainval says is weaker than what train and val say.
  found.sort((a, b) => Number(a.set === "trainval") - Number(b.set === "trainval"));
  const parts = new Map<string, { part: PartName; file: string; line: number }>();
  const cells: VocCell[] = [];
  const told = new Map<string, Map<string, VocCell>>();
  for (const { path, category, set } of found) {
    if (category !== undefined && !told.has(category)) told.set(category, new Map());
    for (const { text, line } of await readList(path, encoding)) {
      const [stem, value] = category === undefined ? [text, null] : parseCell(text, path, line);
      addPart(parts, stem, set, path, line);
      if (category === undefined || value === null) continue;
      // Two files of one category (train and trainval) speak of the same images.
      const earlier = told.get(category)!.get(stem);
      const cell = { stem, category, value, file: path, line };
      if (earlier === undefined) cells.push(cell);
      else if (earlier.value !== value) throw conflict(cell, earlier);
      told.get(category)!.set(stem, cell);
    }
  }
  return { files: found.map(({ path }) => path), categories: [...told.keys()].sort(), parts, cells };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    throw describeReadFailure(error, folder);
  }
}

function parseCell(text: string, file: string, line: number): [stem: string, value: VocCell["value"]] {
  const [, stem, value] = /^(.*\S)\s+(-1|0|1)$/.exec(text) ?? [];
  if (stem !== undefined) return [stem, value === "1" ? 1 : value === "0" ? 0 : -1];
  throw new CatwiseError("file.malformed", `expected the name of an image and 1, 0 or -1, got ${quote(text)}.`, { place: { file, line } });
}

function addPart(parts: Map<string, { part: PartName; file: string; line: number }>, stem: string, set: string, file: string, line: number): void {
  const earlier = parts.get(stem);
  if (set === "trainval" && earlier !== undefined && earlier.part !== "report") return;
  const part = set === "trainval" ? "fit" : partOfPath(set)!;
  if (earlier !== undefined && earlier.part !== part) {
    throw new CatwiseError("labels.duplicate-image", `${quote(stem)} is in two parts, ${earlier.part} (${quote(basename(earlier.file))}, line ${earlier.line}) and ${part}.`, { place: { file, line }, remedy: "Keep it in one of them." });
  }
  if (earlier === undefined) parts.set(stem, { part, file, line });
}

function conflict({ stem, category, value, file, line }: VocCell, earlier: VocCell): CatwiseError {
  return new CatwiseError("labels.conflicting-cell", `image ${quote(stem)}, category ${quote(category)}: ${value} here, ${earlier.value} in ${quote(basename(earlier.file))}, line ${earlier.line}.`, { place: { file, line, field: category }, remedy: "Keep one of them." });
}
