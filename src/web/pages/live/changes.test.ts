import { describe, expect, it } from "vitest";
import { sayer } from "../../services/words/index.ts";
import { changesOf } from "./changes.ts";
import { words } from "./words.ts";

describe("what will change", () => {
  it("is told without counts of none, in both languages", () => {
    const told = (["en", "ja"] as const).map((language) => [[9, 3], [1, 1], [4, 0], [0, 4]].map(([n, m]) => changesOf(sayer(words, language), n, m)));
    expect(told).toEqual([
      ["9 categories; 3 stay the same.", "1 category; 1 stays the same.", "4 categories.", "No category."],
      ["9個のカテゴリ。3個は同じままです。", "1個のカテゴリ。1個は同じままです。", "4個のカテゴリ。", "変わるカテゴリはありません。"],
    ]);
  });
});
