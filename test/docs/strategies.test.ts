import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { strategies } from "../../src/learn/index.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/methods/strategies.md"), "utf8");
const rows = new Map([...page.matchAll(/^\| `([a-z-]+)` \|.*\| (.*) \|$/gm)].map((match) => [match[1], match[2]]));

describe("the page on strategies", () => {
  it("has a row for each, in the order of the list", () => {
    expect([...rows.keys()]).toEqual(strategies.map(({ name }) => name));
  });

  it.each(strategies)("tells the options of $name and their defaults", (strategy) => {
    const told = rows.get(strategy.name)!;
    const shared = told.startsWith("as `") ? rows.get(told.slice(4, -1))! : told;
    const names = [...shared.matchAll(/`(\w+)`/g)].map((match) => match[1]);
    const defaults = strategy.kind === "scored" ? strategy.defaults : {};
    expect(names).toEqual(Object.keys(defaults));
    // A row that refers to another one shares its options but has its own powers, told in the second column.
    const numbers = told === shared ? Object.entries(defaults).map(([name, value]) => `\`${name}\` ${value}`) : [];
    for (const number of numbers) expect(shared).toContain(number);
  });
});
