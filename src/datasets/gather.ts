import { CatwiseError } from "../errors.ts";
import { buildPartialLabels, CellList, UNCERTAIN } from "../labels/index.ts";
import type { CellColumns, PartialLabels, PartName } from "../labels/index.ts";
import type { LabelNotice, LabelReader, LabelRecord } from "./label-file.ts";
import { quote } from "./words.ts";

export interface GatheredLabels {
  readonly labels: PartialLabels;
  readonly split: (PartName | null)[] | null;
  readonly groups: (string | null)[] | null;
  readonly notices: LabelNotice[];
}

const valueWords = ["negative", "positive", "uncertain"] as const;

/**
 * Reads all records of a file into one matrix. An image may have several records as long as they do not disagree.
 * Errors: labels.no-images, labels.no-categories, labels.conflicting-cell and labels.duplicate-image with both lines.
 */
export async function gatherRecords(reader: LabelReader): Promise<GatheredLabels> {
  const rowOf = new Map<string, number>();
  const imageIds: string[] = [];
  const firstRecord: { readonly line: number; readonly part: PartName | null; readonly group: string | null }[] = [];
  const cells = new CellList();
  let lines = new Uint32Array(1024);
  const repeated = new Set<string>();
  const saidPart = { any: false, group: false };
  for await (const record of reader.records) {
    let image = rowOf.get(record.image);
    saidPart.any ||= record.part !== undefined;
    saidPart.group ||= record.group !== undefined;
    if (image === undefined) {
      image = imageIds.length;
      rowOf.set(record.image, image);
      imageIds.push(record.image);
      firstRecord.push({ line: record.line, part: record.part ?? null, group: record.group ?? null });
    } else {
      checkSamePlace(reader.path, record, firstRecord[image]!);
      if (reader.oneRowPerImage) repeated.add(record.image);
    }
    for (const cell of record.cells) {
      if (cells.count === lines.length) lines = grown(lines);
      lines[cells.count] = record.line;
      cells.push(image, cell.category, cell.value, cell.weight);
    }
  }
  const place = { file: reader.path };
  if (imageIds.length === 0) throw new CatwiseError("labels.no-images", "expected at least one image, found none.", { place });
  if (reader.categories.length === 0) throw new CatwiseError("labels.no-categories", "expected at least one category, found none.", { place });
  const labels = buildLocated(reader, imageIds, cells, lines);
  const disagreeing = reader.disagreement === "uncertain" ? countUncertain(labels) : 0;
  return {
    labels,
    split: saidPart.any ? firstRecord.map(({ part }) => part) : null,
    groups: saidPart.group ? firstRecord.map(({ group }) => group) : null,
    notices: [...reader.notices, ...repetitionNotices(repeated, reader.path), ...disagreementNotices(disagreeing, reader.path), ...silenceNotices(labels, reader.path)],
  };
}

/** A notice's list: how many, and the first few by name. */
export function examples(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(quote).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function checkSamePlace(path: string, record: LabelRecord, first: { readonly line: number; readonly part: PartName | null; readonly group: string | null }): void {
  if ((record.part ?? null) === first.part && (record.group ?? null) === first.group) return;
  throw new CatwiseError("labels.duplicate-image", `${quote(record.image)} was given another part or group on line ${first.line}.`, {
    place: { file: path, line: record.line, field: "image" },
    remedy: "Keep one of the two rows.",
  });
}

/** The matrix knows which cell was given two values but not on which lines; they are looked up only when that happens. */
function buildLocated(reader: LabelReader, imageIds: readonly string[], cells: CellColumns, lines: Uint32Array): PartialLabels {
  try {
    return buildPartialLabels({ imageIds, categories: reader.categories, cells, disagreement: reader.disagreement ?? "error" });
  } catch (error) {
    if (error instanceof CatwiseError && error.code === "labels.conflicting-cell") throw locateConflict(reader, imageIds, cells, lines) ?? error;
    throw error;
  }
}

function locateConflict(reader: LabelReader, imageIds: readonly string[], cells: CellColumns, lines: Uint32Array): CatwiseError | null {
  const firstOf = new Map<number, number>();
  for (let cell = 0; cell < cells.count; cell += 1) {
    const [image, category] = [cells.image[cell]!, cells.category[cell]!];
    const key = image * reader.categories.length + category;
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, cell);
    else if (cells.value[first] !== cells.value[cell]) {
      const name = reader.categories[category]!;
      const [here, there] = [cell, first].map((at) => valueWords[cells.value[at]!] ?? "unknown");
      return new CatwiseError("labels.conflicting-cell", `image ${quote(imageIds[image]!)}, category ${quote(name)}: ${here} here, ${there} on line ${lines[first]}.`, {
        place: { file: reader.path, line: lines[cell]!, field: name },
        remedy: "Keep one of them, or mark the cell uncertain (u).",
      });
    }
  }
  return null;
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

function grown(lines: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(lines.length * 2);
  larger.set(lines);
  return larger;
}

function silenceNotices(labels: PartialLabels, path: string): LabelNotice[] {
  const notices: LabelNotice[] = [];
  const named = new Set(labels.category);
  const silent = labels.categories.filter((_, category) => !named.has(category));
  if (silent.length > 0) {
    notices.push({ code: "category-without-labels", message: `${path}: ${silent.length} of ${labels.categories.length} categories have no label at all: ${examples(silent)}.` });
  }
  const unlabelled = labels.imageIds.filter((_, image) => labels.rowStart[image] === labels.rowStart[image + 1]);
  if (unlabelled.length > 0) {
    notices.push({ code: "image-without-labels", message: `${path}: ${unlabelled.length} of ${labels.imageIds.length} images have no label at all: ${examples(unlabelled)}.` });
  }
  return notices;
}
