import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellValue, DropProtocol, LabelCell, PartialLabels } from "./index.ts";
import {
  CellRecords,
  FIT,
  NO_PART,
  REPORT,
  SELECTION,
  alignToCategories,
  alignToIds,
  applyUncertainPolicy,
  assignParts,
  buildPartialLabels,
  categoryCells,
  dropLabels,
  droppedCells,
  knownCounts,
  selectCategories,
} from "./index.ts";

const seeded = { seed: 526, numRuns: 100 };

describe("buildPartialLabels", () => {
  it("puts every cell in its row, category ascending, whatever the order it was said in", () => {
    fc.assert(
      fc.property(arbitraryCells(), fc.integer(), (cells, seed) => {
        const rotated = cells.slice(Math.abs(seed) % (cells.length + 1));
        const labels = build([...rotated, ...cells]);
        expect(asMap(labels)).toEqual(new Map(cells.map((cell) => [`${cell.image} ${cell.category}`, cell.value])));
        for (let image = 0; image < 8; image += 1) {
          const row = [...labels.category.subarray(labels.rowStart[image], labels.rowStart[image + 1])];
          expect(row).toEqual([...new Set(row)].sort((a, b) => a - b));
        }
      }),
      seeded,
    );
  });

  it("takes cells as records, and makes of them what it makes of a list", () => {
    fc.assert(
      fc.property(arbitraryCells(), (cells) => {
        const records = new CellRecords();
        for (const [at, { image, category, value }] of cells.entries()) {
          records.begin(image, at);
          records.push(category, value, 0.5);
        }
        const asList = build(cells.map((cell) => ({ ...cell, weight: 0.5 })));
        expect(buildPartialLabels({ imageIds: asList.imageIds, categories: asList.categories, cells: records })).toEqual(asList);
      }),
      seeded,
    );
  });

  it("keeps records, cells and weights apart over many blocks, whichever way long rows come", () => {
    const [images, categories] = [1500, 100];
    const records = new CellRecords();
    // 37 and 100 share no divisor, so every row holds every category once, out of order; the odd rows come in two records, the second after all others.
    const row = (image: number, half: 0 | 1 | 2): void => {
      records.begin(image, image + 1);
      for (let at = 0; at < categories; at += 1) {
        const category = (at * 37 + image) % categories;
        if (half === 2 || category % 2 === half) records.push(category, ((image + category) % 3) as CellValue, (image * categories + category) % 7 === 0 ? 0.5 : 1);
      }
    };
    for (let image = 0; image < images; image += 1) row(image, image % 2 === 0 ? 2 : 0);
    for (let image = 1; image < images; image += 2) row(image, 1);
    const source = { imageIds: Array.from({ length: images }, (_, at) => `${at}`), categories: Array.from({ length: categories }, (_, at) => `c${at}`), cells: records };
    const labels = buildPartialLabels(source);
    expect(labels.value.length).toBe(images * categories);
    let wrong = 0;
    for (let cell = 0; cell < labels.value.length; cell += 1) {
      const [image, category] = [Math.floor(cell / categories), cell % categories];
      if (labels.category[cell] !== category || labels.value[cell] !== (image + category) % 3 || labels.weight[cell] !== (cell % 7 === 0 ? 0.5 : 1)) wrong += 1;
    }
    expect(wrong).toBe(0);
    const lines: number[] = [];
    records.forEach((image, category, _, __, line) => {
      if (category === 40 && image > 1496) lines.push(line);
    });
    expect(lines).toEqual([1498, 1499, 1500]);
    expect(buildPartialLabels({ ...source, consume: true })).toEqual(labels);
    expect(records.count).toBe(0);
  });

  it("merges equal duplicates, keeping the larger trust", () => {
    const labels = build([
      { image: 0, category: 1, value: 1, weight: 0.25 },
      { image: 0, category: 1, value: 1, weight: 0.5 },
    ]);
    expect([...labels.weight]).toEqual([0.5]);
  });

  it("refuses two different labels for one cell and names the cell", () => {
    const cells: LabelCell[] = [
      { image: 2, category: 1, value: 1 },
      { image: 2, category: 1, value: 0 },
    ];
    expect(() => build(cells)).toThrow(/image "image-2", category "category-1".*positive and negative/);
  });

  it("refuses missing or repeated images and categories, indices outside and trusts outside (0, 1]", () => {
    const none: LabelCell[] = [];
    expect(() => buildPartialLabels({ imageIds: [], categories: ["a"], cells: none })).toThrow("at least one image");
    expect(() => buildPartialLabels({ imageIds: ["a"], categories: [], cells: none })).toThrow("at least one category");
    expect(() => buildPartialLabels({ imageIds: ["a", "a"], categories: ["a"], cells: none })).toThrow('"a" twice');
    expect(() => buildPartialLabels({ imageIds: ["a"], categories: ["b", "b"], cells: none })).toThrow("every name once");
    expect(() => build([{ image: 8, category: 0, value: 1 }])).toThrow("image");
    expect(() => build([{ image: 0, category: 5, value: 1 }])).toThrow("category");
    expect(() => build([{ image: 0, category: 0, value: 1, weight: 0 }])).toThrow("trust");
    expect(() => build([{ image: 0, category: 0, value: 1, weight: Number.NaN }])).toThrow("trust");
  });
});

