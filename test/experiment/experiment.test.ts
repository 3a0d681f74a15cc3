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
  return text.replaceAll(/ \d+\.\d \|$/gm, "");
}

interface Line {
  readonly method: string;
  readonly known: number;
  readonly gain: { readonly value: number; readonly error: number; readonly count: number };
  readonly harmed: number;
  readonly data: Readonly<Record<string, { readonly value: number; readonly count: number }>>;
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
    expect(rows[0]).toBe("data,strategy,method,known,seed,category,status,fitPositives,fitNegatives,selectionPositives,selectionNegatives,reportPositives,reportNegatives,apBefore,apAfter,aurocBefore,aurocAfter,seconds");
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

  it("writes tables and a page that needs nothing from outside", () => {
    const html = readFileSync(join(folder, "r/report.html"), "utf8");
    expect(html.match(/<svg/g)).toHaveLength(3);
    expect(html).not.toMatch(/https?:\/\/|<script/);
    expect(readFileSync(join(folder, "r/tables.md"), "utf8")).toMatch(/^\| bp-bce \| \d+\.\d ± \d+\.\d \|/m);
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
