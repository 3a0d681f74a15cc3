import { CatwiseError } from "../errors.ts";
import { CsvParser, type CsvFault, type CsvRow } from "./csv-parser.ts";
import { readText } from "./text.ts";

export type { CsvRow };

export interface CsvTable {
  readonly path: string;
  /** Trimmed, each once. */
  readonly header: readonly string[];
  readonly headerLine: number;
  /** Every row has as many fields as the header; blank lines are left out. */
  readonly rows: AsyncGenerator<CsvRow, void, undefined>;
  /** The same rows, as many at a time as were read at once: for files of millions, where a turn of the event loop a row would be most of the time. One of the two can be read. */
  readonly batches: AsyncGenerator<readonly CsvRow[], void, undefined>;
}

/**
 * Opens a CSV file (RFC 4180; LF, CR LF or CR) and reads its header; the rows are read as they are asked for.
 * Errors: csv.duplicate-column, csv.ragged-row, csv.quote, file.empty, and those of readText.
 */
export async function openCsv(path: string, encoding: string | undefined): Promise<CsvTable> {
  const records = parseRecords(path, encoding);
  try {
    return await opened(path, records);
  } catch (error) {
    // Nobody will read on: the file must not stay open.
    await records.return();
    throw error;
  }
}

async function opened(path: string, records: ReturnType<typeof parseRecords>): Promise<CsvTable> {
  let first: readonly CsvRow[] = [];
  while (first.length === 0) {
    const batch = await records.next();
    if (batch.done === true) throw new CatwiseError("file.empty", "expected a header, found only blank lines.", { place: { file: path } });
    first = batch.value;
  }
  const headerLine = first[0]!.line;
  const header = first[0]!.fields.map((name) => name.trim());
  header.forEach((name, i) => {
    const earlier = header.indexOf(name);
    if (earlier === i) return;
    throw new CatwiseError("csv.duplicate-column", `column ${earlier + 1} has the same name.`, {
      place: { file: path, line: headerLine, column: i + 1, field: name },
      remedy: "Rename or remove one of them.",
    });
  });
  const batches = evenRows(path, header, following(first.slice(1), records));
  return { path, header, headerLine, rows: oneByOne(batches), batches };
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

async function* following(first: readonly CsvRow[], others: AsyncIterable<readonly CsvRow[]>): AsyncGenerator<readonly CsvRow[], void, undefined> {
  yield first;
  yield* others;
}

async function* oneByOne(batches: AsyncIterable<readonly CsvRow[]>): AsyncGenerator<CsvRow, void, undefined> {
  for await (const batch of batches) yield* batch;
}

async function* evenRows(path: string, header: readonly string[], batches: AsyncIterable<readonly CsvRow[]>): AsyncGenerator<readonly CsvRow[], void, undefined> {
  for await (const batch of batches) {
    const uneven = batch.findIndex((row) => row.fields.length !== header.length);
    if (uneven < 0) {
      yield batch;
      continue;
    }
    yield batch.slice(0, uneven);
    const { line, fields } = batch[uneven]!;
    throw new CatwiseError("csv.ragged-row", `expected ${header.length} fields as in the header, got ${fields.length}.`, {
      place: { file: path, line },
      remedy: fields.length > header.length ? "Quote fields that contain commas." : "Add the fields that are missing; a field that is not known stays empty between its commas.",
    });
  }
}

/** The rows of a CSV file that may have no header, as they stand. Errors: csv.quote and those of readText. */
export function readCsvRows(path: string, encoding: string | undefined): AsyncGenerator<CsvRow, void, undefined> {
  return oneByOne(parseRecords(path, encoding));
}

/** Every row before a fault is given out before the fault is. */
async function* parseRecords(path: string, encoding: string | undefined): AsyncGenerator<readonly CsvRow[], void, undefined> {
  const parser = new CsvParser();
  for await (const text of withEnd(readText(path, encoding))) {
    const rows = parser.feed(text ?? "", text === null);
    if (rows.length > 0) yield rows;
    if (parser.fault !== null) throw quoteError(path, parser.line, parser.fault);
  }
}

async function* withEnd(texts: AsyncIterable<string>): AsyncGenerator<string | null, void, undefined> {
  yield* texts;
  yield null;
}

const faults: Readonly<Record<CsvFault, string>> = {
  "quote-not-closed": "a quotation mark is opened in this row and never closed.",
  "quote-inside": "a quotation mark stands inside a field that does not begin with one.",
  "text-after-quote": "a closing quotation mark is followed by something other than a comma or the end of the row.",
};

function quoteError(path: string, line: number, fault: CsvFault): CatwiseError {
  return new CatwiseError("csv.quote", faults[fault], { place: { file: path, line }, remedy: 'Put the whole field in quotation marks and double those inside ("").' });
}
