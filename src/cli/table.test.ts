import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { plainText } from "./plain.ts";
import { renderTable } from "./table.ts";

const columns = [{ title: "category", shrink: true }, { title: "status" }, { title: "known +/-", align: "right" }, { title: "AP was", align: "right" }, { title: "is", align: "right" }, { title: "gain", align: "right" }, { title: "95 % interval", align: "right" }] as const;
const names = ["scratch", "傷", "基板の右上にある微細な傷とへこみと汚れとその他の欠陥のすべて", "a name as long as nobody would write it by hand, but exporters do", "e\u0301tat", "two\nlines"];
const rows = names.map((name) => [name, "skipped", "12345/123456", "0.744", "0.850", "+0.107", "[+0.00, +0.26]"]);

describe("renderTable", () => {
  it.each([80, 120])("keeps every line within %d columns and every column in its place, whatever script names are in", (width) => {
    const lines = renderTable(columns, rows, width).split("\n");
    expect(lines).toHaveLength(names.length + 1);
    for (const line of lines) {
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(stringWidth(line)).toBe(stringWidth(lines[0]));
    }
    const places = lines.slice(1).map((line) => stringWidth(line.slice(0, line.indexOf("skipped"))));
    expect(new Set(places).size).toBe(1);
  });

  it("cuts only names that do not fit", () => {
    expect(renderTable(columns, rows, 80)).toMatch(/^scratch +skipped/m);
    expect(renderTable(columns, rows, 80)).toMatch(/^基板の.*… +skipped/m);
    expect(renderTable(columns, rows, 400)).toContain("とその他の欠陥のすべて");
  });
});

describe("plainText", () => {
  it("shows control characters of names instead of letting the terminal obey them", () => {
    expect(plainText("a\u001B[2Jb\rc\u0007\u202Ed\n傷")).toBe("a\uFFFD[2Jb\uFFFDc\uFFFD\uFFFDd\n傷");
  });
});
