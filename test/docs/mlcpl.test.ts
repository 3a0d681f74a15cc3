import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { declarationsOf, doors } from "../../scripts/api/index.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { formats } from "../../src/datasets/formats/index.ts";
import { strategyNames } from "../../src/learn/index.ts";
import { findMetric } from "../../src/math/index.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/mlcpl.md"), "utf8");
const theirs = JSON.parse(readFileSync(resolve(import.meta.dirname, "mlcpl-0.1.7.json"), "utf8")) as Readonly<Record<string, readonly string[]>>;

interface Row {
  readonly theirs: string;
  readonly ours: readonly string[];
  readonly where: string;
  readonly difference: string;
}

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]);

/** The tables that list their items, in the order of the page. */
const tables: readonly (readonly Row[])[] = page.split(/^\| mlcpl \| ours \| where \| difference \|$/m).slice(1).map((table) =>
  [...table.matchAll(/^\| `([^`]+)` \| (.+?) \| (.+?) \| (.*?) \|$/gm)].map((match) => ({ theirs: match[1], ours: quoted(match[2]), where: match[3], difference: match[4].trim() })),
);
const rows = tables.flat();

function hasOption(name: string): boolean {
  const [command, option] = name.split(" ");
  return buildProgram().commands.some((one) => one.name() === command && one.options.some(({ long }) => long === option));
}

function isThere(name: string, where: string): boolean {
  switch (where) {
    case "format":
      return name in formats;
    case "strategy":
      return strategyNames.includes(name);
    case "metric":
      return [findMetric(name)].some((metric) => metric.name === name || metric.aliases.includes(name));
    case "command":
      return hasOption(name);
    default:
      return quoted(where).some((door) => declarationsOf(doors.find(({ path }) => path === door.replace(/^catwise/, "."))!).has(name));
  }
}

describe("the page beside mlcpl", () => {
  it("has a row for every item of every module of theirs, in order, and none twice", () => {
    expect(tables.map((table) => table.map((row) => row.theirs))).toEqual(Object.values(theirs));
    expect(rows.length).toBeGreaterThan(100);
    for (const names of Object.values(theirs)) expect(new Set(names).size).toBe(names.length);
    expect(theirs["metrics"]).toHaveLength(29);
    expect(theirs["metrics.classes"]).toHaveLength(29);
  });

  it("leaves no line of a table unread", () => {
    const lines = page.split("\n").filter((line) => line.startsWith("| `"));
    expect(lines).toHaveLength(rows.length);
  });

  it.each(rows.filter((row) => row.where !== "nothing"))("names for $theirs what is really there", ({ ours, where }) => {
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((name) => !isThere(name, where))).toEqual([]);
  });

  it("says why, of all that is lacking", () => {
    const lacking = rows.filter((row) => row.where === "nothing");
    expect(lacking.length).toBeGreaterThan(0);
    for (const { ours, difference } of lacking) {
      expect(ours).toEqual([]);
      expect(difference).toMatch(/\w{3}.*\w{3}/);
    }
  });

  it("counts what it lists", () => {
    const counts = [...page.matchAll(/^\| [^`|]+(?:`[^`]+`)? \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((match) => match.slice(1).map(Number));
    const counted = [...tables, rows].map((table) => {
      const lacking = table.filter((row) => row.where === "nothing").length;
      return [table.length, table.length - lacking, lacking];
    });
    expect(counts).toEqual(counted);
  });

  it("would see a name that is not there", () => {
    expect(isThere("noSuchThing", "`catwise/learn`")).toBe(false);
    expect(isThere("tune", "`catwise/math`")).toBe(false);
    expect(isThere("tune --no-such-option", "command")).toBe(false);
    expect(isThere("csl", "strategy")).toBe(false);
    expect(isThere("imagenet", "format")).toBe(false);
    expect(() => isThere("no_such_score", "metric")).toThrow(/no_such_score/);
  });
});