describe("assignParts", () => {
  const labels = build([], 20_000);

  it("gives each part its share by hash and moves no image when others come or go", () => {
    const { part, origin } = assignParts(labels);
    expect(origin).toBe("hash-of-id");
    for (const [wanted, share] of [[FIT, 0.6], [SELECTION, 0.2], [REPORT, 0.2]] as const) {
      expect(Math.abs(part.filter((value) => value === wanted).length / 20_000 - share)).toBeLessThan(0.015);
    }
    const reversed = assignParts({ ...build([], 20_000), imageIds: labels.imageIds.toReversed() });
    expect(reversed.part.toReversed()).toEqual(part);
  });

  it("never tears a group apart and numbers lone images as groups of their own", () => {
    const groups = labels.imageIds.map((_, image) => (image % 5 === 0 ? null : `patient-${image % 97}`));
    const { part, group, origin } = assignParts(labels, { groups });
    expect(origin).toBe("hash-of-group");
    const partOfGroup = new Map<number, number>();
    for (const [image, number] of group.entries()) {
      expect(part[image]).toBe(partOfGroup.get(number) ?? part[image]);
      partOfGroup.set(number, part[image]);
    }
    expect(partOfGroup.size).toBe(97 + 4000);
  });

  it("obeys a split column", () => {
    const { part, origin } = assignParts(build([], 4), { split: ["report", null, "fit", "selection"] });
    expect([...part]).toEqual([REPORT, NO_PART, FIT, SELECTION]);
    expect(origin).toBe("column");
  });

  it("gives nothing to a part whose share is 0, and refuses shares that do not sum to 1", () => {
    const { part } = assignParts(labels, { shares: { fit: 0.7, selection: 0.3, report: 0 } });
    expect(part.includes(REPORT)).toBe(false);
    expect(() => assignParts(labels, { shares: { fit: 0.7, selection: 0.3, report: 0.1 } })).toThrow("shares");
    expect(() => assignParts(labels, { split: ["fit"] })).toThrow("split");
  });
});

describe("alignToIds", () => {
  it("follows the ids, gives unlabelled images an all-unknown row and keeps every other row whole", () => {
    fc.assert(
      fc.property(arbitraryCells(), fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }), (cells, wanted) => {
        const labels = build(cells);
        const ids = ["image-0", ...wanted.filter((image) => image !== 0).map((image) => `image-${image}`)];
        const { labels: aligned, source } = alignToIds(labels, ids);
        for (const [row, id] of ids.entries()) {
          expect(rowOf(aligned, row)).toEqual(source[row] < 0 ? [] : rowOf(labels, source[row]));
          expect(source[row] < 0 ? id : labels.imageIds[source[row]]).toBe(id);
          expect(source[row] < 0).toBe(!labels.imageIds.includes(id));
        }
      }),
      seeded,
    );
  });

  it("refuses ids that share nothing with the labels, and an id given twice", () => {
    expect(() => alignToIds(build([]), ["other"])).toThrow("none is in both");
    expect(() => alignToIds(build([]), ["image-1", "image-1"])).toThrow('"image-1" twice');
  });
});

