import { CatwiseError, expected } from "../errors.ts";
import { cellLots } from "./lots.ts";
import type { PartialLabels } from "./partial-labels.ts";
import { NEGATIVE, POSITIVE } from "./partial-labels.ts";
import { changeCells } from "./rows.ts";

/** How labels are hidden for an experiment: see `dropLabels`. */
export type DropProtocol = "uniform" | "single-positive" | "fixed-per-category" | "fixed-per-category-unbalanced" | "per-sample";

/** Which labels to hide, by which protocol, and by which seed. */
export interface DropOptions {
  readonly protocol: DropProtocol;
  /** uniform, per-sample: the share of cells to keep, in [0, 1]. fixed-per-category*: M, a whole number. single-positive: not used. */
  readonly keep?: number;
  readonly seed: number | string;
  /** (N) 1 for the images to touch; the others keep every cell. All when absent. */
  readonly rows?: Uint8Array | null;
}

/**
 * Makes known cells unknown, for experiments on fully labelled data:
 * uniform and per-sample (CSL's "RPS", the same with the complement): every cell is kept with probability `keep`;
 * single-positive: one positive of every image and nothing else;
 * fixed-per-category (mlcpl): min(positives, negatives, floor(M / 2)) positives and as many negatives of every category;
 * fixed-per-category-unbalanced (CSL): up to M positives and up to M negatives of every category.
 *
 * Whether a cell is kept hangs on the seed, the image's id and the category's name, never on their order, and a larger `keep`
 * keeps all that a smaller one keeps. Uncertain cells are treated as cells by uniform and per-sample, and dropped by the others.
 * Errors: usage.invalid-value.
 */
export function dropLabels(labels: PartialLabels, { protocol, keep, seed, rows }: DropOptions): PartialLabels {
  if (rows && rows.length !== labels.imageIds.length) throw expected("rows", `${labels.imageIds.length} entries, one for each image`, rows.length);
  const touched = (image: number): boolean => !rows || rows[image] !== 0;
  const lot = drawLots(labels, seed);
  let kept: Uint8Array;
  switch (protocol) {
    case "uniform":
    case "per-sample":
      kept = keepShare(lot, checkShare(keep));
      break;
    case "single-positive":
      kept = keepOnePositive(labels, lot);
      break;
    case "fixed-per-category":
      kept = keepPerCategory(labels, lot, touched, (positives, negatives) => {
        const both = Math.min(positives, negatives, Math.floor(checkCount(keep) / 2));
        return [both, both];
      });
      break;
    case "fixed-per-category-unbalanced":
      kept = keepPerCategory(labels, lot, touched, () => [checkCount(keep), checkCount(keep)]);
      break;
    default:
      throw expected("protocol", "uniform, single-positive, fixed-per-category, fixed-per-category-unbalanced or per-sample", protocol);
  }
  return changeCells(labels, (cell, image) => (touched(image) && kept[cell] === 0 ? null : labels.value[cell]));
}

/**
 * The cells of `labels` that `kept` no longer lists: what an experiment hid, and may look at afterwards to judge what was made of it.
 * Both have the same images and categories, as after `dropLabels`. Errors: labels.count-mismatch.
 */
export function droppedCells(labels: PartialLabels, kept: PartialLabels): PartialLabels {
  if (kept.imageIds.length !== labels.imageIds.length || kept.categories.length !== labels.categories.length) {
    throw new CatwiseError("labels.count-mismatch", `Expected ${labels.imageIds.length} images and ${labels.categories.length} categories, got ${kept.imageIds.length} and ${kept.categories.length}.`);
  }
  // Cells of an image stand in the order of their categories in both.
  let next = 0;
  return changeCells(labels, (cell, image) => {
    next = Math.max(next, kept.rowStart[image]);
    while (next < kept.rowStart[image + 1] && kept.category[next] < labels.category[cell]) next += 1;
    return next < kept.rowStart[image + 1] && kept.category[next] === labels.category[cell] ? null : labels.value[cell];
  });
}

/** One number in 0 .. 2^32-1 for every cell, from the seed, the image's id and the category's name. */
function drawLots(labels: PartialLabels, seed: number | string): Uint32Array {
  const lotOf = cellLots(labels.imageIds, labels.categories, seed, 0x64726f70);
  const lot = new Uint32Array(labels.category.length);
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) lot[cell] = lotOf(image, labels.category[cell]);
  }
  return lot;
}

function checkShare(keep: number | undefined): number {
  if (keep === undefined || !(keep >= 0 && keep <= 1)) throw expected("keep", "a share in [0, 1]", keep);
  return keep;
}

function checkCount(keep: number | undefined): number {
  if (keep === undefined || !Number.isInteger(keep) || keep < 0) throw expected("keep", "a whole number of labels per category", keep);
  return keep;
}

function keepShare(lot: Uint32Array, share: number): Uint8Array {
  return Uint8Array.from(lot, (drawn) => (drawn < share * 2 ** 32 ? 1 : 0));
}

function keepOnePositive(labels: PartialLabels, lot: Uint32Array): Uint8Array {
  const kept = new Uint8Array(lot.length);
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    let best = -1;
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) {
      if (labels.value[cell] === POSITIVE && (best < 0 || lot[cell] < lot[best])) best = cell;
    }
    if (best >= 0) kept[best] = 1;
  }
  return kept;
}

type Quota = (positives: number, negatives: number) => readonly [number, number];

function keepPerCategory(labels: PartialLabels, lot: Uint32Array, touched: (image: number) => boolean, quota: Quota): Uint8Array {
  const positives: number[][] = labels.categories.map(() => []);
  const negatives: number[][] = labels.categories.map(() => []);
  const imageOf = new Uint32Array(lot.length);
  for (let image = 0; image < labels.imageIds.length; image += 1) {
    imageOf.fill(image, labels.rowStart[image], labels.rowStart[image + 1]);
    if (!touched(image)) continue;
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell += 1) {
      if (labels.value[cell] === POSITIVE) positives[labels.category[cell]].push(cell);
      if (labels.value[cell] === NEGATIVE) negatives[labels.category[cell]].push(cell);
    }
  }
  // Equal lots are decided by the id, so that not even then does the order of the rows matter.
  const byLot = (a: number, b: number): number => lot[a] - lot[b] || (labels.imageIds[imageOf[a]] < labels.imageIds[imageOf[b]] ? -1 : 1);
  const kept = new Uint8Array(lot.length);
  for (const [category, cells] of positives.entries()) {
    const [positiveQuota, negativeQuota] = quota(cells.length, negatives[category].length);
    for (const cell of cells.sort(byLot).slice(0, positiveQuota)) kept[cell] = 1;
    for (const cell of negatives[category].sort(byLot).slice(0, negativeQuota)) kept[cell] = 1;
  }
  return kept;
}
