/**
 * CSV (RFC 4180) to rows of fields: fields in commas, records in LF, CR LF or CR, a field in quotation marks where it holds any of these, a quotation mark in it doubled.
 * Text comes in pieces. Where a piece holds no quotation mark it is cut by the engine's own search for line ends and commas, which is why a file of gigabytes takes a minute.
 */
import { countLineEnds } from "./text.ts";

export interface CsvRow {
  /** The line the row begins on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** What a row does that no CSV file may do. */
export type CsvFault = "quote-not-closed" | "quote-inside" | "text-after-quote";

/** A record cut out of a text: where the next one begins, and its line ends, that behind it included. */
interface Cut {
  readonly fields: string[];
  readonly next: number;
  readonly lines: number;
}

export class CsvParser {
  /** The line that the next row begins on. */
  line = 1;
  /** What stopped the parser at that line; rows before it have been given out. */
  fault: CsvFault | null = null;
  /** Text that does not end with a record, and as much as must come before it is worth another look: a quotation mark never closed would else be searched for anew with every piece. */
  #pieces: string[] = [];
  #length = 0;
  #worth = 0;
  /** The next comma in the text being cut, or one before it. */
  #comma = -1;

  /** The rows that end in `text`, blank lines left out; with `last` the rest too. */
  feed(text: string, last: boolean): CsvRow[] {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.fault !== null || (!last && this.#length < this.#worth)) return [];
    const whole = this.#pieces.length === 1 ? text : this.#pieces.join("");
    this.#comma = -1;
    const rows: CsvRow[] = [];
    const rest = whole.includes('"') || whole.includes("\r") ? this.#carefully(whole, last, rows) : this.#quickly(whole, last, rows);
    this.#pieces = rest === "" ? [] : [rest];
    this.#length = rest.length;
    this.#worth = 2 * rest.length;
    return rows;
  }

  #quickly(text: string, last: boolean, rows: CsvRow[]): string {
    let at = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", at)) {
      this.#push(rows, text, at, end);
      at = end + 1;
    }
    if (last && at < text.length) this.#push(rows, text, at, text.length);
    return last ? "" : text.slice(at);
  }

  #carefully(text: string, last: boolean, rows: CsvRow[]): string {
    let at = 0;
    let [feed, back, quote] = [-1, -1, -1];
    while (at < text.length) {
      if (feed < at) feed = found(text, "\n", at);
      if (back < at) back = found(text, "\r", at);
      if (quote < at) quote = found(text, '"', at);
      const end = Math.min(feed, back);
      if (quote < end) {
        const cut = cutRecord(text, at, last);
        if (cut === null) break;
        if (typeof cut === "string") {
          this.fault = cut;
          break;
        }
        if (cut.fields.length > 1 || cut.fields[0] !== "") rows.push({ line: this.line, fields: cut.fields });
        this.line += cut.lines;
        at = cut.next;
        continue;
      }
      // Whether LF follows a CR at the very end is not known yet.
      if (!last && (end === Number.POSITIVE_INFINITY || (end === back && end === text.length - 1))) break;
      this.#push(rows, text, at, Math.min(end, text.length));
      at = end === back && text[end + 1] === "\n" ? end + 2 : end + 1;
    }
    return last ? "" : text.slice(at);
  }

  /** A record without quotation marks. */
  #push(rows: CsvRow[], text: string, from: number, end: number): void {
    if (from < end) {
      const fields: string[] = [];
      let at = from;
      // The next comma may be many records away; it is searched for once.
      if (this.#comma < at) this.#comma = found(text, ",", at);
      while (this.#comma < end) {
        fields.push(text.slice(at, this.#comma));
        at = this.#comma + 1;
        this.#comma = found(text, ",", at);
      }
      fields.push(text.slice(at, end));
      rows.push({ line: this.line, fields });
    }
    this.line += 1;
  }
}

function found(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** The record at `from`, field by field; null where the text ends before it does. */
function cutRecord(text: string, from: number, last: boolean): Cut | CsvFault | null {
  const fields: string[] = [];
  let lines = 1;
  for (let at = from; ; at += 1) {
    const field = text[at] === '"' ? quoted(text, at, last) : plain(text, at, last);
    if (field === null || typeof field === "string") return field;
    fields.push(field.value);
    lines += countLineEnds(field.value);
    at = field.end;
    if (text[at] === ",") continue;
    if (at >= text.length) return last ? { fields, next: at, lines } : null;
    if (text[at] === "\n") return { fields, next: at + 1, lines };
    if (at + 1 === text.length && !last) return null;
    return { fields, next: text[at + 1] === "\n" ? at + 2 : at + 1, lines };
  }
}

/** A field and where it ends: at a comma, a line end or the end of the text. */
interface Field {
  readonly value: string;
  readonly end: number;
}

function plain(text: string, from: number, last: boolean): Field | CsvFault | null {
  for (let at = from; at < text.length; at += 1) {
    const unit = text[at];
    if (unit === '"') return "quote-inside";
    if (unit === "," || unit === "\n" || unit === "\r") return { value: text.slice(from, at), end: at };
  }
  return last ? { value: text.slice(from), end: text.length } : null;
}

function quoted(text: string, from: number, last: boolean): Field | CsvFault | null {
  let value = "";
  for (let start = from + 1; ; ) {
    const at = text.indexOf('"', start);
    if (at < 0) return last ? "quote-not-closed" : null;
    if (at + 1 === text.length && !last) return null;
    value += text.slice(start, at);
    if (text[at + 1] !== '"') {
      const after = text[at + 1];
      return after === undefined || after === "," || after === "\n" || after === "\r" ? { value, end: at + 1 } : "text-after-quote";
    }
    value += '"';
    start = at + 2;
  }
}
