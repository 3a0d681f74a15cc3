import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignToIds, dropLabels, droppedCells, knownCounts, selectCategories, type CellValue, type DropProtocol } from "./index.ts";
import { arbitraryCells, asMap, build, seeded } from "./labels.cases.ts";

describe("dropLabels", () => {
  const full = build(Array.from({ length: 2000 * 5 }, (_, cell) => ({ image: Math.floor(cell / 5), category: cell % 5, value: cell % 7 === 0 ? 1 : 0 })), 2000);

  it("keeps the same cells whatever the order of the images and categories", () => {
    for (const protocol of ["uniform", "per-sample", "single-positive", "fixed-per-category", "fixed-per-category-unbalanced"] as const) {
      const keep = protocol.startsWith("fixed") ? 101 : 0.3;
      const dropped = dropLabels(full, { protocol, keep, seed: 3 });
      const ids = full.imageIds.toReversed();
      const turned = selectCategories(alignToIds(full, ids).labels, full.categories.toReversed());
      const again = selectCategories(alignToIds(dropLabels(turned, { protocol, keep, seed: 3 }), full.imageIds).labels, full.categories);
      expect(asMap(again)).toEqual(asMap(dropped));
      expect(dropped.value.length).toBeGreaterThan(100);
      expect(dropped.value.length).toBeLessThan(full.value.length);
    }
  });

  it("keeps about the asked share, other cells for another seed, and more of the same for a larger share", () => {
    const few = asMap(dropLabels(full, { protocol: "uniform", keep: 0.1, seed: 1 }));
    const more = asMap(dropLabels(full, { protocol: "per-sample", keep: 0.5, seed: 1 }));
    expect(Math.abs(few.size / 10_000 - 0.1)).toBeLessThan(0.01);
    expect(Math.abs(more.size / 10_000 - 0.5)).toBeLessThan(0.02);
    expect([...few.keys()].every((cell) => more.has(cell))).toBe(true);
    const other = asMap(dropLabels(full, { protocol: "uniform", keep: 0.5, seed: 2 }));
    const both = [...other.keys()].filter((cell) => more.has(cell)).length;
    expect(Math.abs(both / 10_000 - 0.25)).toBeLessThan(0.02);
    expect(dropLabels(full, { protocol: "uniform", keep: 1, seed: 1 }).value.length).toBe(10_000);
    expect(dropLabels(full, { protocol: "uniform", keep: 0, seed: 1 }).value.length).toBe(0);
  });

  it("drops the cells of one image independently of each other", () => {
    const kept = asMap(dropLabels(full, { protocol: "uniform", keep: 0.5, seed: 9 }));
    for (let other = 1; other < 5; other += 1) {
      let both = 0;
      for (let image = 0; image < 2000; image += 1) both += kept.has(`${image} 0`) && kept.has(`${image} ${other}`) ? 1 : 0;
      expect(Math.abs(both / 2000 - 0.25)).toBeLessThan(0.04);
    }
  });

  it("keeps one positive of every image that has one under single-positive, each of them about equally often", () => {
    const positives = build(Array.from({ length: 3000 }, (_, cell) => ({ image: Math.floor(cell / 3), category: cell % 3, value: 1 as CellValue })), 1001);
    const kept = dropLabels(positives, { protocol: "single-positive", seed: 5 });
    expect(kept.value.length).toBe(1000);
    expect(kept.rowStart[1001] - kept.rowStart[1000]).toBe(0);
    for (const count of knownCounts(kept).positive.subarray(0, 3)) expect(Math.abs(count - 333)).toBeLessThan(60);
  });

  it("keeps as many of each kind as the two fixed-per-category protocols promise", () => {
    const { positive, negative } = knownCounts(full);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer(), (keep, seed) => {
        const balanced = knownCounts(dropLabels(full, { protocol: "fixed-per-category", keep, seed }));
        const unbalanced = knownCounts(dropLabels(full, { protocol: "fixed-per-category-unbalanced", keep, seed }));
        for (let category = 0; category < 5; category += 1) {
          const both = Math.min(positive[category], negative[category], Math.floor(keep / 2));
          expect([balanced.positive[category], balanced.negative[category]]).toEqual([both, both]);
          expect([unbalanced.positive[category], unbalanced.negative[category]]).toEqual([Math.min(keep, positive[category]), Math.min(keep, negative[category])]);
        }
      }),
      { seed: 526, numRuns: 10 },
    );
  });

  it("leaves images outside the mask alone and invents nothing", () => {
    const protocols: DropProtocol[] = ["uniform", "single-positive", "fixed-per-category", "fixed-per-category-unbalanced", "per-sample"];
    fc.assert(
      fc.property(arbitraryCells(), fc.constantFrom(...protocols), fc.integer(), (cells, protocol, seed) => {
        const labels = build(cells);
        const before = asMap(labels);
        const after = asMap(dropLabels(labels, { protocol, keep: 0, seed, rows: Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0) }));
        for (const [cell, value] of after) expect(before.get(cell)).toBe(value);
        for (const [cell, value] of before) if (Number(cell.split(" ")[0]) % 2 === 1) expect(after.get(cell)).toBe(value);
      }),
      seeded,
    );
  });

  it("refuses a share outside [0, 1] and a count that is none", () => {
    expect(() => dropLabels(full, { protocol: "uniform", keep: 1.5, seed: 1 })).toThrow("keep");
    expect(() => dropLabels(full, { protocol: "uniform", seed: 1 })).toThrow("keep");
    expect(() => dropLabels(full, { protocol: "fixed-per-category", keep: 1.5, seed: 1 })).toThrow("keep");
  });
});

describe("droppedCells", () => {
  it("are exactly the cells that are no longer listed, with their labels", () => {
    fc.assert(
      fc.property(arbitraryCells(), fc.constantFrom<DropProtocol[]>("uniform", "single-positive", "fixed-per-category-unbalanced"), fc.integer(), (cells, protocol, seed) => {
        const labels = build(cells);
        const kept = dropLabels(labels, { protocol, keep: protocol === "uniform" ? 0.5 : 4, seed });
        const dropped = asMap(droppedCells(labels, kept));
        for (const cell of asMap(kept).keys()) expect(dropped.has(cell)).toBe(false);
        expect(new Map([...asMap(kept), ...dropped])).toEqual(asMap(labels));
      }),
      seeded,
    );
  });

  it("refuses labels of other images", () => {
    const labels = build([{ image: 0, category: 0, value: 1 }]);
    expect(() => droppedCells(labels, { ...labels, imageIds: [] })).toThrow("Expected 8 images");
  });
});
