/**
 * nus_wid_data.csv: the pictures of NUS-WIDE that the ASL paper uses. The first column is the picture, `label` the concepts as
 * Python writes a list, `split_name` (or `split`) train or val, which become the parts fit and selection.
 *
 * | told of an image and a concept          | meaning                                                  |
 * |-----------------------------------------|----------------------------------------------------------|
 * | in the list                             | positive                                                 |
 * | not in the list, others are             | negative: the file keeps the 1s and drops the 0s (`absent=unknown`: unknown) |
 * | the list is empty                       | negative, with a notice (`empty=unknown`: unknown)       |
 *
 * The categories are the concepts that occur, in the order of their names.
 */
import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import { POSITIVE } from "../../labels/index.ts";
import { openCsv, requireColumn } from "../csv-rows.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { parseImage, parsePart, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { silentRecords } from "./silence.ts";

export async function readNusWideCsv(path: string, options: FormatOptions, nameOf: (text: string) => string, encoding: string | undefined): Promise<LabelReader> {
  const csv = await openCsv(path, encoding);
  const label = requireColumn(csv, "label");
  const split = ["split_name", "split"].map((name) => csv.header.indexOf(name)).find((at) => at >= 0);
  const categories: string[] = [];
  const notices: LabelNotice[] = [];

  async function gather(): Promise<Listing> {
    const listing = new Listing();
    const told: { readonly image: number; readonly concepts: readonly string[] }[] = [];
    for await (const { fields, line } of csv.rows) {
      const place = (column: number): Place => ({ file: path, line, column: column + 1, field: csv.header[column]! });
      const name = parseImage(nameOf(fields[0]!.trim()), () => place(0));
      if (listing.findImage(name) !== undefined) throw new CatwiseError("labels.duplicate-image", `${quote(name)} has a row already.`, { place: place(0), remedy: "Remove one of the two rows." });
      const image = listing.image(name, line);
      if (split !== undefined) listing.setPart(image, parsePart(fields[split]!, () => place(split)), path, line);
      told.push({ image, concepts: parsePythonList(fields[label]!, place(label)) });
    }
    for (const name of [...new Set(told.flatMap(({ concepts }) => concepts))].sort()) listing.category(name);
    for (const { image, concepts } of told) for (const concept of concepts) listing.mark(image, listing.category(concept), POSITIVE);
    return listing;
  }

  return {
    path,
    oneRowPerImage: false,
    files: [path],
    categories,
    notices,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      const listing = await gather();
      categories.push(...listing.categories);
      yield* silentRecords(listing, { path, kind: "nus-wide", options, empty: "negative", assumed: false, sidecar: null, notices });
    })(),
  };
}

const item = String.raw`(?:'[^'"\\]*'|"[^'"\\]*")`;
const list = new RegExp(String.raw`^\[\s*(?:${item}(?:\s*,\s*${item})*)?\s*\]$`);

/** `['clouds', 'sky']`. Errors: file.malformed. */
function parsePythonList(text: string, place: Place): string[] {
  const names = list.test(text.trim()) ? [...text.matchAll(new RegExp(item, "g"))].map(([quoted]) => quoted.slice(1, -1).trim()) : null;
  if (names !== null && !names.includes("")) return names;
  throw new CatwiseError("file.malformed", `expected concepts such as ['clouds', 'sky'], got ${quote(text)}.`, { place });
}
