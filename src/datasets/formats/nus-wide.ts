/**
 * NUS-WIDE, 81 concepts: DIR holds Groundtruth (TrainTestLabels/Labels_<concept>_Train.txt and _Test.txt, else
 * AllLabels/Labels_<concept>.txt: a 0 or 1 a line, one for each picture), ImageList (TrainImagelist.txt, TestImagelist.txt,
 * Imagelist.txt: the pictures of those lines) and Concepts81.txt (also in ConceptsList). Train and Test are the parts fit and
 * report. Or FILE: nus_wid_data.csv, the split of the ASL paper; see nus-wide-csv.ts.
 *
 * | line of Labels_<concept>...txt                    | meaning                                    |
 * |---------------------------------------------------|--------------------------------------------|
 * | 1                                                 | positive                                   |
 * | 0                                                 | negative                                   |
 * | anything else, blank too                          | refused                                    |
 * | fewer or more lines than pictures                 | refused: the lines would tell of others    |
 * | a concept of Concepts81.txt has no file           | refused                                    |
 *
 * Pictures are named by their line with / for \ (`names=file`: without the folder).
 */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import { NEGATIVE, POSITIVE } from "../../labels/index.ts";
import type { PartName } from "../../labels/index.ts";
import { describeReadFailure } from "../../model/index.ts";
import { exists, isFolder } from "../folders.ts";
import type { LabelReader, LabelRecord, RecordCell } from "../label-file.ts";
import { readPartLists } from "../part-lists.ts";
import type { PartLists } from "../part-lists.ts";
import { readList } from "../text-lines.ts";
import { parseImage, quote } from "../words.ts";
import type { FormatOptions } from "./format.ts";
import { readNusWideCsv } from "./nus-wide-csv.ts";
import { readColumn } from "./nus-wide-column.ts";
import { silenceOptions } from "./silence.ts";

export const nusWideOptions = { names: ["path", "file"], ...silenceOptions } as const;

/** Pictures and the files that tell of them, line by line. */
interface Block {
  readonly list: string;
  readonly part: PartName | null;
  readonly columns: readonly string[];
}

interface Layout {
  readonly concepts: readonly string[];
  readonly conceptsFile: string | null;
  readonly blocks: readonly Block[];
  readonly lists: PartLists;
}

export async function readNusWide(path: string, options: FormatOptions, encoding: string | undefined): Promise<LabelReader> {
  const nameOf = (text: string): string => {
    const name = text.replaceAll("\\", "/");
    return options["names"] === "file" ? basename(name) : name;
  };
  if (!(await isFolder(path))) return readNusWideCsv(path, options, nameOf, encoding);
  const given = (["absent", "empty"] as const).find((option) => options[option] !== undefined);
  if (given !== undefined) throw new CatwiseError("usage.invalid-value", `--labels nus-wide,${given}: only the CSV file leaves anything unsaid; the files of a folder say 0 or 1 of every cell.`, { remedy: `Leave out ${given}=${options[given]}.` });
  const layout = await findLayout(path, nameOf, encoding);
  return {
    path,
    oneRowPerImage: false,
    files: [...layout.blocks.flatMap(({ list, columns }) => [list, ...columns]), ...layout.lists.files, ...(layout.conceptsFile === null ? [] : [layout.conceptsFile])],
    categories: layout.concepts,
    notices: [],
    records: readBlocks(layout, nameOf, encoding),
  };
}

async function* readBlocks({ blocks, concepts, lists }: Layout, nameOf: (text: string) => string, encoding: string | undefined): AsyncGenerator<LabelRecord, void, undefined> {
  const seen = new Map<string, string>();
  const several = lists.files.length > 1 || blocks.length > 1;
  for (const { list, part, columns } of blocks) {
    const images = await readList(list, encoding);
    const values: Uint8Array[] = [];
    for (const column of columns) values.push(await readColumn(column, images.length, basename(list), encoding));
    for (const [row, { text, line }] of images.entries()) {
      const place = { file: list, line };
      const image = parseImage(nameOf(text), () => place);
      const earlier = seen.get(image);
      if (earlier !== undefined) throw new CatwiseError("labels.duplicate-image", `${quote(image)} is in ${quote(earlier)} already.`, { place, remedy: "Remove one of the two, here and in every file of labels; or keep the folders in the names (names=path)." });
      seen.set(image, `${basename(list)}, line ${line}`);
      const cells = concepts.map((_, category): RecordCell => ({ category, value: values[category]![row] === 1 ? POSITIVE : NEGATIVE, weight: 1 }));
      yield { image, line, cells, ...(several ? { part: part ?? lists.parts?.get(image.normalize("NFC"))?.part ?? null } : {}) };
    }
  }
}

