import { Parser } from "csv-parse";
import { CatwiseError } from "../errors.ts";
import { countLineEnds, readText } from "./text.ts";

export interface CsvRow {
  /** The line the row begins on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvTable {
  readonly path: string;
  /** Trimmed, each once. */
  readonly header: readonly string[];
  readonly headerLine: number;
  /** Every row has as many fields as the header; blank lines are left out. */
  readonly rows: AsyncGenerator<CsvRow, void, undefined>;
}

/**
 * Opens a CSV file (RFC 4180; LF, CR LF or CR) and reads its header; the rows are read as they are asked for.
 * Errors: csv.duplicate-column, csv.ragged-row, csv.quote, file.empty, and those of readText.
 */
export async function openCsv(path: string, encoding: string | undefined): Promise<CsvTable> {
  const records = parseRecords(path, encoding);
  const first = await records.next();
  if (first.done === true) throw new CatwiseError("file.empty", "expected a header, found only blank lines.", { place: { file: path } });
  const headerLine = first.value.line;
  const header = first.value.fields.map((name) => name.trim());
  header.forEach((name, i) => {
    const earlier = header.indexOf(name);
    if (earlier === i) return;
    throw new CatwiseError("csv.duplicate-column", `column ${earlier + 1} has the same name.`, {
      place: { file: path, line: headerLine, column: i + 1, field: name },
      remedy: "Rename or remove one of them.",
    });
  });
  return { path, header, headerLine, rows: evenRows(path, header, records) };
}

/** Where a column stands; csv.missing-column when it does not. */
export function requireColumn(table: CsvTable, name: string): number {
  const at = table.header.indexOf(name);
  if (at >= 0) return at;
  const near = table.header.find((column) => column.toLowerCase() === name.toLowerCase());
  const separated = table.header.length === 1 && /[;\t]/.test(table.header[0]!);
  const found = table.header.slice(0, 8).map((column) => `"${column}"`).join(", ");
  let remedy = "Add it, or rename the column that holds it.";
  if (near !== undefined) remedy = `Rename "${near}": upper and lower case matter.`;
  if (separated) remedy = "Separate the fields with commas.";
  throw new CatwiseError("csv.missing-column", `expected a column "${name}", found ${found}.`, { place: { file: table.path, line: table.headerLine }, remedy });
}

async function* evenRows(path: string, header: readonly string[], records: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow, void, undefined> {
  for await (const row of records) {
    if (row.fields.length !== header.length) {
      throw new CatwiseError("csv.ragged-row", `expected ${header.length} fields as in the header, got ${row.fields.length}.`, {
        place: { file: path, line: row.line },
        remedy: row.fields.length > header.length ? "Quote fields that contain commas." : "Add the fields that are missing; a field that is not known stays empty between its commas.",
      });
    }
    yield row;
  }
}

/** The rows of a CSV file that may have no header, as they stand. Errors: csv.quote and those of readText. */
export function readCsvRows(path: string, encoding: string | undefined): AsyncGenerator<CsvRow, void, undefined> {
  return parseRecords(path, encoding);
}

/** The parser is fed by hand, so that every row before a fault is given out before the fault is. */
async function* parseRecords(path: string, encoding: string | undefined): AsyncGenerator<CsvRow, void, undefined> {
  let line = 1;
  let rows: CsvRow[] = [];
  const parser = new Parser({
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    on_record: (fields: string[]) => {
      if (fields.length > 1 || fields[0] !== "") rows.push({ line, fields });
      line += fields.reduce((count, field) => count + countLineEnds(field), 1);
      return null;
    },
  });
  const fault = new Promise<Error>((resolve) => {
    parser.once("error", resolve);
  });
  const feed = (text: string | null): Promise<Error | null> =>
    Promise.race([
      fault,
      new Promise<null>((resolve) => {
        if (text === null) parser.end(() => resolve(null));
        else parser.write(text, () => resolve(null));
      }),
    ]);

  for await (const text of withEnd(readText(path, encoding))) {
    const failed = (await feed(text)) ?? parser.errored;
    yield* rows;
    if (failed !== null) throw quoteError(path, line, failed);
    rows = [];
  }
}

async function* withEnd(texts: AsyncIterable<string>): AsyncGenerator<string | null, void, undefined> {
  yield* texts;
  yield null;
}

/** Only quotation marks are left for the parser to complain of: the number of fields is judged here. */
function quoteError(path: string, line: number, cause: Error): CatwiseError {
  const code = "code" in cause ? String(cause.code) : "";
  const what: Readonly<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: "a quotation mark is opened in this row and never closed.",
    INVALID_OPENING_QUOTE: "a quotation mark stands inside a field that does not begin with one.",
    CSV_INVALID_CLOSING_QUOTE: "a closing quotation mark is followed by something other than a comma or the end of the row.",
  };
  return new CatwiseError("csv.quote", what[code] ?? cause.message, { place: { file: path, line }, remedy: 'Put the whole field in quotation marks and double those inside ("").', cause });
}
