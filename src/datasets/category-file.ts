import { CatwiseError, type Place } from "../errors.ts";
import { openCsv, requireColumn } from "./csv-rows.ts";
import { quote } from "./words.ts";

/** One row of a file with one row for each category. */
export interface CategoryRow {
  readonly category: string;
  /** What stands in the column asked for, trimmed. */
  readonly text: string;
  readonly place: Place;
}

/**
 * Reads what a person says of some categories: `category,<column>`, one row a category; other columns are ignored.
 * Errors: csv.duplicate-row, csv.invalid-value for a row without a category, csv.*, file.*.
 */
export async function readCategoryFile(path: string, column: string, encoding?: string): Promise<CategoryRow[]> {
  const table = await openCsv(path, encoding);
  const [category, value] = [requireColumn(table, "category"), requireColumn(table, column)];
  const lines = new Map<string, number>();
  const rows: CategoryRow[] = [];
  for await (const { fields, line } of table.rows) {
    const name = fields[category]!.trim();
    const place = (at: number): Place => ({ file: path, line, column: at + 1, field: table.header[at]! });
    if (name === "") throw new CatwiseError("csv.invalid-value", "expected the name of a category, got nothing.", { place: place(category), remedy: "Name it, or remove the row." });
    const earlier = lines.get(name);
    if (earlier !== undefined) throw new CatwiseError("csv.duplicate-row", `${quote(name)} has a row already, on line ${earlier}.`, { place: place(category), remedy: "Keep one of the two rows." });
    lines.set(name, line);
    rows.push({ category: name, text: fields[value]!.trim(), place: place(value) });
  }
  return rows;
}
