import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { resultMethods, withTables, type Run } from "../../scripts/results/result-table.ts";

const root = resolve(import.meta.dirname, "../..");
const runs = readFileSync(resolve(root, "docs/results/packs.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as Run);

describe("the tables of results", () => {
  it("rest on every method, pack, proportion and seed", () => {
    const wanted = ["deeppcb", "elpv", "scene", "corel5k"].flatMap((pack) =>
      [0.1, 0.3, 0.5].flatMap((keep) => [0, 1, 2].flatMap((seed) => resultMethods.map((method) => `${pack} ${keep} ${seed} ${method}`))),
    );
    expect(runs.map(({ pack, keep, seed, method }) => `${pack} ${keep} ${seed} ${method}`).sort()).toEqual(wanted.sort());
  });

  it.each(["README.md", "docs/results/packs.md"])("say in %s what the recorded runs say", (page) => {
    const text = readFileSync(resolve(root, page), "utf8");
    expect(withTables(text, runs)).toBe(text);
  });
});
