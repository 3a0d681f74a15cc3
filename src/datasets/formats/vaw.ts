/**
 * VAW, Visual Attributes in the Wild: attributes of objects in pictures of Visual Genome. What is labelled is not a picture but
 * one object in it, so the images here are crops, named `<instance_id>.jpg` (`ending=none`: the id as it stands). DIR (or its
 * folder data) holds train_part1.json, train_part2.json, val.json and test.json, which become the parts fit, selection and report,
 * and attribute_index.json, which names the categories. Or FILE: one list of instances.
 *
 * | told of an instance and an attribute | meaning                                  |
 * |--------------------------------------|------------------------------------------|
 * | in positive_attributes               | positive                                 |
 * | in negative_attributes               | negative (verified by people)            |
 * | in both                              | uncertain, counted in a notice           |
 * | in neither                           | unknown (about 616 of 620 attributes)    |
 *
 * All instances of one picture (image_id) are one group, so that no picture lies in two parts where parts are made here.
 */
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { NEGATIVE, POSITIVE } from "../../labels/index.ts";
import type { PartName } from "../../labels/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { exists, isFolder, partOfPath } from "../folders.ts";
import { fieldError, fieldOf, requireId } from "../json-fields.ts";
import { readJsonItems } from "../json-stream.ts";
import type { JsonItem } from "../json-stream.ts";
import type { LabelReader, LabelRecord, RecordCell } from "../label-file.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";

export const vawOptions = { ending: null } as const;

const instancesName = /^(?:train(?:_part\d+)?|val|test)\.json$/;

export async function readVaw(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const sources = (await isFolder(path)) ? await findSources(path) : [path];
  const parts = sources.map((file) => (sources.length === 1 ? null : partOfPath(file.slice(dirname(file).length + 1))));
  const indexFile = join(dirname(sources[0]!), "attribute_index.json");
  const index = (await exists(indexFile)) ? indexFile : null;
  const ending = options["ending"] === "none" ? "" : (options["ending"] ?? ".jpg");
  const categories: string[] = [];
  const readPast: string[] = [];

  async function* read(): AsyncGenerator<LabelRecord, void, undefined> {
    const attributes = new Attributes(categories, index);
    if (index !== null) await attributes.readIndex(index, encoding);
    const seen = new Map<string, JsonItem["place"]>();
    let drawn = 0;
    for (const [at, file] of sources.entries()) {
      for await (const item of readJsonItems(file, ["$.*"], encoding)) {
        const image = parseImage(requireId(item, "instance_id") + ending, () => item.place);
        checkNew(image, item, seen);
        if (fieldOf(item, "instance_bbox") !== undefined) drawn += 1;
        const cells = [...attributes.cells(item, "positive_attributes", POSITIVE), ...attributes.cells(item, "negative_attributes", NEGATIVE)];
        yield { image, line: item.place.line, cells, group: requireId(item, "image_id"), ...saidPart(parts, at) };
      }
    }
    if (drawn > 0) readPast.push(`the boxes and outlines of ${drawn} instances`);
  }

  return {
    path,
    oneRowPerImage: true,
    disagreement: "uncertain",
    files: [...sources, ...(index === null ? [] : [index])],
    categories,
    notices: [],
    readPast,
    records: read(),
  };
}

async function findSources(folder: string): Promise<string[]> {
  for (const place of [folder, join(folder, "data")]) {
    if (!(await exists(place))) continue;
    try {
      const found = (await readdir(place)).filter((name) => instancesName.test(name)).sort();
      if (found.length > 0) return found.map((name) => join(place, name));
    } catch (error) {
      throw describeReadFailure(error, place);
    }
  }
  throw new CatwiseError("file.missing", "expected train_part1.json, train_part2.json, val.json or test.json, found none.", { place: { file: folder }, remedy: "Give the folder data of the data set, or the file itself." });
}

/** Files of one part alone say nothing of parts. */
function saidPart(parts: readonly (PartName | null)[], at: number): { readonly part?: PartName | null } {
  return new Set(parts).size > 1 ? { part: parts[at]! } : {};
}

function checkNew(image: string, { place }: JsonItem, seen: Map<string, JsonItem["place"]>): void {
  const earlier = seen.get(image);
  if (earlier !== undefined) {
    throw new CatwiseError("labels.duplicate-image", `the instance ${quote(image)} is in ${quote(earlier.file)}, line ${earlier.line}, already.`, { place: { ...place, field: "instance_id" }, remedy: "Remove one of the two." });
  }
  seen.set(image, place);
}

/** Numbers attributes: as attribute_index.json does, else as they are met. */
class Attributes {
  readonly #categories: string[];
  readonly #index: string | null;
  readonly #numberOf = new Map<string, number>();

  constructor(categories: string[], index: string | null) {
    this.#categories = categories;
    this.#index = index;
  }

  /** `{"amber": 0, "aqua": 1, ...}`. */
  async readIndex(path: string, encoding: string | undefined): Promise<void> {
    const nameOf = new Map<number, string>();
    for await (const { keys, value, place } of readJsonItems(path, ["$.*"], encoding)) {
      const name = String(keys[0]);
      const at = { ...place, field: name };
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new CatwiseError("file.malformed", "expected the number of an attribute.", { place: at });
      if (nameOf.has(value) || this.#numberOf.has(name)) throw new CatwiseError("file.malformed", `the attribute ${quote(name)} or its number is given twice.`, { place: at });
      nameOf.set(value, name);
      this.#numberOf.set(name, value);
    }
    const numbers = [...nameOf.keys()].sort((a, b) => a - b);
    for (const [position, number] of numbers.entries()) this.#numberOf.set(nameOf.get(number)!, position);
    this.#categories.push(...numbers.map((number) => nameOf.get(number)!));
  }

  cells(item: JsonItem, field: string, value: typeof POSITIVE | typeof NEGATIVE): RecordCell[] {
    const list = fieldOf(item, field);
    if (!Array.isArray(list)) throw fieldError(item, field, "a list of attributes", list);
    return list.map((name: unknown) => {
      if (typeof name !== "string" || name.trim() === "") throw fieldError(item, field, "the names of attributes", name);
      return { category: this.#number(name, item, field), value, weight: 1 };
    });
  }

  #number(name: string, item: JsonItem, field: string): number {
    const known = this.#numberOf.get(name);
    if (known !== undefined) return known;
    if (this.#index !== null) throw new CatwiseError("file.malformed", `the attribute ${quote(name)} is not in attribute_index.json.`, { place: { ...item.place, field }, remedy: "Correct it, or add it to attribute_index.json." });
    this.#categories.push(name);
    this.#numberOf.set(name, this.#categories.length - 1);
    return this.#categories.length - 1;
  }
}
