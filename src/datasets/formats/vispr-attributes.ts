import { CatwiseError } from "../../errors.ts";
import { readLines } from "../text-lines.ts";
import { quote } from "../words.ts";

export interface VisprAttribute {
  readonly id: string;
  readonly description: string;
  /** Among the attributes, in the order of their idx. */
  readonly position: number;
  readonly line: number;
}

/**
 * attributes.tsv: columns idx, attribute_id and description between tabs, by their header; rows without an idx are headings and
 * left out. By attribute_id, in the order of idx. Errors: csv.missing-column, file.malformed with the line, and those of readLines.
 */
export async function readVisprAttributes(path: string, encoding: string | undefined): Promise<Map<string, VisprAttribute>> {
  let columns: { idx: number; id: number; description: number } | null = null;
  const rows: { idx: number; id: string; description: string; line: number }[] = [];
  for await (const { text, line } of readLines(path, encoding)) {
    const fields = text.split("\t").map((field) => field.trim());
    const place = { file: path, line };
    if (columns === null) {
      columns = { idx: fields.indexOf("idx"), id: fields.indexOf("attribute_id"), description: fields.indexOf("description") };
      const missing = columns.idx < 0 ? "idx" : columns.id < 0 ? "attribute_id" : null;
      if (missing !== null) throw new CatwiseError("csv.missing-column", `expected a column "${missing}" between tabs.`, { place });
      continue;
    }
    const [idx, id] = [fields[columns.idx] ?? "", fields[columns.id] ?? ""];
    if (idx === "") continue;
    if (!/^\d{1,9}$/.test(idx) || id === "") throw new CatwiseError("file.malformed", "expected a number as idx and an attribute_id.", { place });
    if (rows.some((row) => row.id === id || row.idx === Number(idx))) throw new CatwiseError("file.malformed", `the attribute ${quote(id)} or its idx is given twice.`, { place });
    rows.push({ idx: Number(idx), id, description: fields[columns.description] || id, line });
  }
  rows.sort((a, b) => a.idx - b.idx);
  return new Map(rows.map(({ id, description, line }, position) => [id, { id, description, position, line }]));
}
