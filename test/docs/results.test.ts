/**
 * docs/results: each folder holds the tidy table of the config of its name, and the pages are what that table says; so are the tables of the README.
 * After a new run: copy rows.csv, then `npx vitest run test/docs/results.test.ts -u` writes the pages and the README's tables anew.
 */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { readExperiment } from "../../src/workflows/experiment/config.ts";
import { experimentPages } from "../../src/workflows/experiment/page.ts";
import { summarise } from "../../src/workflows/experiment/summary.ts";
import { detailTables, markdownTable } from "../../src/workflows/experiment/tables.ts";
import type { TrialRow } from "../../src/workflows/experiment/trial.ts";

const root = resolve(import.meta.dirname, "../..");
const results = resolve(root, "docs/results");
const names = readdirSync(results, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const texts = new Set(["data", "strategy", "method", "category", "status"]);

function rowsOf(name: string): TrialRow[] {
  const records: Record<string, string>[] = parse(readFileSync(resolve(results, name, "rows.csv"), "utf8"), { columns: true });
  return records.map((record) => Object.fromEntries(Object.entries(record).map(([field, text]) => [field, texts.has(field) ? text : text === "" ? null : Number(text)])) as unknown as TrialRow);
}

/** Average precision of the base, for every category of every trial. */
function basesOf(name: string): Map<string, number | null> {
  const rows = rowsOf(name).filter((row) => row.method === "base");
  return new Map(rows.map((row) => [[row.data, row.known, row.seed, row.category].join(" "), row.apAfter]));
}

const distinct = <T>(rows: readonly TrialRow[], of: (row: TrialRow) => T): T[] => [...new Set(rows.map(of))];

describe.each(names)("the results in docs/results/%s", (name) => {
  const rows = rowsOf(name);

  it("hold every trial of the config, each with every method, and no other", async () => {
    const config = await readExperiment(resolve(root, `docs/experiments/${name}.toml`));
    const wanted = config.data.flatMap((set) => config.strategies.flatMap((strategy) => config.known.flatMap((known) => config.seeds.flatMap((seed) => config.methods.map((method) => [set.name, strategy, known, seed, method].join(" "))))));
    const categories = Map.groupBy(rows, (row) => row.data);
    expect(distinct(rows, (row) => [row.data, row.strategy, row.known, row.seed, row.method].join(" ")).sort()).toEqual(wanted.sort());
    for (const some of categories.values()) {
      const all = distinct(some, (row) => row.category);
      for (const trial of Map.groupBy(some, (row) => [row.strategy, row.known, row.seed, row.method].join(" ")).values()) expect(trial.map((row) => row.category)).toEqual(all);
    }
  });

  it("are shown on their pages as they are", async () => {
    const config = await readExperiment(resolve(root, `docs/experiments/${name}.toml`));
    const { markdown, html, plots } = experimentPages(config, rows, summarise(rows, config.metric));
    for (const [file, text] of [["tables.md", markdown], ["report.html", html], ...plots] as const) await expect(text).toMatchFileSnapshot(resolve(results, name, file));
  });
});

describe("the README", () => {
  it("shows what the recorded trials say of every method at 10, 30 and 50 %", async () => {
    const rows = [...rowsOf("packs"), ...rowsOf("packs-genetic").filter((row) => row.method !== "base")].filter((row) => [0.1, 0.3, 0.5].includes(row.known));
    const order = ["base", "bp-bce", "bp-asl", "ga", "greedy", "auto-fit-only", "auto", "auto-strict"];
    const lines = summarise(rows, "ap").toSorted((a, b) => a.known - b.known || order.indexOf(a.method) - order.indexOf(b.method));
    expect(lines).toHaveLength(3 * order.length);
    const tables = detailTables(lines, { metric: "", known: (known) => `${100 * known} % known` }).map((table) => {
      // Without the mean over unlike data sets and the seconds, which hang on the machine.
      const cut = (cells: readonly string[]): string[] => cells.filter((_, at) => !["mean", "seconds"].includes(table.header[at]));
      return markdownTable({ ...table, header: [table.title, ...cut(table.header).slice(1)], rows: table.rows.map(cut) });
    });
    const readme = resolve(root, "README.md");
    const [before, rest] = readFileSync(readme, "utf8").split("<!-- tables of docs/results -->");
    const after = rest.split("<!-- end of tables -->")[1];
    await expect(`${before}<!-- tables of docs/results -->\n\n${tables.join("\n\n")}\n\n<!-- end of tables -->${after}`).toMatchFileSnapshot(readme);
  });

  it("rests on one base for the variants and for auto", () => {
    const packs = basesOf("packs");
    for (const [cell, ap] of basesOf("packs-genetic")) expect(packs.get(cell)).toBe(ap);
  });
});
