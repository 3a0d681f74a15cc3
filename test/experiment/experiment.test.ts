/** catwise experiment on a made-up set: what it computes, that it resumes, and what it says of a wrong config. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catwise, readJson, writeInputs, type Run } from "../cli/support.ts";

let folder = "";
const config = `
name = "made up"
methods = ["bp-bce", "auto"]
known = [0.5, 0.9]
seeds = [0, 1]
[[data]]
name = "noise"
labels = "l.csv"
features = "f.safetensors"
`;
let first: Run;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "catwise-experiment-"));
  await writeInputs(folder, 300);
  writeFileSync(join(folder, "e.toml"), config);
  first = catwise(folder, "experiment", "e.toml", "--out", "r", "--threads", "2", "--json", "--quiet");
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Tables without their last column, the seconds. */
function figures(text: string): string {
  return text.replaceAll(/ (< )?\d+\.\d \|$/gm, "");
}

interface Line {
  readonly method: string;
  readonly known: number;
  readonly gain: { readonly value: number; readonly error: number; readonly count: number };
  readonly harmed: number;
  readonly data: Readonly<Record<string, { readonly value: number; readonly count: number }>>;
}

/** The tidy table as objects; none of its texts has a comma here. */
function tidyRows(path: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n").map((line) => line.split(","));
  return lines.map((line) => Object.fromEntries(header.map((name, at) => [name, line[at]])));
}

