import { CatwiseError } from "../../errors.ts";
import { readLines } from "../text-lines.ts";
import { quote } from "../words.ts";

/**
 * (rows) the labels of one concept: a 0 or 1 a line. Blank lines may stand at the end only, since a line tells of a picture by
 * its place alone. Errors: labels.invalid-value and file.malformed (another number of lines) with the line, and those of readLines.
 */
export async function readColumn(path: string, rows: number, list: string, encoding: string | undefined): Promise<Uint8Array> {
  const column = new Uint8Array(rows);
  let count = 0;
  let blank: number | null = null;
  for await (const { text, line } of readLines(path, encoding)) {
    const word = text.trim();
    if (word === "") {
      blank ??= line;
      continue;
    }
    if (blank !== null) throw new CatwiseError("labels.invalid-value", "expected 0 or 1, got a blank line.", { place: { file: path, line: blank } });
    if (word !== "0" && word !== "1") throw new CatwiseError("labels.invalid-value", `expected 0 or 1, got ${quote(word)}.`, { place: { file: path, line } });
    if (count < rows) column[count] = Number(word);
    count += 1;
  }
  if (count === rows) return column;
  throw new CatwiseError("file.malformed", `expected ${rows} labels, one for each line of ${list}, got ${count}.`, { place: { file: path, line: Math.min(count, rows) }, remedy: "Copy both files from the same version of the data set." });
}
