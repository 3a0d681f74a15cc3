/**
 * Open Images, image-level labels (V3 to V7): `ImageID,Source,LabelName,Confidence`, one row for each label. FILE, or DIR with
 * the human-verified files of train, validation and test, which become the parts.
 *
 * | row                                                          | meaning                                              |
 * |--------------------------------------------------------------|------------------------------------------------------|
 * | Confidence 1                                                 | positive                                             |
 * | Confidence 0                                                 | negative (verified by people)                        |
 * | Source `machine`, or a Confidence between 0 and 1            | unknown: a guess of a classifier, counted in a notice |
 * | 1 in one row and 0 in another, for one image and category    | uncertain, counted in a notice                       |
 * | no row                                                       | unknown                                              |
 *
 * Class descriptions (V3: no header; V6: `LabelName,DisplayName`) beside the file give the names of the categories; two labels of
 * one name are told apart by their code. An image is named ImageID.jpg (`ending=none`: as it stands).
 */
import { dirname, join } from "node:path";
import { readdir } from "node:fs/promises";
import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import { NEGATIVE, POSITIVE } from "../../labels/index.ts";
import type { PartName } from "../../labels/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { openCsv, requireColumn } from "../csv-rows.ts";
import { exists, filesBelow, isFolder, partOfPath } from "../folders.ts";
import type { LabelNotice, LabelReader, LabelRecord, RecordCell } from "../label-file.ts";
import { readList } from "../text-lines.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { readClassNames } from "./open-images-classes.ts";

export const openImagesOptions = { classes: null, trainable: null, ending: null } as const;

interface Source {
  readonly path: string;
  readonly part: PartName | null;
}

const humanFile = /(^|\/|[-_])(annotations-human|human-imagelabels)\.csv$/;

export async function readOpenImages(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const sources: Source[] = folder === path ? await humanFiles(path) : [{ path, part: null }];
  const said = new Set(sources.map(({ part }) => part));
  const named = options["classes"] === undefined ? await findBeside(folder, /class-descriptions[\w-]*\.csv$/) : join(folder, options["classes"]);
  const names = named === null ? new Map<string, string>() : await readClassNames(named, encoding);
  const chosen = options["trainable"] === undefined ? null : join(folder, options["trainable"]);
  const only = chosen === null ? null : new Set((await readList(chosen, encoding)).map(({ text }) => text));
  const ending = options["ending"] === "none" ? "" : (options["ending"] ?? ".jpg");
  const categories: string[] = [];
  const indexOf = new Map<string, number>();
  const taken = new Set<string>();
  const notices: LabelNotice[] = [];
  const skipped = { machine: 0, class: 0 };

  const categoryIndex = (label: string): number => {
    const known = indexOf.get(label);
    if (known !== undefined) return known;
    // A label without a description may have for a code what another has for a name.
    let name = names.get(label) ?? label;
    while (taken.has(name)) name = `${name} (${label})`;
    taken.add(name);
    indexOf.set(label, categories.length);
    categories.push(name);
    return categories.length - 1;
  };

  async function* read({ path: file, part }: Source): AsyncGenerator<LabelRecord | LabelRecord[], void, undefined> {
    const csv = await openCsv(file, encoding);
    const [image, label, confidence, source] = [requireColumn(csv, "ImageID"), requireColumn(csv, "LabelName"), requireColumn(csv, "Confidence"), csv.header.indexOf("Source")];
    // Rows of one image mostly follow one another; together they are one record.
    let [current, first, cells]: [string, number, RecordCell[]] = ["", 0, []];
    let written: string | null = null;
    let [maker, isMachine]: [string | null, boolean] = [null, false];
    const done = (): LabelRecord => ({ image: current, line: first, cells, ...(said.size > 1 ? { part } : {}) });
    const place = (line: number, column: number) => (): Place => ({ file, line, column: column + 1, field: csv.header[column]! });
    // What is the same in row after row is looked at once: there are tens of millions.
    for await (const rows of csv.batches) {
      const records: LabelRecord[] = [];
      for (const { fields, line } of rows) {
        if (fields[image] !== written) {
          written = fields[image]!;
          const id = parseImage(written, place(line, image)) + ending;
          if (id !== current) {
            if (current !== "") records.push(done());
            [current, first, cells] = [id, line, []];
          }
        }
        if (source >= 0 && fields[source] !== maker) {
          maker = fields[source]!;
          isMachine = maker.trim().toLowerCase() === "machine";
        }
        const name = fields[label]!.trim();
        if (name === "") throw new CatwiseError("file.malformed", "expected the code of a label, got nothing.", { place: place(line, label)() });
        const value = parseConfidence(fields[confidence]!, () => place(line, confidence)());
        if (value === null || isMachine) skipped.machine += 1;
        else if (only !== null && !only.has(name)) skipped.class += 1;
        else cells.push({ category: categoryIndex(name), value, weight: 1 });
      }
      yield records;
    }
    if (current !== "") yield done();
  }

  return {
    path,
    oneRowPerImage: false,
    disagreement: "uncertain",
    files: [...sources.map((source) => source.path), ...[named, chosen].filter((each) => each !== null)],
    categories,
    notices,
    records: (async function* () {
      for (const source of sources) yield* read(source);
      if (skipped.machine > 0) notices.push({ code: "ignored-rows", message: `${path}: ${skipped.machine} labels made by a machine count as unknown.` });
      if (skipped.class > 0) notices.push({ code: "ignored-rows", message: `${path}: ${skipped.class} labels of classes that ${options["trainable"]} does not list are left out.` });
    })(),
  };
}

/** null: between no and yes, which only machines say. */
function parseConfidence(text: string, place: () => Place): typeof POSITIVE | typeof NEGATIVE | null {
  if (text === "1") return POSITIVE;
  if (text === "0") return NEGATIVE;
  const trust = /^\s*\d+(\.\d*)?\s*$/.test(text) ? Number(text) : NaN;
  if (trust === 1) return POSITIVE;
  if (trust === 0) return NEGATIVE;
  if (trust > 0 && trust < 1) return null;
  throw new CatwiseError("labels.invalid-value", `expected a confidence from 0 to 1, got ${quote(text)}.`, { place: place() });
}

async function humanFiles(folder: string): Promise<Source[]> {
  const found = await filesBelow(folder, (path) => humanFile.test(path) && path.split("/").length <= 2);
  if (found.length > 0) return found.map((path) => ({ path: join(folder, path), part: partOfPath(path) }));
  throw new CatwiseError("file.missing", "expected files such as train-annotations-human-imagelabels.csv (V4 to V7) or train/annotations-human.csv (V3), found none.", { place: { file: folder }, remedy: "Give the file itself." });
}

async function findBeside(folder: string, name: RegExp): Promise<string | null> {
  if (!(await exists(folder))) return null;
  try {
    const found = (await readdir(folder)).filter((each) => name.test(each)).sort();
    return found.length === 0 ? null : join(folder, found[0]!);
  } catch (error) {
    throw describeReadFailure(error, folder);
  }
}
