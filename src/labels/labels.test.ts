import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellValue, LabelCell } from "./index.ts";
import { CellRecords, FIT, NO_PART, REPORT, SELECTION, alignToCategories, alignToIds, applyUncertainPolicy, assignParts, buildPartialLabels, categoryCells, knownCounts, selectCategories } from "./index.ts";
import { arbitraryCells, asMap, build, rowOf, seeded } from "./labels.cases.ts";

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
