import type { TextFile } from "../../model/index.ts";
import type { NameRule } from "./names.ts";

/** A JSON array on its way to a file, an entry on a line of its own, so that an error in it has a line. */
export class JsonList {
  readonly #file: TextFile;
  #empty = true;

  constructor(file: TextFile) {
    this.#file = file;
  }

  async add(entry: unknown): Promise<void> {
    const before = this.#empty ? "[\n" : ",\n";
    this.#empty = false;
    await this.#file.write(before + JSON.stringify(entry));
  }

  /** Ends the array; `after` is what follows it. */
  async end(after: string): Promise<void> {
    await this.#file.write((this.#empty ? "[]" : "\n]") + after);
  }
}

/** The JSON reader of this house leaves byte order marks out, wherever they stand. */
export const noMark: NameRule = (name) => (name.includes("\ufeff") ? "holds a byte order mark" : null);
