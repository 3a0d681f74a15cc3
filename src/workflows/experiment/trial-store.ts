/**
 * Finished trials on disk, a line each, so that a stopped experiment goes on where it was: `trials.jsonl` in the output folder.
 * A line that was cut off by a kill does not parse and counts as not done. Lines of other settings stay: they may be asked for again.
 */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError } from "../../errors.ts";
import type { Trial, TrialRow } from "./trial.ts";

export class TrialStore {
  private readonly path: string;
  private readonly rows = new Map<string, readonly TrialRow[]>();
  /** Whether the file ends in the middle of a line. */
  private torn = false;

  constructor(folder: string) {
    this.path = join(folder, "trials.jsonl");
  }

  async open(): Promise<void> {
    const text = await readFile(this.path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw new CatwiseError("file.unreadable", "the record of finished trials cannot be read.", { place: { file: this.path }, cause: error });
    });
    this.torn = text !== "" && !text.endsWith("\n");
    for (const line of text.split("\n")) {
      const one = parsedLine(line);
      if (one !== null) this.rows.set(one.key, one.rows);
    }
  }

  of(trial: Trial): readonly TrialRow[] | undefined {
    return this.rows.get(trial.key);
  }

  async add(trial: Trial, rows: readonly TrialRow[]): Promise<void> {
    await appendFile(this.path, `${this.torn ? "\n" : ""}${JSON.stringify({ key: trial.key, rows })}\n`);
    this.torn = false;
    this.rows.set(trial.key, rows);
  }
}

function parsedLine(line: string): { key: string; rows: readonly TrialRow[] } | null {
  if (line === "") return null;
  try {
    const value = JSON.parse(line) as { key?: unknown; rows?: unknown };
    return typeof value.key === "string" && Array.isArray(value.rows) ? { key: value.key, rows: value.rows as TrialRow[] } : null;
  } catch {
    return null;
  }
}
