import { CatwiseError } from "../errors.ts";
import { buildPartialLabels, CellRecords, UNCERTAIN } from "../labels/index.ts";
import type { PartialLabels, PartName } from "../labels/index.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "./label-file.ts";
import { NameIndex } from "./name-index.ts";
import { ownText } from "./own-text.ts";
import { quote } from "./words.ts";

export interface GatheredLabels {
  readonly labels: PartialLabels;
  readonly split: (PartName | null)[] | null;
  readonly groups: (string | null)[] | null;
  readonly notices: LabelNotice[];
}

/** (N) what the first record of every image says of it. */
interface FirstSaid {
  readonly line: LineNumbers;
  /** null until a record says anything of parts, or of groups. */
  part: (PartName | null)[] | null;
  group: (string | null)[] | null;
}

/** A line for every image, in blocks: half of what a list of numbers takes, and never copied. */
class LineNumbers {
  readonly #blocks: Uint32Array[] = [];
  #count = 0;

  push(line: number): void {
    const at = this.#count % 65_536;
    if (at === 0) this.#blocks.push(new Uint32Array(65_536));
    this.#blocks.at(-1)![at] = line;
    this.#count += 1;
  }

  at(image: number): number {
    return this.#blocks[Math.floor(image / 65_536)]![image % 65_536]!;
  }
}

const valueWords = ["negative", "positive", "uncertain"] as const;

/**
 * Reads all records of a file into one matrix. An image may have several records as long as they do not disagree.
 * Errors: labels.no-images, labels.no-categories, labels.conflicting-cell and labels.duplicate-image with both lines.
 */
export async function gatherRecords(reader: LabelReader): Promise<GatheredLabels> {
  const index = new NameIndex();
  const imageIds = index.names;
  const said: FirstSaid = { line: new LineNumbers(), part: null, group: null };
  const cells = new CellRecords();
  const repeated = new Set<string>();
  const take = (record: LabelRecord): void => {
    let image = index.find(record.image);
    if (record.part !== undefined) said.part ??= Array<null>(imageIds.length).fill(null);
    if (record.group !== undefined) said.group ??= Array<null>(imageIds.length).fill(null);
    if (image === undefined) {
      image = index.add(record.image);
      said.line.push(record.line);
      said.part?.push(record.part ?? null);
      said.group?.push(ownText(record.group ?? null));
    } else {
      checkSamePlace(reader.path, record, image, said);
      if (reader.oneRowPerImage) repeated.add(record.image);
    }
    if (record.cells.length > 0) cells.begin(image, record.line);
    for (const { category, value, weight } of record.cells) cells.push(category, value, weight);
  };
  for await (const read of reader.records) {
    if (isList(read)) read.forEach(take);
    else take(read);
  }
  const place = { file: reader.path };
  if (imageIds.length === 0) throw new CatwiseError("labels.no-images", "expected at least one image, found none.", { place });
  if (reader.categories.length === 0) throw new CatwiseError("labels.no-categories", "expected at least one category, found none.", { place });
  const { path, categories, disagreement = "error" } = reader;
  const labels = buildPartialLabels({ imageIds, categories, cells, disagreement, distinct: new Set(categories).size === categories.length, consume: disagreement === "uncertain", conflict: (image, category) => locateConflict(path, cells, { image, category }, { image: imageIds[image]!, category: categories[category]! }) });
  const disagreeing = reader.disagreement === "uncertain" ? countUncertain(labels) : 0;
  return {
    labels,
    split: said.part,
    groups: said.group,
    notices: [...reader.notices, ...repetitionNotices(repeated, reader.path), ...disagreementNotices(disagreeing, reader.path), ...silenceNotices(labels, reader.path)],
  };
}

function isList(read: LabelRecord | readonly LabelRecord[]): read is readonly LabelRecord[] {
  return Array.isArray(read);
}

/** A notice's list: how many, and the first few by name. */
export function examples(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(quote).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function checkSamePlace(path: string, record: LabelRecord, image: number, said: FirstSaid): void {
  if ((record.part ?? null) === (said.part?.[image] ?? null) && (record.group ?? null) === (said.group?.[image] ?? null)) return;
  throw new CatwiseError("labels.duplicate-image", `${quote(record.image)} was given another part or group on line ${said.line.at(image)}.`, {
    place: { file: path, line: record.line, field: "image" },
    remedy: "Keep one of the two rows.",
  });
}

/** The matrix knows which cell was given two values but not on which lines; they are looked up only when that happens. */
function locateConflict(file: string, cells: CellRecords, at: { readonly image: number; readonly category: number }, named: { readonly image: string; readonly category: string }): CatwiseError | null {
  const told: { readonly value: number; readonly line: number }[] = [];
  cells.forEach((image, category, value, _, line) => {
    if (image === at.image && category === at.category && (told.length === 0 || (told.length === 1 && told[0]!.value !== value))) told.push({ value, line });
  });
  const [first, second] = told;
  if (first === undefined || second === undefined) return null;
  const [here, there] = [second, first].map(({ value }) => valueWords[value] ?? "unknown");
  return new CatwiseError("labels.conflicting-cell", `image ${quote(named.image)}, category ${quote(named.category)}: ${here} here, ${there} on line ${first.line}.`, {
    place: { file, line: second.line, field: named.category },
    remedy: "Keep one of them, or mark the cell uncertain (u).",
  });
}

function repetitionNotices(repeated: ReadonlySet<string>, path: string): LabelNotice[] {
  if (repeated.size === 0) return [];
  return [{ code: "repeated-image", message: `${path}: ${repeated.size} images have several rows, which agree and were merged: ${examples([...repeated])}.` }];
}

function countUncertain({ value }: PartialLabels): number {
  let count = 0;
  for (const each of value) if (each === UNCERTAIN) count += 1;
  return count;
}

function disagreementNotices(count: number, path: string): LabelNotice[] {
  if (count === 0) return [];
  return [{ code: "disagreeing-labels", message: `${path}: ${count} cells were given as positive and as negative; they count as uncertain.` }];
}

function silenceNotices(labels: PartialLabels, path: string): LabelNotice[] {
  const notices: LabelNotice[] = [];
  const named = new Uint8Array(labels.categories.length);
  for (const category of labels.category) named[category] = 1;
  const silent = labels.categories.filter((_, category) => named[category] === 0);
  if (silent.length > 0) {
    notices.push({ code: "category-without-labels", message: `${path}: ${silent.length} of ${labels.categories.length} categories have no label at all: ${examples(silent)}.` });
  }
  const unlabelled = labels.imageIds.filter((_, image) => labels.rowStart[image] === labels.rowStart[image + 1]);
  if (unlabelled.length > 0) {
    notices.push({ code: "image-without-labels", message: `${path}: ${unlabelled.length} of ${labels.imageIds.length} images have no label at all: ${examples(unlabelled)}.` });
  }
  return notices;
}
