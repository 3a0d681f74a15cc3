import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gap, margin, moved, scrolledTo, shapeOf, touched, whollyInView } from "./geometry.ts";

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
    // The tiles begin below a margin, and the gap below the last of them may be cut.
    expect(whollyInView(shape, 1000, margin, 300)).toEqual([0, 12]);
    expect(whollyInView(shape, 1000, margin + 1, 300)).toEqual([4, 12]);
    expect(whollyInView(shape, 1000, 0, 299)).toEqual([0, 8]);
    expect(whollyInView(shape, 1000, 50, 60)).toEqual([4, 4]);
    expect(whollyInView(shape, 10, 0, 400)).toEqual([0, 10]);
    expect(whollyInView(shape, 0, 0, 400)).toEqual([0, 0]);
  });

  it("scrolls no further than a tile and its ring need, and not at all where they are in view", () => {
    const shape = { columns: 4, width: 100, row: 100 };
    // The second row's tiles stand from 108 to 200, with the ring's room from 100 to 208.
    expect([0, 100, 101, 400].map((scrolled) => scrolledTo(shape, 5, scrolled, 300))).toEqual([0, 100, 100, 100]);
    expect([207, 208].map((height) => scrolledTo(shape, 5, 0, height))).toEqual([1, 0]);
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(50_000), fc.integer({ min: 108, max: 1000 }), (index, scrolled, height) => {
        const to = scrolledTo(shape, index, scrolled, height);
        const [first, last] = whollyInView(shape, 1001, to, height);
        expect(index >= first && index < last).toBe(true);
        expect(scrolledTo(shape, index, to, height)).toBe(to);
      }),
    );
    // A box lower than a row shows where the tile begins.
    expect([0, 500].map((scrolled) => scrolledTo(shape, 9, scrolled, 60))).toEqual([200, 200]);
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
