import { CatwiseError, expected } from "../errors.ts";
import type { PartialLabels, Parts } from "./partial-labels.ts";
import { NEGATIVE, POSITIVE, UNCERTAIN } from "./partial-labels.ts";
import { alignToCategories, changeCells } from "./rows.ts";

/** Known cells by category: those of category c are start[c] .. start[c+1]-1, row ascending. */
export interface CategoryCells {
  readonly start: Uint32Array;
  readonly row: Uint32Array;
  /** 1 positive, 0 negative. */
  readonly positive: Uint8Array;
  readonly weight: Float32Array;
}

/** Cells per category, each (C). */
export interface CategoryCounts {
  readonly positive: Uint32Array;
  readonly negative: Uint32Array;
  readonly uncertain: Uint32Array;
  /** Cells that are not listed at all. */
  readonly unknown: Uint32Array;
}

/** What uncertain cells are turned into. */
export type UncertainPolicy = "to-unknown" | "to-negative" | "to-positive";

/** The known (positive or negative, not uncertain) cells of the images in the wanted parts (FIT, SELECTION, ...), by category. */
export function categoryCells(labels: PartialLabels, parts: Parts, wanted: readonly number[]): CategoryCells {
  if (parts.part.length !== labels.imageIds.length) throw expected("parts", `${labels.imageIds.length} images, as the labels have`, parts.part.length);
  const asked = new Set(wanted);
  const start = new Uint32Array(labels.categories.length + 1);
  forEachKnown(labels, parts, asked, (cell) => {
    start[labels.category[cell] + 1] += 1;
  });
  for (let category = 0; category < labels.categories.length; category += 1) start[category + 1] += start[category];
  const next = start.slice();
  const count = start[labels.categories.length];
  const cells = { start, row: new Uint32Array(count), positive: new Uint8Array(count), weight: new Float32Array(count) };
  forEachKnown(labels, parts, asked, (cell, image) => {
    const place = next[labels.category[cell]];
    next[labels.category[cell]] += 1;
    cells.row[place] = image;
    cells.positive[place] = labels.value[cell] === POSITIVE ? 1 : 0;
    cells.weight[place] = labels.weight[cell];
  });
  return cells;
}

/** How many cells of every category (C) are positive, negative, uncertain and unknown, over all images. */
export function knownCounts(labels: PartialLabels): CategoryCounts {
  const size = labels.categories.length;
  const counts = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)] as const;
  const unknown = new Uint32Array(size).fill(labels.imageIds.length);
  for (let cell = 0; cell < labels.category.length; cell += 1) {
    const category = labels.category[cell];
    counts[labels.value[cell]][category] += 1;
    unknown[category] -= 1;
  }
  return { negative: counts[NEGATIVE], positive: counts[POSITIVE], uncertain: counts[UNCERTAIN], unknown };
}

/** The matrix with its uncertain cells turned into unknown, negative or positive ones; all other cells stay as they are. */
export function applyUncertainPolicy(labels: PartialLabels, policy: UncertainPolicy): PartialLabels {
  const becomes = { "to-unknown": null, "to-negative": NEGATIVE, "to-positive": POSITIVE } as const;
  if (!Object.hasOwn(becomes, policy)) throw expected("policy", "to-unknown, to-negative or to-positive", policy);
  return changeCells(labels, (cell) => (labels.value[cell] === UNCERTAIN ? becomes[policy] : labels.value[cell]));
}

/**
 * The matrix of the named categories only, in the order of the names.
 * Errors: labels.unknown-category, usage.invalid-value for a name given twice.
 */
export function selectCategories(labels: PartialLabels, names: readonly string[]): PartialLabels {
  const known = new Set(labels.categories);
  const seen = new Set<string>();
  for (const name of names) {
    if (!known.has(name)) throw new CatwiseError("labels.unknown-category", `expected a category of the labels, got "${name}".`);
    if (seen.has(name)) throw expected("names", "every category once", name);
    seen.add(name);
  }
  return alignToCategories(labels, names);
}

function forEachKnown(labels: PartialLabels, parts: Parts, asked: ReadonlySet<number>, visit: (cell: number, image: number) => void): void {
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    if (!asked.has(parts.part[image])) continue;
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) {
      if (labels.value[cell] !== UNCERTAIN) visit(cell, image);
    }
  }
}