describe("catwise experiment", () => {
  it("gives a line for every method and proportion, base among them, and a tidy row for every category", () => {
    expect(first.status, first.stderr).toBe(0);
    const { trials, resumed, lines } = readJson(first) as { trials: number; resumed: number; lines: Line[] };
    expect([trials, resumed]).toEqual([4, 0]);
    expect(lines.map(({ method, known }) => `${method} ${known}`)).toEqual([0.5, 0.9].flatMap((known) => ["base", "bp-bce", "auto"].map((method) => `${method} ${known}`)));
    for (const line of lines) expect(line.data["noise"].count).toBe(2);
    expect(lines[0].gain.value).toBe(0);
    const rows = readFileSync(join(folder, "r/rows.csv"), "utf8").trim().split("\n");
    expect(rows[0]).toBe("data,strategy,method,known,seed,category,status,fitPositives,fitNegatives,selectionPositives,selectionNegatives,reportPositives,reportNegatives,apBefore,apAfter,aurocBefore,aurocAfter,hiddenPositives,hiddenNegatives,falseNegatives,falsePositives,pseudoNegatives,pseudoFalseNegatives,pseudoPositives,pseudoFalsePositives,estimatedShare,estimatedLow,estimatedHigh,seconds");
    expect(rows).toHaveLength(1 + 4 * 3 * 3);
    // The mean over seeds of the mean over categories, from the tidy rows alone.
    const chosen = rows.slice(1).map((row) => row.split(",")).filter(([, , method, known]) => method === "auto" && known === "0.9");
    const gains = ["0", "1"].map((seed) => {
      const scored = chosen.filter((row) => row[4] === seed && row[13] !== "");
      return scored.reduce((sum, row) => sum + Number(row[14]) - Number(row[13]), 0) / scored.length;
    });
    const auto = lines.find((line) => line.method === "auto" && line.known === 0.9)!;
    expect(auto.gain.value).toBeCloseTo((gains[0] + gains[1]) / 2, 12);
    expect(auto.gain.error).toBeCloseTo(Math.abs(gains[0] - gains[1]) / 2, 12);
  });

  it("counts what stage 1 and the heads made of the hidden cells, and estimates the same from known cells alone", () => {
    const rows = tidyRows(join(folder, "r/rows.csv"));
    let covered = 0;
    for (const row of rows) {
      const hidden = Number(row["hiddenPositives"]) + Number(row["hiddenNegatives"]);
      expect(hidden).toBeGreaterThan(0);
      expect(Number(row["falseNegatives"])).toBeLessThanOrEqual(Number(row["hiddenPositives"]));
      expect(Number(row["falsePositives"])).toBeLessThanOrEqual(Number(row["hiddenNegatives"]));
      if (row["method"] !== "base") {
        expect([row["pseudoNegatives"], row["estimatedShare"]]).toEqual(["", ""]);
        continue;
      }
      // assume-negative takes every hidden cell for a negative, and is wrong about every hidden positive.
      expect([row["pseudoNegatives"], row["pseudoFalseNegatives"], row["pseudoPositives"], row["pseudoFalsePositives"]]).toEqual([String(hidden), row["hiddenPositives"], "0", "0"]);
      const share = Number(row["hiddenPositives"]) / hidden;
      covered += Number(row["estimatedLow"]) <= share && share <= Number(row["estimatedHigh"]) ? 1 : 0;
    }
    // Of 12 intervals of 95 %, what is known being known at random.
    expect(covered).toBeGreaterThanOrEqual(10);
    expect(rows.filter((row) => row["method"] === "base")).toHaveLength(12);
  });

  it("obeys groups unless a data set says to ignore them", () => {
    // All images of one group: obeyed, a hash sends it to a single part, and there is nothing to select or report on.
    const [header, ...lines] = readFileSync(join(folder, "l.csv"), "utf8").trim().split("\n");
    const split = header.split(",").indexOf("split");
    const without = (line: string): string => line.split(",").filter((_, at) => at !== split).join(",");
    writeFileSync(join(folder, "grouped.csv"), [`${without(header)},group`, ...lines.map((line) => `${without(line)},one`)].join("\n"));
    writeFileSync(join(folder, "g.toml"), config.replace("l.csv", "grouped.csv").replace('"bp-bce", "auto"', '"base"').replace("[0, 1]", "[0]"));
    writeFileSync(join(folder, "i.toml"), readFileSync(join(folder, "g.toml"), "utf8") + 'groups = "ignore"\n');
    const scored = (name: string): number => {
      const run = catwise(folder, "experiment", `${name}.toml`, "--out", name, "--threads", "1", "--quiet");
      return run.status === 0 ? tidyRows(join(folder, name, "rows.csv")).filter((row) => row["apAfter"] !== "").length : 0;
    };
    expect(scored("g")).toBe(0);
    expect(scored("i")).toBe(6);
  }, 60_000);

  it("writes tables and a page that needs nothing from outside", () => {
    const html = readFileSync(join(folder, "r/report.html"), "utf8");
    expect(html.match(/<figure>/g)).toHaveLength(3);
    expect(html).not.toMatch(/https?:\/\/|<script/);
    for (const name of ["metric", "gain", "harm"]) {
      expect(readFileSync(join(folder, `r/${name}.svg`), "utf8")).toContain("<polyline");
      expect(readFileSync(join(folder, "r/tables.md"), "utf8")).toContain(`](${name}.svg)`);
    }
    expect(readFileSync(join(folder, "r/tables.md"), "utf8")).toMatch(/^\| bp-bce \| \d+\.\d ± \d+\.\d \| \d+\.\d ± \d+\.\d \|$/m);
  });

  it("goes on where it was, also after a line that a kill cut off, and gives the same tables on any number of threads", () => {
    const before = readFileSync(join(folder, "r/trials.jsonl"), "utf8");
    const lines = before.trimEnd().split("\n");
    const tables = readFileSync(join(folder, "r/tables.md"), "utf8");
    writeFileSync(join(folder, "r/trials.jsonl"), `${lines[0]}\n${lines[1].slice(0, 200)}`);
    const again = catwise(folder, "experiment", "e.toml", "--out", "r", "--threads", "1", "--json", "--quiet");
    expect(readJson(again)).toMatchObject({ trials: 4, resumed: 1 });
    expect(figures(readFileSync(join(folder, "r/tables.md"), "utf8"))).toBe(figures(tables));
    expect(readJson(catwise(folder, "experiment", "e.toml", "--out", "r", "--json", "--quiet"))).toMatchObject({ trials: 4, resumed: 4 });
  });

  it("does trials again when the labels they were done on have changed", () => {
    appendFileSync(join(folder, "l.csv"), "\n");
    const size = statSync(join(folder, "r/trials.jsonl")).size;
    expect(readJson(catwise(folder, "experiment", "e.toml", "--out", "r", "--json", "--quiet"))).toMatchObject({ resumed: 0 });
    expect(statSync(join(folder, "r/trials.jsonl")).size).toBeGreaterThan(size);
  });

  it.each([
    [config.replace('name = "made up"', "name = 3"), "name", "a text"],
    [config.replace("auto", "atuo"), "methods", "methods among"],
    [config.replace("known = [0.5, 0.9]", "known = [0.5, 1.5]"), "known", "shares from 0 to 1"],
    [config.replace("seeds = [0, 1]", "seeds = [0, 0]"), "seeds", "each once"],
    [`${config}seed = 4`, "data[0].seed", "one of the fields"],
    [`${config}model = "m.onnx"`, "data[0].model", "either features"],
    [`${config}[[data]]\nname = "noise"\nlabels = "l.csv"\nfeatures = "f.safetensors"`, "data", "different names"],
    ["name = ", null, "TOML"],
  ])("refuses a wrong config in one line that names the field, and writes nothing (%#)", (text, field, rule) => {
    writeFileSync(join(folder, "wrong.toml"), text);
    const run = catwise(folder, "experiment", "wrong.toml", "--out", "w", "--quiet");
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(/^catwise: file\.malformed: wrong\.toml[^\n]+\n$/);
    expect(run.stderr).toContain(rule);
    if (field !== null) expect(run.stderr).toContain(`field "${field}"`);
    expect(readdirSync(folder)).not.toContain("w");
  });

  it("says which data set is amiss before the first trial", () => {
    writeFileSync(join(folder, "missing.toml"), config.replace("l.csv", "none.csv"));
    const run = catwise(folder, "experiment", "missing.toml", "--out", "m", "--quiet");
    expect(run.stderr).toMatch(/^catwise: file\.missing: [^\n]*none\.csv[^\n]+\n$/);
    expect(run.status).toBe(3);
  });
});
