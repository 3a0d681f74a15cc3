import { assert as check, array, float, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf } from "../math/index.ts";
import { buildPartialLabels, FIT, SELECTION, type CellValue } from "../labels/index.ts";
import { filterCells, gatherNumbers, mergeCells, rowsOf, type KnownCells } from "./cells.ts";
import { strategies, strategyCells } from "./pretrain/index.ts";
import { dealFolds, foldCount } from "./tune/folds.ts";

interface Listed {
  readonly category: number;
  readonly row: number;
  readonly positive: number;
  readonly weight: number;
}

const listed = array(
  record({ category: integer({ min: 0, max: 2 }), row: integer({ min: 0, max: 30 }), positive: integer({ min: 0, max: 1 }), weight: float({ min: 0.5, max: 1, noNaN: true }) }),
  { maxLength: 40 },
).map((cells) => [...new Map(cells.map((cell) => [`${cell.category} ${cell.row}`, cell])).values()].sort((a, b) => a.category - b.category || a.row - b.row));

function known(cells: readonly Listed[]): KnownCells {
  return {
    start: Uint32Array.from({ length: 4 }, (_, c) => cells.filter((cell) => cell.category < c).length),
    row: Uint32Array.from(cells, (cell) => cell.row),
    positive: Uint8Array.from(cells, (cell) => cell.positive),
    weight: Float32Array.from(cells, (cell) => cell.weight),
  };
}

const take = (j: number): boolean => j % 3 !== 1;
const numbers = (cells: readonly Listed[], add: number): Float32Array => Float32Array.from(cells, (_, i) => add + i);
const id = (row: number): string => `image-${row}`;

describe("lists of known cells", () => {
  it("merge into one list, category by category with rows ascending, as sorting objects would", () => {
    check(
      property(listed, listed, (first, second) => {
        const merged = mergeCells(known(first), known(second), take);
        const expected = [...first.map((cell, i) => ({ ...cell, source: i })), ...second.map((cell, j) => ({ ...cell, source: -1 - j })).filter((_, j) => take(j))];
        expected.sort((a, b) => a.category - b.category || a.row - b.row);
        expect(merged).toEqual({ ...known(expected), source: Int32Array.from(expected, (cell) => cell.source) });
        const gathered = gatherNumbers(merged.source, numbers(first, 0), numbers(second, 100));
        expect([...gathered]).toEqual(expected.map(({ source }) => (source >= 0 ? source : 99 - source)));
      }),
      { seed: 1 },
    );
  });

  it("filter to the cells asked for, with the places they had", () => {
    check(
      property(listed, (cells) => {
        const kept = cells.map((cell, i) => ({ ...cell, source: i })).filter((_, i) => i % 2 === 0);
        expect(filterCells(known(cells), (i) => i % 2 === 0)).toEqual({ ...known(kept), source: Int32Array.from(kept, (cell) => cell.source) });
      }),
      { seed: 2 },
    );
  });

  it("are dealt into folds by label, in the order of their hashes", () => {
    check(
      property(listed, (cells) => {
        const names = ["a", "b", "c"];
        const fold = dealFolds(known(cells), id, names, 7);
        const expected = new Map<Listed, number>();
        names.forEach((name, c) => {
          const dealt = [1, 0].flatMap((label) =>
            cells
              .filter((cell) => cell.category === c && cell.positive === label)
              .map((cell) => ({ cell, hash: hashOf(`7\u0000${name}\u0000${id(cell.row)}`) }))
              .sort((a, b) => a.hash - b.hash),
          );
          dealt.forEach(({ cell }, i) => expected.set(cell, i % foldCount));
        });
        expect([...fold]).toEqual(cells.map((cell) => expected.get(cell)));
      }),
      { seed: 3 },
    );
  });
});

describe("the images of some parts", () => {
  it("are counted in their order, the others marked as absent", () => {
    const part = Uint8Array.of(2, 0, 1, 255, 0);
    const { rows, position } = rowsOf({ part, group: Uint32Array.of(0, 1, 2, 3, 4), origin: "column" }, [FIT, SELECTION]);
    expect([...rows]).toEqual([1, 2, 4]);
    expect([...position]).toEqual([-1, 0, 1, -1, 2]);
  });
});

describe("the cells a strategy trains on", () => {
  const values: (CellValue | null)[][] = [
    [1, null, 2],
    [null, 0, 1],
    [0, 1, null],
    [2, null, 0],
  ];
  const cells = values.flatMap((line, image) => line.flatMap((value, category) => (value === null ? [] : [{ image, category, value, weight: 0.5 + image / 8 }])));
  const labels = buildPartialLabels({ imageIds: ["p", "q", "r", "s"], categories: ["a", "b", "c"], cells });
  const rows = Uint32Array.of(0, 2, 3);

  it.each(strategies.filter((strategy) => strategy.kind === "fixed"))("$name: known cells as they are, unknown and uncertain ones as its pseudo-label says", (strategy) => {
    const made = strategyCells(labels, rows, strategy);
    const expected = [0, 1, 2].flatMap((category) =>
      [...rows].flatMap((image, row) => {
        const value = values[image][category];
        if (value === 0 || value === 1) return [{ category, row, target: value, weight: 0.5 + image / 8 }];
        return strategy.unknown === null ? [] : [{ category, row, ...strategy.unknown }];
      }),
    );
    expect([...made.headStart]).toEqual([0, 1, 2, 3].map((c) => expected.filter((cell) => cell.category < c).length));
    expect([...made.row].map((row, i) => [row, made.target[i], made.weight[i], made.offset[i]])).toEqual(expected.map((cell) => [cell.row, cell.target, cell.weight, 0]));
  });
});
