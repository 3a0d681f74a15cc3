/** What both CSV formats share: the words of cells, and what a CSV file cannot hold. */
import { stringify } from "csv-stringify/sync";
import { NEGATIVE, POSITIVE } from "../../labels/index.ts";
import type { TextFile } from "../../model/index.ts";
import type { NameRule } from "./names.ts";

/** Fields put into words at once: making a writer of rows takes longer than writing one. */
const blockFields = 1 << 14;

/** Rows of CSV on their way to a file, made into text block by block. */
export class CsvRows {
  readonly #file: TextFile;
  #rows: string[][] = [];
  #fields = 0;

  constructor(file: TextFile) {
    this.#file = file;
  }

  /** A promise only where something went to the file. */
  add(row: string[]): Promise<void> | undefined {
    this.#rows.push(row);
    this.#fields += row.length;
    return this.#fields < blockFields ? undefined : this.end();
  }

  async end(): Promise<void> {
    const rows = this.#rows;
    [this.#rows, this.#fields] = [[], 0];
    if (rows.length > 0) await this.#file.write(stringify(rows));
  }
}

export function wordOf(value: number): string {
  if (value === POSITIVE) return "1";
  return value === NEGATIVE ? "0" : "u";
}

/** Readers take a file with a null character for no text at all. */
export const noNull: NameRule = (name) => (name.includes("\0") ? "holds a null character" : null);
