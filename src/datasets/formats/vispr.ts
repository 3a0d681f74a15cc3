/**
 * VISPR, visual privacy attributes: DIR holds the folders train2017, val2017 and test2017 (also below annotations), with one JSON
 * for each picture: `{"id": "2017_1", "image_path": "images/train2017/2017_1.jpg", "labels": ["a4_gender", ...]}`. The folders are
 * the parts fit, selection and report. attributes.tsv (idx, attribute_id, description) in DIR names the 68 categories in order.
 *
 * | told of an image and an attribute | meaning                                                             |
 * |-----------------------------------|---------------------------------------------------------------------|
 * | in labels                         | positive                                                            |
 * | not in labels, others are         | negative, as its authors count it (`absent=unknown`: unknown)       |
 * | labels is empty                   | unknown, with a notice (`empty=negative`: negative)                 |
 *
 * A picture with nothing private has the attribute a0_safe, so that an empty list means that nobody judged it. a0_safe is a
 * category like the others: nothing is concluded from it.
 */
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { POSITIVE } from "../../labels/index.ts";
import { exists, filesBelow, partOfPath } from "../folders.ts";
import { readJsonItems } from "../json-stream.ts";
import type { JsonItem } from "../json-stream.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { silentRecords, unopenedOptions } from "./silence.ts";
import { readVisprAttributes } from "./vispr-attributes.ts";

export const visprOptions = { names: ["id", "description"], ...unopenedOptions } as const;

const partFolder = /(?:^|\/)(?:train|val|test)\d*\//;

export async function readVispr(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const all = await filesBelow(path, (name) => name.endsWith(".json"));
  const inParts = all.filter((name) => partFolder.test(name));
  const found = inParts.length > 0 ? inParts : all;
  if (found.length === 0) throw new CatwiseError("file.missing", "expected a JSON file for each image, in folders such as train2017, found none.", { place: { file: path }, remedy: "Give the folder that holds train2017, val2017 and test2017." });
  const tsv = join(path, "attributes.tsv");
  const attributes = (await exists(tsv)) ? await readVisprAttributes(tsv, encoding) : null;
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  for (const { id, description, line } of attributes?.values() ?? []) {
    const name = options["names"] === "description" ? description : id;
    if (listing.findCategory(name) !== undefined) throw new CatwiseError("file.malformed", `the attribute ${quote(name)} is described twice.`, { place: { file: tsv, line } });
    listing.category(name);
  }

  async function readImage(name: string): Promise<void> {
    const file = join(path, name);
    const fields = new Map<string, JsonItem>();
    for await (const item of readJsonItems(file, ["$.*"], encoding)) fields.set(String(item.keys[0]), item);
    const said = requireField(fields, "image_path", file, "the path of an image", (value) => typeof value === "string" && value.trim() !== "");
    const id = parseImage(String(said.value), () => said.place).replace(/^images\//, "");
    if (listing.findImage(id) !== undefined) throw new CatwiseError("labels.duplicate-image", `${quote(id)} has another file already.`, { place: { ...said.place, field: "image_path" }, remedy: "Remove one of the two." });
    const image = listing.image(id, said.place.line);
    listing.setPart(image, partOfPath(name), file, said.place.line);
    const labels = requireField(fields, "labels", file, "a list of attributes", (value) => Array.isArray(value) && value.every((each) => typeof each === "string" && each !== ""));
    for (const label of labels.value as readonly string[]) listing.mark(image, categoryOf(label, labels), POSITIVE);
  }

  function categoryOf(label: string, { place }: JsonItem): number {
    if (attributes === null) return listing.category(label);
    const attribute = attributes.get(label);
    if (attribute !== undefined) return attribute.position;
    throw new CatwiseError("file.malformed", `the attribute ${quote(label)} is not in attributes.tsv.`, { place: { ...place, field: "labels" }, remedy: "Correct it, or add it to attributes.tsv." });
  }

  return {
    path,
    oneRowPerImage: false,
    files: [...found.map((name) => join(path, name)), ...(attributes === null ? [] : [tsv])],
    categories: listing.categories,
    notices,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      for (const name of found) await readImage(name);
      yield* silentRecords(listing, { path, kind: "vispr", options, empty: "unknown", assumed: false, sidecar: null, notices });
    })(),
  };
}

function requireField(fields: ReadonlyMap<string, JsonItem>, name: string, file: string, rule: string, holds: (value: unknown) => boolean): JsonItem {
  const item = fields.get(name);
  if (item !== undefined && holds(item.value)) return item;
  throw new CatwiseError("file.malformed", `expected ${rule}, got ${item === undefined ? "nothing" : quote(JSON.stringify(item.value))}.`, { place: { file, ...item?.place, field: name } });
}
