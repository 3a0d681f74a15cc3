import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvParser, type CsvFault, type CsvRow } from "./csv-parser.ts";

/** The text in pieces that end at the places given. */
function parsed(text: string, cuts: readonly number[] = []): { rows: CsvRow[]; fault: CsvFault | null; line: number } {
  const parser = new CsvParser();
  const places = [0, ...cuts.map((cut) => Math.floor(cut * text.length)).sort((a, b) => a - b), text.length];
  const rows = places.slice(1).flatMap((end, at) => parser.feed(text.slice(places[at], end), false));
  rows.push(...parser.feed("", true));
  return { rows, fault: parser.fault, line: parser.line };
}

const fieldsOf = (text: string, cuts: readonly number[] = []): (readonly string[])[] => parsed(text, cuts).rows.map(({ fields }) => fields);
const cutting = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });
const anything = fc.array(fc.constantFrom("a", "bc", ",", ",", "\n", "\n", "\r\n", "\r", '"', '"', '""', "\u50B7", " "), { maxLength: 40 }).map((parts) => parts.join(""));
/** Files as they should be: fields quoted where they must be, and some where they need not. */
const field = fc.tuple(fc.array(fc.constantFrom("a", "1", " ", ",", "\n", "\r\n", '"', "\u{1F600}"), { maxLength: 6 }).map((parts) => parts.join("")), fc.boolean());
const written = fc.tuple(fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), fc.constantFrom("\n", "\r\n", "\r"), fc.boolean());

describe("the CSV parser", () => {
  it("finds in any text what csv-parse finds, and a fault where that finds one", () => {
    fc.assert(
      fc.property(anything, cutting, (text, cuts) => {
        let wanted: string[][] | null = null;
        try {
          wanted = parse(text, { relax_column_count: true, record_delimiter: ["\r\n", "\n", "\r"] });
        } catch {
          // A fault, which is all that is compared of it.
        }
        const { rows, fault } = parsed(text, cuts);
        if (wanted === null) expect(fault).not.toBeNull();
        else expect([fault, rows.map(({ fields }) => fields)]).toEqual([null, wanted.filter((fields) => fields.length > 1 || fields[0] !== "")]);
      }),
      { numRuns: 3000 },
    );
  });

  it("reads back whatever fields were written, however the text is cut into pieces, and counts lines as editors do", () => {
    fc.assert(
      fc.property(written, cutting, ([records, end, closed], cuts) => {
        const text = records.map((fields) => fields.map(([value, needless]) => (needless || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(",")).join(end) + (closed ? end : "");
        const kept = records.map((fields) => fields.map(([value]) => value)).filter((fields) => fields.length > 1 || fields[0] !== "");
        const { rows } = parsed(text, cuts);
        expect(rows.map(({ fields }) => fields)).toEqual(kept);
        let line = 1;
        const lines = records.map((fields) => {
          const at = line;
          line += 1 + fields.reduce((count, [value]) => count + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
          return at;
        });
        expect(rows.map((row) => row.line)).toEqual(lines.filter((_, at) => records[at].length > 1 || records[at][0][0] !== ""));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a,b\nc,"d', "quote-not-closed", 2],
    ['a,b\n"c\nd",e\nf"g,h\n', "quote-inside", 4],
    ['a,b\n\n"c"d,e\n', "text-after-quote", 3],
  ] as const)("stops at %j, all rows before it given out", (text, fault, line) => {
    const stopped = parsed(text);
    expect([stopped.fault, stopped.line]).toEqual([fault, line]);
    expect(stopped.rows[0].fields).toEqual(["a", "b"]);
  });

  it("waits for what follows a CR at the end of a piece", () => {
    expect(fieldsOf("a,b\r\nc,d\r", [4 / 9])).toEqual([["a", "b"], ["c", "d"]]);
    expect(parsed("a\r\nb", [0.5]).rows).toEqual([{ line: 1, fields: ["a"] }, { line: 2, fields: ["b"] }]);
  });

  it("does not look through a field that is never closed again and again", () => {
    const parser = new CsvParser();
    const piece = "x".repeat(1 << 14);
    parser.feed('"', false);
    const began = performance.now();
    for (let at = 0; at < 4000; at++) parser.feed(piece, false);
    parser.feed("", true);
    expect(parser.fault).toBe("quote-not-closed");
    // 64 million characters: a fraction of a second once over, minutes when begun anew with every piece.
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});
