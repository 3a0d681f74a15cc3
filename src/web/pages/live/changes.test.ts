import { describe, expect, it } from "vitest";
import { sayer } from "../../services/words/index.ts";
import { changedIn, changesOf } from "./changes.ts";
import { words } from "./words.ts";

const row = (category: string, verdict: "better" | "kept" | "skipped" | "few", was: number | null, is: number | null) => ({ category, verdict, thresholds: [was, is] as [number | null, number | null] });

describe("what will change", () => {
  it("is told without counts of none, in both languages", () => {
    const told = (["en", "ja"] as const).map((language) => [[9, 3], [1, 1], [4, 0], [0, 4]].map(([n, m]) => changesOf(sayer(words, language), n, m)));
    expect(told).toEqual([
      ["9 categories; 3 stay the same.", "1 category; 1 stays the same.", "4 categories.", "No category."],
      ["9個のカテゴリ。3個は同じままです。", "1個のカテゴリ。1個は同じままです。", "4個のカテゴリ。", "変わるカテゴリはありません。"],
    ]);
  });

  it("is what answers otherwise than now, not what was tuned", () => {
    const rows = [row("1", "better", 0.5, 0.4), row("2", "kept", 0.5, 0.5), row("3", "kept", 0.5, 0.05), row("4", "skipped", 0.5, null), row("5", "kept", 0.5, 0.5), row("6", "skipped", 0.5, 0.5)];
    const live = ["1", "2", "3", "4", "5", "6"].map((category) => ({ category, version: category === "5" ? "3" : "4", since: null, former: null }));
    // Its line was moved; it was rolled back to another version than was compared with.
    expect(changedIn(rows, live, "4")).toEqual(["1", "3", "5"]);
    expect(changedIn([row("1", "better", null, 0.4), row("2", "few", null, 0.5), row("4", "skipped", null, null)], [], null)).toEqual(["1", "2"]);
  });
});
