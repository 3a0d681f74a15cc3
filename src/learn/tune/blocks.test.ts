import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { categoryBlocks, cellsOfBlock } from "./blocks.ts";

describe("blocks of categories", () => {
  it("hold every category once, and none more cells than asked for by more than one category", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 200 }), (cells, most) => {
        const blocks = categoryBlocks(cells, most);
        expect([blocks[0].from, blocks.at(-1)!.to]).toEqual([0, cells.length]);
        blocks.slice(1).forEach(({ from }, at) => expect(from).toBe(blocks[at].to));
        for (const { from, to } of blocks) {
          expect(to).toBeGreaterThan(from);
          const held = cells.slice(from, to).reduce((sum, each) => sum + each, 0);
          expect(held).toBeLessThanOrEqual(most + Math.max(...cells));
        }
        expect(blocks.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(cells.reduce((sum, each) => sum + each, 0) / most)));
      }),
    );
    expect(categoryBlocks([3, 0, 4], Infinity)).toEqual([{ from: 0, to: 3 }]);
  });

  it("have the cells of their categories, and none of others", () => {
    const cells = { start: Uint32Array.of(0, 2, 2, 5), row: Uint32Array.of(4, 7, 1, 4, 9), positive: Uint8Array.of(1, 0, 0, 1, 1), weight: Float32Array.of(1, 2, 3, 4, 5) };
    const { start, row, positive, weight } = cellsOfBlock(cells, { from: 1, to: 3 });
    expect([[...start], [...row], [...positive], [...weight]]).toEqual([[0, 0, 0, 3], [1, 4, 9], [0, 1, 1], [3, 4, 5]]);
  });
});
