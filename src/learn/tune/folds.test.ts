import { describe, expect, it } from "vitest";
import type { KnownCells } from "../cells.ts";
import { dealFolds, foldCount } from "./folds.ts";

/** One category, a cell per row; every third positive. */
function cells(rows: number): KnownCells {
  return {
    start: Uint32Array.of(0, rows),
    row: Uint32Array.from({ length: rows }, (_, i) => i),
    positive: Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    weight: new Float32Array(rows).fill(1),
  };
}

const nameOf = (row: number): string => `image-${row}`;
const groupOfFour = (row: number): string => `group-${row >> 2}`;

describe("dealFolds", () => {
  it("keeps groups whole, so that copies of an image do not tell on each other", () => {
    const known = cells(200);
    const fold = dealFolds(known, groupOfFour, ["scratch"], 1);
    for (let row = 0; row < 200; row++) expect(fold[row]).toBe(fold[row & ~3]);
    expect(new Set(fold).size).toBe(foldCount);
    const sizes = Array.from({ length: foldCount }, (_, f) => fold.filter((each) => each === f).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(4);
  });

  it("gives every fold its share of both classes where images stand alone", () => {
    const known = cells(150);
    const fold = dealFolds(known, nameOf, ["scratch"], 1);
    for (let f = 0; f < foldCount; f++) {
      const positives = fold.filter((each, i) => each === f && known.positive[i] === 1).length;
      expect([positives, fold.filter((each) => each === f).length]).toEqual([10, 30]);
    }
  });

  it("hangs on the names of groups and categories and on the seed, not on places", () => {
    const known = cells(60);
    const one = dealFolds(known, nameOf, ["scratch"], 1);
    const turned: KnownCells = { ...known, positive: known.positive.toReversed() };
    expect([...dealFolds(turned, (row) => nameOf(59 - row), ["scratch"], 1)].reverse()).toEqual([...one]);
    expect([...dealFolds(known, nameOf, ["dent"], 1)]).not.toEqual([...one]);
    expect([...dealFolds(known, nameOf, ["scratch"], 2)]).not.toEqual([...one]);
  });
});