describe("categoryCells and knownCounts", () => {
  it("list exactly the known cells of the wanted parts, rows ascending", () => {
    fc.assert(
      fc.property(arbitraryCells(), (cells) => {
        const labels = build(cells);
        const parts = assignParts(labels, { split: ["fit", "fit", "selection", "report", null, "fit", "selection", null] });
        const listed = categoryCells(labels, parts, [FIT, SELECTION]);
        const found = new Map<string, number>();
        for (let category = 0; category < 5; category += 1) {
          const rows = [...listed.row.subarray(listed.start[category], listed.start[category + 1])];
          expect(rows).toEqual(rows.toSorted((a, b) => a - b));
          for (let cell = listed.start[category]; cell < listed.start[category + 1]; cell += 1) found.set(`${listed.row[cell]} ${category}`, listed.positive[cell]);
        }
        const wanted = cells.filter(({ image, value }) => [0, 1, 2, 5, 6].includes(image) && value !== 2);
        expect(found).toEqual(new Map(wanted.map((cell) => [`${cell.image} ${cell.category}`, cell.value])));
        const counts = knownCounts(labels);
        expect(counts.positive[3]).toBe(cells.filter((cell) => cell.category === 3 && cell.value === 1).length);
        expect(counts.positive[3] + counts.negative[3] + counts.uncertain[3] + counts.unknown[3]).toBe(8);
      }),
      seeded,
    );
  });
});

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

describe("applyUncertainPolicy and selectCategories", () => {
  it("changes uncertain cells as asked and no others", () => {
    fc.assert(
      fc.property(arbitraryCells(), (cells) => {
        const before = asMap(build(cells));
        for (const [policy, becomes] of [["to-unknown", undefined], ["to-negative", 0], ["to-positive", 1]] as const) {
          const after = asMap(applyUncertainPolicy(build(cells), policy));
          for (const [cell, value] of before) expect(after.get(cell)).toBe(value === 2 ? becomes : value);
        }
      }),
      seeded,
    );
  });

  it("keeps the named categories in the order of the names", () => {
    fc.assert(
      fc.property(arbitraryCells(), (cells) => {
        const chosen = selectCategories(build(cells), ["category-4", "category-1"]);
        expect(chosen.categories).toEqual(["category-4", "category-1"]);
        const wanted = cells.filter(({ category }) => category === 4 || category === 1);
        expect(asMap(chosen)).toEqual(new Map(wanted.map(({ image, category, value }) => [`${image} ${category === 4 ? 0 : 1}`, value])));
        expect(rowOf(chosen, 0)).toEqual(rowOf(chosen, 0).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)));
      }),
      seeded,
    );
  });

  it("leaves out other categories and makes unknown those nobody has, when aligned to the categories of a head", () => {
    const labels = build([{ image: 0, category: 0, value: 1, weight: 0.5 }, { image: 0, category: 2, value: 0 }, { image: 0, category: 3, value: 2, weight: 0.25 }]);
    const aligned = alignToCategories(labels, ["category-3", "new", "category-0"]);
    expect(aligned.categories).toEqual(["category-3", "new", "category-0"]);
    expect([[...aligned.category], [...aligned.value], [...aligned.weight]]).toEqual([[0, 2], [2, 1], [0.25, 0.5]]);
    expect([...aligned.rowStart]).toEqual([0, 2, 2, 2, 2, 2, 2, 2, 2]);
  });

  it("refuses a category the labels do not have", () => {
    expect(() => selectCategories(build([]), ["horse"])).toThrow('"horse"');
  });
});

function build(cells: readonly LabelCell[], images = 8): PartialLabels {
  return buildPartialLabels({
    imageIds: Array.from({ length: images }, (_, image) => `image-${image}`),
    categories: Array.from({ length: 5 }, (_, category) => `category-${category}`),
    cells,
  });
}

function arbitraryCells(): fc.Arbitrary<LabelCell[]> {
  const cell = fc.record({ image: fc.nat({ max: 7 }), category: fc.nat({ max: 4 }), value: fc.constantFrom<CellValue>(0, 1, 2) });
  return fc.uniqueArray(cell, { selector: ({ image, category }) => image * 5 + category });
}

function rowOf(labels: PartialLabels, image: number): number[][] {
  const cells: number[][] = [];
  for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) cells.push([labels.category[cell], labels.value[cell]]);
  return cells;
}

function asMap(labels: PartialLabels): Map<string, number> {
  const values = new Map<string, number>();
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    for (const [category, value] of rowOf(labels, image)) values.set(`${image} ${category}`, value ?? -1);
  }
  return values;
}
