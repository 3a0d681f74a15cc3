import { describe, expect, it } from "vitest";
import { labelledAmong, matchIds } from "./labelled.ts";

describe("matchIds", () => {
  it("matches behind a leading folder only where that is unambiguous on both sides", () => {
    expect([...matchIds(["a", "b", "c"], ["x/a", "x/b", "y/b", "c"])]).toEqual([["c", "c"], ["x/a", "a"]]);
    expect([...matchIds(["x/a", "y/a"], ["a"])]).toEqual([]);
    expect([...matchIds(["x/a"], ["y/a"])]).toEqual([]);
  });
});

describe("labelledAmong", () => {
  it("finds the same labels among those it has found", () => {
    const logger = { info: () => {}, warn: () => {} };
    const labelled = { imageIds: ["a.png", "b.png", "x/c.png"], file: "l.csv" };
    const all = labelledAmong(["p/a.png", "q/a.png", "b.png", "c.png", "labels.csv"], "folder", labelled, logger, "files");
    expect([...all]).toEqual([["b.png", "b.png"], ["c.png", "x/c.png"]]);
    expect(labelledAmong([...all.keys()], "folder", labelled, logger)).toEqual(all);
  });
});
