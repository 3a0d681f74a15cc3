/**
 * Long CSV: `image,category,value[,split,group,annotator,source,confidence,time]`, one row for each label.
 *
 * | value         | meaning   |
 * |---------------|-----------|
 * | 1             | positive  |
 * | 0             | negative  |
 * | empty, ?      | unknown (names the image and the category, says nothing of the cell) |
 * | -1, u         | uncertain |
 * | no row        | unknown   |
 *
 * confidence, in (0, 1], becomes the weight of the cell; empty is 1. split and group say the same in every row of an image.
 * annotator, source and time are for people.
 */
import { CatwiseError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { requireColumn } from "./csv-rows.ts";
import type { CsvRow, CsvTable } from "./csv-rows.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "./label-file.ts";
import { parseImage, parsePart, parseValue, quote } from "./words.ts";

/** Told by its header: a column `category` and a column `value` beside `image`. */
export function isLongHeader(header: readonly string[]): boolean {
  return header.includes("category") && header.includes("value");
}

const forPeople = new Set(["annotator", "source", "time"]);
const known = new Set(["image", "category", "value", "split", "group", "confidence", ...forPeople]);

export function readLongCsv(table: CsvTable): LabelReader {
  const { header, path } = table;
  const [image, category, value] = [requireColumn(table, "image"), requireColumn(table, "category"), requireColumn(table, "value")];
  const [confidence, split, group] = [header.indexOf("confidence"), header.indexOf("split"), header.indexOf("group")];
  const categories: string[] = [];
  const indexOf = new Map<string, number>();
  const ignored = header.filter((name) => !known.has(name));
  const notices: LabelNotice[] = [];
  if (ignored.length > 0) {
    notices.push({ code: "ignored-columns", message: `${path}: the columns ${ignored.map(quote).join(", ")} are not used.` });
  }

  function categoryIndex(name: string, place: Place): number {
    if (name === "") throw new CatwiseError("file.malformed", "expected the name of a category, got nothing.", { place });
    const found = indexOf.get(name);
    if (found !== undefined) return found;
    indexOf.set(name, categories.length);
    categories.push(name);
    return categories.length - 1;
  }

  function record({ fields, line }: CsvRow): LabelRecord {
    const place = (column: number): Place => ({ file: path, line, column: column + 1, field: header[column]! });
    const cell = parseValue(fields[value]!, () => place(value));
    const index = categoryIndex(fields[category]!.trim(), place(category));
    const weight = confidence < 0 ? 1 : parseConfidence(fields[confidence]!.trim(), place(confidence));
    return {
      image: parseImage(fields[image]!, () => place(image)),
      line,
      cells: cell === null ? [] : [{ category: index, value: cell, weight }],
      ...(split < 0 ? {} : { part: parsePart(fields[split]!, () => place(split)) }),
      ...(group < 0 ? {} : { group: fields[group]!.trim() || null }),
    };
  }

  return {
    path,
    oneRowPerImage: false,
    files: [path],
    categories,
    notices,
    readPast: header.filter((name) => forPeople.has(name)).map((name) => `the column ${quote(name)}`),
    records: (async function* () {
      for await (const rows of table.batches) yield rows.map(record);
    })(),
  };
}

function parseConfidence(text: string, place: Place): number {
  if (text === "") return 1;
  const number = /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Math.fround(Number(text)) : NaN;
  if (number > 0 && number <= 1) return number;
  throw new CatwiseError("labels.invalid-value", `expected a confidence in (0, 1] or nothing, got ${quote(text)}.`, {
    place,
    remedy: "Leave the value empty where nothing is known.",
  });
}