async function findLayout(path: string, nameOf: (text: string) => string, encoding: string | undefined): Promise<Layout> {
  const truth = (await namesIn(path)).find((name) => /^ground_?truth$/i.test(name));
  if (truth === undefined) throw await noGroundtruth(path);
  const [split, all, images] = [join(path, truth, "TrainTestLabels"), join(path, truth, "AllLabels"), join(path, "ImageList")];
  const inSplit = (await exists(split)) ? await namesIn(split) : [];
  const inAll = (await exists(all)) ? await namesIn(all) : [];
  const conceptsFile = await firstOf([join(path, "Concepts81.txt"), join(path, "ConceptsList", "Concepts81.txt")]);
  const sets = (["Train", "Test"] as const).filter((set) => inSplit.some((name) => conceptOf(name, `_${set}`) !== null));
  const ownConcepts = sets.length > 0 ? sets.flatMap((set) => inSplit.map((name) => conceptOf(name, `_${set}`))) : inAll.map((name) => conceptOf(name, ""));
  const concepts = conceptsFile === null ? [...new Set(ownConcepts.filter((name) => name !== null))].sort() : (await readList(conceptsFile, encoding)).map(({ text }) => text);
  const [train, test] = [join(images, "TrainImagelist.txt"), join(images, "TestImagelist.txt")];
  const columnsOf = (folder: string, ending: string): string[] => concepts.map((concept) => join(folder, `Labels_${concept}${ending}.txt`));
  let blocks: Block[] = sets.map((set) => ({ list: set === "Train" ? train : test, part: set === "Train" ? "fit" : "report", columns: columnsOf(split, `_${set}`) }));
  let lists: PartLists = { files: [], parts: null };
  if (sets.length === 0) {
    blocks = [{ list: join(images, "Imagelist.txt"), part: null, columns: columnsOf(all, "") }];
    lists = await readPartLists([[train, "fit"], [test, "report"]], encoding, nameOf);
  }
  for (const { list, columns } of blocks) for (const file of [list, ...columns]) await requireFile(file, conceptsFile);
  checkDistinct(concepts, conceptsFile);
  return { concepts, conceptsFile, blocks, lists };
}

function conceptOf(name: string, ending: string): string | null {
  return name.startsWith("Labels_") && name.endsWith(`${ending}.txt`) && name.length > `Labels_${ending}.txt`.length ? name.slice("Labels_".length, -`${ending}.txt`.length) : null;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    throw describeReadFailure(error, folder);
  }
}

async function firstOf(files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await exists(file)) return file;
  return null;
}

async function requireFile(file: string, conceptsFile: string | null): Promise<void> {
  if (await exists(file)) return;
  const remedy = file.endsWith("list.txt")
    ? "The labels are lines without names; copy the folder ImageList of the data set beside Groundtruth."
    : `Copy it from the data set${conceptsFile === null ? "" : ", or remove its concept from Concepts81.txt"}.`;
  throw new CatwiseError("file.missing", "the file does not exist.", { place: { file }, remedy });
}

function checkDistinct(concepts: readonly string[], conceptsFile: string | null): void {
  const twice = concepts.find((concept, at) => concepts.indexOf(concept) !== at);
  if (twice !== undefined) throw new CatwiseError("file.malformed", `the concept ${quote(twice)} is named twice.`, { place: { file: conceptsFile! }, remedy: "Remove one of the two." });
}

async function noGroundtruth(path: string): Promise<CatwiseError> {
  const hashing = (await namesIn(path)).some((name) => /^(database|test|train)_label/.test(name));
  const message = hashing
    ? "expected the folder Groundtruth; database_label_onehot.txt and the like have a row of 21 concepts for each picture and do not say which they are."
    : "expected the folder Groundtruth with TrainTestLabels or AllLabels, found none.";
  return new CatwiseError("file.missing", message, { place: { file: path }, remedy: "Give the folder of the data set as published, or nus_wid_data.csv itself." });
}
