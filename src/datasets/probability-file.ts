import { CatwiseError, type Place } from "../errors.ts";
import { readProbabilityTensor, type NamedProbabilities } from "../model/index.ts";
import { openCsv, requireColumn } from "./csv-rows.ts";
import { parseImage, quote } from "./words.ts";

/**
 * Probabilities another model gives for images and categories: a CSV file as `predict` writes it, `image,<category>,...`, an empty field where there is none; or a .safetensors file
 * (readProbabilityTensor). Errors: csv.*, labels.duplicate-image, labels.no-categories, file.*.
 */
export async function readProbabilities(path: string): Promise<NamedProbabilities> {
  if (/\.safetensors$/i.test(path)) return readProbabilityTensor(path);
  if (!/\.csv$/i.test(path)) throw new CatwiseError("file.unknown-format", "expected probabilities as .csv or .safetensors.", { place: { file: path } });
  const table = await openCsv(path, undefined);
  const image = requireColumn(table, "image");
  const columns = Array.from(table.header.keys()).filter((column) => column !== image);
  if (columns.length === 0) throw new CatwiseError("labels.no-categories", "expected a column for each category, found none.", { place: { file: path, line: table.headerLine } });
  const lines = new Map<string, number>();
  const values: number[] = [];
  for await (const { fields, line } of table.rows) {
    const place = (column: number) => (): Place => ({ file: path, line, column: column + 1, field: table.header[column]! });
    const id = parseImage(fields[image]!, place(image));
    const earlier = lines.get(id);
    if (earlier !== undefined) throw new CatwiseError("labels.duplicate-image", `${quote(id)} has a row already, on line ${earlier}.`, { place: place(image)(), remedy: "Keep one of the two rows." });
    lines.set(id, line);
    for (const column of columns) values.push(parseProbability(fields[column]!, place(column)));
  }
  return { ids: [...lines.keys()], categories: columns.map((column) => table.header[column]!), values: Float32Array.from(values) };
}

function parseProbability(text: string, place: () => Place): number {
  const word = text.trim();
  if (word === "") return Number.NaN;
  const value = Number(word);
  if (value >= 0 && value <= 1) return value;
  throw new CatwiseError("csv.invalid-value", `expected a probability from 0 to 1, or nothing, got ${quote(word)}.`, { place: place(), remedy: "Give probabilities, such as a softmax or sigmoid of the model's scores." });
}
