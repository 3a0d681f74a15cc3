import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catwise } from "./support.ts";

const parts = ["fit", "selection", "report", ""];
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catwise-mask-"));
  const rows = Array.from({ length: 80 }, (_, at) => `"p, ${at}",lot-${at >> 3},${parts[at % 4]},${at % 2},${at % 3 === 0 ? "u" : "0"}`);
  writeFileSync(join(folder, "full.csv"), ["image,group,split,a,b", ...rows].join("\n"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function mask(...args: string[]): { status: number | null; stderr: string } {
  return catwise(folder, "mask", "--labels", "full.csv", ...args, "--quiet");
}

/** Rows of a part, each as "image|a|b". */
function rowsOf(file: string, part: string): string[] {
  const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n").slice(1);
  return lines.filter((line) => line.split(",")[3] === part).map((line) => line.replace(/,(lot-\d+),\w*,/, "|$1|"));
}

/** Cells of rows that hold a label. */
function known(rows: readonly string[]): number {
  return rows.reduce((sum, row) => sum + row.slice(row.lastIndexOf("|") + 1).split(",").filter((cell) => cell !== "").length, 0);
}

describe("catwise mask", () => {
  it("hides labels of the fit and selection parts and leaves every other cell, group and part as it was", () => {
    const run = mask("--protocol", "uniform", "--keep", "0", "--out", "m.csv");
    expect(run.status, run.stderr).toBe(0);
    for (const part of ["report", ""]) expect(rowsOf("m.csv", part)).toEqual(rowsOf("full.csv", part));
    for (const part of ["fit", "selection"]) {
      const masked = rowsOf("m.csv", part);
      expect(masked).toHaveLength(20);
      expect(masked.every((row) => row.endsWith("|,"))).toBe(true);
    }
  });

  it.each([
    ["uniform", ["--keep", "0.5"], (fit: string[]) => fit.filter((row) => /\|[01u]/.test(row)).length > 0],
    ["per-sample", ["--keep", "0.5"], (fit: string[]) => fit.filter((row) => row.endsWith("|,")).length < 20],
    ["single-positive", [], (fit: string[]) => fit.every((row) => (row.match(/[|,][1]/g) ?? []).length <= 1 && !/[|,][0u]/.test(row))],
    ["fixed-per-category", ["--keep", "4"], (fit: string[]) => known(fit) <= 2 * 4],
    ["fixed-per-category-unbalanced", ["--keep", "4"], (fit: string[]) => known(fit) <= 2 * 8],
  ])("hides by %s, less than everything and more than nothing, and the same for the same seed", (protocol, keep, holds) => {
    for (const out of ["one.csv", "two.csv"]) {
      const run = mask("--protocol", protocol, ...keep, "--seed", "3", "--out", out);
      expect(run.status, run.stderr).toBe(0);
    }
    expect(readFileSync(join(folder, "two.csv"))).toEqual(readFileSync(join(folder, "one.csv")));
    const hidden = ["fit", "selection"].flatMap((part) => rowsOf("one.csv", part));
    expect(holds(hidden)).toBe(true);
    expect(known(hidden)).toBeGreaterThan(0);
    expect(known(hidden)).toBeLessThan(known(["fit", "selection"].flatMap((part) => rowsOf("full.csv", part))));
    expect(rowsOf("one.csv", "report")).toEqual(rowsOf("full.csv", "report"));
  });

  it("touches only the parts asked for", () => {
    expect(mask("--keep", "0.3", "--parts", "selection", "--seed", "4", "--out", "m.csv").status).toBe(0);
    expect(rowsOf("m.csv", "fit")).toEqual(rowsOf("full.csv", "fit"));
    expect(rowsOf("m.csv", "selection")).not.toEqual(rowsOf("full.csv", "selection"));
  });

  it("refuses to write over a file of a folder of labels", () => {
    mkdirSync(join(folder, "open"));
    const rows = "ImageID,Source,LabelName,Confidence\na,verification,/m/1,1\nb,verification,/m/1,0\nc,verification,/m/1,1\n";
    writeFileSync(join(folder, "open/train-annotations-human-imagelabels.csv"), rows);
    const run = catwise(folder, "mask", "--labels", "open-images:open", "--out", "open/train-annotations-human-imagelabels.csv", "--protocol", "single-positive");
    expect([run.status, run.stderr]).toEqual([5, expect.stringContaining("one of the inputs")]);
    expect(readFileSync(join(folder, "open/train-annotations-human-imagelabels.csv"), "utf8")).toBe(rows);
  });

  it("refuses to mask the report part, and to write over the labels themselves", () => {
    expect(mask("--keep", "0.5", "--parts", "report", "--out", "m.csv").stderr).toContain("usage.invalid-value");
    expect(mask("--keep", "0.5", "--out", "full.csv").stderr).toContain("output.exists");
    expect(rowsOf("full.csv", "fit")).toHaveLength(20);
  });
});
