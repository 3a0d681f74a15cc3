/**
 * VG-200: Visual Genome with its 200 most frequent categories, as SSGRL published and the work on partial labels uses it. DIR holds
 * vg_category_200_labels_index.json (`{"2328403.jpg": [3, 17], ...}`: the numbers of the categories, from 0) and the lists
 * train_list_500.txt and test_list_500.txt (a name a line), which become the parts fit and report. Or FILE: the JSON.
 *
 * | told of an image and a category              | meaning                                                    |
 * |----------------------------------------------|------------------------------------------------------------|
 * | its number is in the image's list            | positive                                                   |
 * | the image's list has other numbers           | negative, with a notice (`absent=unknown`: unknown)        |
 * | the image's list is empty                    | negative, with a notice (`empty=unknown`: unknown)         |
 * | the image is in train or test, not in the JSON | unknown                                                  |
 * | the image is in the JSON and in neither list | left out, with a notice                                    |
 *
 * The benchmark counts what is not listed as "no", though nobody searched Visual Genome for all 200. The files do not name the
 * categories: they are called 0 to 199, or by the lines of `classes=FILE`.
 */
import { dirname, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { POSITIVE } from "../../labels/index.ts";
import { isFolder } from "../folders.ts";
import { examples } from "../gather.ts";
import { readJsonItems } from "../json-stream.ts";
import type { JsonItem } from "../json-stream.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "../label-file.ts";
import { Listing } from "../listing.ts";
import { readPartLists } from "../part-lists.ts";
import { readList } from "../text-lines.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { silenceOptions, silentRecords } from "./silence.ts";

export const vg200Options = { classes: null, ...silenceOptions } as const;

const categoryCount = 200;
const labelsName = "vg_category_200_labels_index.json";

export async function readVg200(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const labels = folder === path ? join(folder, labelsName) : path;
  const lists = await readPartLists([[join(folder, "train_list_500.txt"), "fit"], [join(folder, "test_list_500.txt"), "report"]], encoding);
  const classes = options["classes"] === undefined ? null : join(folder, options["classes"]);
  const listing = new Listing();
  const notices: LabelNotice[] = [];
  for (const name of classes === null ? Array.from({ length: categoryCount }, (_, index) => `${index}`) : await readClasses(classes, encoding)) listing.category(name);

  async function gather(): Promise<void> {
    const outside: string[] = [];
    for await (const item of readJsonItems(labels, ["$.*"], encoding)) {
      const name = nameOf(item);
      const numbers = numbersOf(item);
      if (listing.findImage(name) !== undefined) {
        throw new CatwiseError("labels.duplicate-image", `${quote(name)} is listed twice.`, { place: { ...item.place, field: name }, remedy: "Remove one of the two." });
      }
      const listed = lists.parts?.get(name);
      if (lists.parts !== null && listed === undefined) {
        outside.push(name);
        continue;
      }
      const image = listing.image(name, item.place.line);
      if (listed !== undefined) listing.setPart(image, listed.part, listed.file, listed.line);
      for (const number of numbers) listing.mark(image, number, POSITIVE);
    }
    if (outside.length > 0) {
      notices.push({ code: "images-outside-sets", message: `${path}: ${outside.length} images are in neither list and are left out: ${examples(outside)}.` });
    }
    for (const [name, { part, file, line }] of lists.parts ?? []) {
      if (listing.findImage(name) !== undefined) continue;
      const image = listing.image(name, line);
      listing.setPart(image, part, file, line);
      listing.leaveSilent(image);
    }
  }

  return {
    path,
    oneRowPerImage: false,
    files: [labels, ...lists.files, ...(classes === null ? [] : [classes])],
    categories: listing.categories,
    notices,
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      await gather();
      yield* silentRecords(listing, { path, kind: "vg-200", options, empty: "negative", assumed: true, sidecar: null, notices });
    })(),
  };
}

function nameOf({ keys, place }: JsonItem): string {
  if (typeof keys[0] === "string") return parseImage(keys[0], () => place);
  throw new CatwiseError("file.malformed", "expected one object with the names of the images as keys, found a list.", { place, remedy: `Give ${labelsName}.` });
}

function numbersOf({ value, keys, place }: JsonItem): number[] {
  const at = { ...place, field: String(keys[0]) };
  if (!Array.isArray(value)) throw new CatwiseError("file.malformed", "expected a list of the numbers of categories.", { place: at });
  return value.map((each: unknown) => {
    if (typeof each === "number" && Number.isInteger(each) && each >= 0 && each < categoryCount) return each;
    throw new CatwiseError("file.malformed", `expected numbers from 0 to ${categoryCount - 1}, got ${quote(JSON.stringify(each))}.`, { place: at, remedy: `Give ${labelsName}; the file of 500 categories is another set of labels.` });
  });
}

async function readClasses(path: string, encoding: string | undefined): Promise<string[]> {
  const lines = await readList(path, encoding);
  const seen = new Map<string, number>();
  for (const { text, line } of lines) {
    const earlier = seen.get(text);
    if (earlier !== undefined) throw new CatwiseError("file.malformed", `the category ${quote(text)} is named on line ${earlier} already.`, { place: { file: path, line } });
    seen.set(text, line);
  }
  if (lines.length === categoryCount) return lines.map(({ text }) => text);
  throw new CatwiseError("file.malformed", `expected ${categoryCount} names, one a line in the order of their numbers, got ${lines.length}.`, { place: { file: path } });
}
