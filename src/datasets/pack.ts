/**
 * A feature pack: a folder with labels.npy (N x C: 0 negative, 1 positive), categories.json (C names) and, if there are
 * parts, split.npy (N: 0 fit, 1 selection, 2 report). Images have no names; their ids are the row numbers from 0 as text.
 *
 * | labels.npy | meaning                                    |
 * |------------|--------------------------------------------|
 * | 1          | positive                                   |
 * | 0          | negative                                   |
 * | other      | an error: a pack is fully labelled         |
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CatwiseError } from "../errors.ts";
import { NEGATIVE, POSITIVE } from "../labels/index.ts";
import type { PartName } from "../labels/index.ts";
import { readNpy } from "../model/index.ts";
import type { LabelReader, LabelRecord, RecordCell } from "./label-file.ts";
import { readText } from "./text.ts";

/** split.npy: 0 train, 1 valid, 2 test. */
const partOfNumber: readonly PartName[] = ["fit", "selection", "report"];

export async function readPack(folder: string): Promise<LabelReader> {
  const [labelPath, categoryPath, splitPath] = [join(folder, "labels.npy"), join(folder, "categories.json"), join(folder, "split.npy")];
  const labels = await readNpy(labelPath);
  const categories = await readNames(categoryPath);
  const [rows, columns] = [labels.shape[0] ?? 0, labels.shape[1] ?? 0];
  if (labels.shape.length !== 2 || columns !== categories.length) {
    throw new CatwiseError("file.malformed", `expected N images x ${categories.length} categories, got an array of shape (${labels.shape.join(", ")}).`, { place: { file: labelPath } });
  }
  const split = existsSync(splitPath) ? await readNpy(splitPath) : null;
  if (split !== null && (split.shape.length !== 1 || split.shape[0] !== rows)) {
    throw new CatwiseError("file.malformed", `expected one part for each of ${rows} images, got an array of shape (${split.shape.join(", ")}).`, { place: { file: splitPath } });
  }

  function record(row: number): LabelRecord {
    const cells: RecordCell[] = categories.map((name, category) => {
      const value = labels.data[row * columns + category];
      if (value === POSITIVE || value === NEGATIVE) return { category, value, weight: 1 };
      throw new CatwiseError("labels.invalid-value", `expected 0 or 1, got ${value}.`, { place: { file: labelPath, line: row + 1, column: category + 1, field: name } });
    });
    if (split === null) return { image: String(row), line: row + 1, cells };
    const part = partOfNumber[split.data[row]!];
    if (part === undefined) {
      throw new CatwiseError("split.invalid-part", `expected 0, 1 or 2, got ${split.data[row]}.`, { place: { file: splitPath, line: row + 1 } });
    }
    return { image: String(row), line: row + 1, cells, part };
  }

  return {
    path: labelPath,
    oneRowPerImage: true,
    files: [labelPath, categoryPath, ...(split === null ? [] : [splitPath])],
    categories,
    notices: [],
    records: (async function* () {
      for (let row = 0; row < rows; row += 1) yield record(row);
    })(),
  };
}

async function readNames(path: string): Promise<string[]> {
  let text = "";
  for await (const piece of readText(path, undefined)) text += piece;
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch (cause) {
    throw new CatwiseError("file.malformed", "expected JSON.", { place: { file: path }, cause });
  }
  if (Array.isArray(names) && names.every((name): name is string => typeof name === "string" && name !== "") && new Set(names).size === names.length) return names;
  throw new CatwiseError("file.malformed", "expected a JSON array of names, each once.", { place: { file: path } });
}
