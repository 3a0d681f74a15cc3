import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gap, moved, shapeOf, touched, whollyInView } from "./geometry.ts";

describe("the grid's geometry", () => {
  it("fills the width with tiles no smaller than their size, one at least", () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 3000 }), fc.constantFrom("S", "M", "L"), (width, size) => {
        const { columns, width: tile } = shapeOf(width, size);
        expect(columns * tile + (columns - 1) * gap).toBeCloseTo(width, 6);
        if (columns > 1) expect(tile).toBeGreaterThanOrEqual({ S: 132, M: 200, L: 300 }[size] - 1e-9);
      }),
    );
  });

  it("counts only tiles that are wholly in view", () => {
    const shape = { columns: 4, width: 100, row: 100 };
    expect(whollyInView(shape, 1000, 0, 300)).toEqual([0, 12]);
    expect(whollyInView(shape, 1000, 1, 300)).toEqual([4, 12]);
    expect(whollyInView(shape, 1000, 50, 60)).toEqual([4, 4]);
    expect(whollyInView(shape, 10, 0, 400)).toEqual([0, 10]);
    expect(whollyInView(shape, 0, 0, 400)).toEqual([0, 0]);
  });

  it("finds the tiles a rectangle touches, drawn from any corner", () => {
    const shape = { columns: 3, width: 100, row: 100 };
    expect(touched(shape, 9, { x: 10, y: 10 }, { x: 150, y: 150 })).toEqual([0, 1, 3, 4]);
    expect(touched(shape, 9, { x: 150, y: 150 }, { x: 10, y: 10 })).toEqual([0, 1, 3, 4]);
    expect(touched(shape, 4, { x: 0, y: 0 }, { x: 999, y: 999 })).toEqual([0, 1, 2, 3]);
  });

  it("moves the focus within the list, whatever the move", () => {
    const moves = ["left", "right", "up", "down", "rowStart", "rowEnd", "first", "last", "pageUp", "pageDown", "next", "back"] as const;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 20 }), fc.nat(), fc.constantFrom(...moves), fc.integer({ min: 0, max: 9 }), (count, columns, at, move, page) => {
        const to = moved(at % count, move, columns, count, page);
        expect(to).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThan(count);
      }),
    );
    expect([moved(5, "down", 4, 20, 3), moved(5, "up", 4, 20, 3), moved(1, "up", 4, 20, 3), moved(17, "down", 4, 20, 3), moved(14, "down", 4, 18, 3)]).toEqual([9, 1, 1, 17, 17]);
    expect([moved(6, "rowStart", 4, 20, 3), moved(6, "rowEnd", 4, 20, 3), moved(1, "pageDown", 4, 20, 3)]).toEqual([4, 7, 13]);
  });
});
