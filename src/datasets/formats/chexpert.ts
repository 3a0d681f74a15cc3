/**
 * CheXpert: `Path,Sex,Age,Frontal/Lateral,AP/PA,<14 findings>`, one row for each view (`findings=5`: those of the competition). FILE, or DIR
 * with train.csv, valid.csv and test.csv (any of them), which become the parts fit, selection and report.
 *
 * | cell        | meaning                                                                                   |
 * |-------------|-------------------------------------------------------------------------------------------|
 * | 1 (1.0)     | positive                                                                                  |
 * | 0 (0.0)     | negative: the radiologist's report says it is not there                                   |
 * | -1 (-1.0)   | uncertain: the report mentions it and does not decide; `--uncertain` says what it counts as |
 * | blank       | unknown: the report does not mention it (`blank=negative`: negative, as the data's authors trained) |
 *
 * `No Finding` is a column like the others and never 0: nothing is concluded from it. Every patient is one group, so that no part
 * shares a patient with another; the studies and views of a patient stay together. Images are named from train/ or valid/ on.
 */
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import { NEGATIVE, POSITIVE, UNCERTAIN } from "../../labels/index.ts";
import type { CellValue, PartName } from "../../labels/index.ts";
import { openCsv, requireColumn } from "../csv-rows.ts";
import { exists, isFolder } from "../folders.ts";
import type { LabelReader, LabelRecord, RecordCell } from "../label-file.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";

export const cheXpertOptions = { findings: ["14", "5"], blank: ["unknown", "negative"] } as const;

const competition = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"] as const;
const all = ["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices"] as const;
const values: ReadonlyMap<string, CellValue> = new Map([["1", POSITIVE], ["1.0", POSITIVE], ["0", NEGATIVE], ["0.0", NEGATIVE], ["-1", UNCERTAIN], ["-1.0", UNCERTAIN]]);

export async function readCheXpert(path: string, { findings, blank }: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const categories = findings === "5" ? competition : all;
  const sources = (await isFolder(path)) ? await partFiles(path) : [{ file: path, part: null }];
  const opened = await Promise.all(
    sources.map(async ({ file, part }) => {
      const csv = await openCsv(file, encoding);
      return { file, part, csv, image: requireColumn(csv, "Path"), columns: categories.map((name) => requireColumn(csv, name)) };
    }),
  );

  function cellOf(text: string, place: () => Place): CellValue | null {
    const word = text.trim();
    if (word === "") return blank === "negative" ? NEGATIVE : null;
    const value = values.get(word);
    if (value !== undefined) return value;
    throw new CatwiseError("labels.invalid-value", `expected 1, 0, -1 or nothing, got ${quote(text)}.`, { place: place() });
  }

  return {
    path,
    oneRowPerImage: true,
    files: sources.map(({ file }) => file),
    categories,
    notices: [],
    records: (async function* (): AsyncGenerator<LabelRecord, void, undefined> {
      for (const source of opened) yield* recordsOf(source);
    })(),
  };

  async function* recordsOf({ file, part, csv, image, columns }: (typeof opened)[number]): AsyncGenerator<LabelRecord, void, undefined> {
    for await (const { fields, line } of csv.rows) {
      const place = (column: number) => (): Place => ({ file, line, column: column + 1, field: csv.header[column]! });
      const named = parseImage(fields[image]!, place(image));
      const cells: RecordCell[] = [];
      columns.forEach((column, category) => {
        const value = cellOf(fields[column]!, place(column));
        if (value !== null) cells.push({ category, value, weight: 1 });
      });
      yield { image: named.replace(/^CheXpert-v[^/]*\//, ""), line, cells, group: patientOf(named, place(image)), ...(opened.length > 1 ? { part } : {}) };
    }
  }
}

const partNames = [["train.csv", "fit"], ["valid.csv", "selection"], ["test.csv", "report"]] as const;

/** Errors: file.missing. */
async function partFiles(folder: string): Promise<{ file: string; part: PartName }[]> {
  const found: { file: string; part: PartName }[] = [];
  for (const [name, part] of partNames) if (await exists(join(folder, name))) found.push({ file: join(folder, name), part });
  if (found.length > 0) return found;
  throw new CatwiseError("file.missing", "expected train.csv, valid.csv or test.csv, found none.", { place: { file: folder }, remedy: "Give the file itself." });
}

function patientOf(path: string, place: () => Place): string {
  const patient = /(?:^|\/)(patient\d+)(?:\/|$)/.exec(path)?.[1];
  if (patient !== undefined) return patient;
  throw new CatwiseError("file.malformed", `expected a path with a folder such as patient00001, got ${quote(path)}.`, { place: place(), remedy: "Without patients the parts could share one; give a wide CSV with a group column instead." });
}
