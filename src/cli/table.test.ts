import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { plainText } from "./plain.ts";
import { intervalText, renderTable, signed } from "./table.ts";

const columns = [{ title: "category", shrink: true }, { title: "status" }, { title: "known +/-", align: "right" }, { title: "AP was", align: "right" }, { title: "is", align: "right" }, { title: "gain", align: "right" }, { title: "95 % interval", align: "right" }] as const;
const names = ["scratch", "傷", "基板の右上にある微細な傷とへこみと汚れとその他の欠陥のすべて", "a name as long as nobody would write it by hand, but exporters do", "e\u0301tat", "two\nlines"];
const rows = names.map((name) => [name, "skipped", "12345/123456", "0.744", "0.850", "+0.107", "[+0.004, +0.261]"]);

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

describe("signed", () => {
  it("gives what rounds to zero no sign, and everything else its own", () => {
    expect([0, -0.0001, 0.0004, -0.0013, 0.0421, null].map((value) => signed(value))).toEqual(["0.000", "0.000", "0.000", "-0.001", "+0.042", "-"]);
    expect(intervalText([-0.0002, 0.0394])).toBe("[0.000, +0.039]");
  });
});

describe("plainText", () => {
  it("shows control characters of names instead of letting the terminal obey them", () => {
    expect(plainText("a\u001B[2Jb\rc\u0007\u202Ed\n傷")).toBe("a\uFFFD[2Jb\uFFFDc\uFFFD\uFFFDd\n傷");
  });
});
