import { expected } from "../../errors.ts";
import { hashOf } from "../../math/index.ts";
import { NEGATIVE, NO_PART, POSITIVE, SELECTION, type PartialLabels, type Parts } from "../../labels/index.ts";
import { groupNames } from "../groups.ts";

/** Outer folds unless told otherwise, and the most there may be (a fold is a byte; noFold is 255). */
export const defaultOuterFolds = 5;
const mostOuterFolds = 100;
export const noFold = 255;

export interface OuterFoldsInput {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** (N): 1 for images that are to be scored, each in one fold. */
  readonly scored: Uint8Array;
  /** 2 .. 100. */
  readonly folds: number;
  readonly seed: number;
}

/**
 * Deals images into outer folds, groups whole. Every group with a scored image belongs to a fold with all its images, scored or not: what is
 * alike a scored image must not be trained on. Returns the fold of every image (N); `noFold` where no image of its group is scored.
 *
 * Stratified: every category's known positives, and its known negatives, of the fit part and of the selection part, are spread as evenly as whole
 * groups allow. The rarest of these strata is dealt first; a group goes where its stratum lacks most, then where its label of that category lacks most, then where images
 * do (the greedy idea of Sechidis, Tsoumakas and Vlahavas 2011, in one pass). Groups that tie are taken in the order of a hash of (seed, group), so that a fold hangs on names and
 * labels and never on the order of the rows.
 *
 * Errors: usage.invalid-value where there are fewer groups with a scored image than folds.
 */
export function dealOuterFolds({ labels, parts, scored, folds, seed }: OuterFoldsInput): Uint8Array {
  if (!Number.isInteger(folds) || folds < 2 || folds > mostOuterFolds) throw expected("folds", `a whole number from 2 to ${mostOuterFolds}`, folds);
  const groups = groupsToDeal({ labels, parts, scored, seed });
  if (groups.length < folds) throw expected("folds", `at most ${groups.length}, the number of images (groups) to be scored`, folds);
  const strata = strataOf(groups, labels.categories.length * 4);
  const lack = new Lack(groups, folds, strata);
  for (const { stratum, members } of strata) {
    for (const group of members) if (group.fold === noFold) lack.deal(group, stratum);
  }
  for (const group of groups) if (group.fold === noFold) lack.deal(group, null);
  const foldOf = new Map(groups.map(({ name, fold }) => [name, fold]));
  return Uint8Array.from(groupNames(labels, parts), (name, image) => (parts.part[image] === NO_PART ? noFold : (foldOf.get(name) ?? noFold)));
}

interface Group {
  readonly name: string;
  /** Scored images. */
  images: number;
  /** Known cells of the scored images per stratum. */
  readonly cells: Map<number, number>;
  fold: number;
}

/** Groups with a scored image, in the order of their hash. A stratum is (category, label, part): 4 * category + 2 * label + part. */
function groupsToDeal({ labels, parts, scored, seed }: Omit<OuterFoldsInput, "folds">): Group[] {
  const groups = new Map<string, Group>();
  const names = groupNames(labels, parts);
  names.forEach((name, image) => {
    if (scored[image] !== 1) return;
    const group = groups.get(name) ?? { name, images: 0, cells: new Map<number, number>(), fold: noFold };
    groups.set(name, group);
    group.images += 1;
    const part = parts.part[image] === SELECTION ? 1 : 0;
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell++) {
      const value = labels.value[cell];
      if (value !== POSITIVE && value !== NEGATIVE) continue;
      const stratum = 4 * labels.category[cell] + 2 * (value === POSITIVE ? 1 : 0) + part;
      group.cells.set(stratum, (group.cells.get(stratum) ?? 0) + 1);
    }
  });
  const hash = new Map([...groups.keys()].map((name) => [name, hashOf(`${seed}\u0000outer folds\u0000${name}`)]));
  return [...groups.values()].sort((a, b) => hash.get(a.name)! - hash.get(b.name)! || (a.name < b.name ? -1 : 1));
}

interface Stratum {
  readonly stratum: number;
  readonly cells: number;
  /** Those with most cells first, which are hardest to place. */
  readonly members: readonly Group[];
}

/** Strata that hold a cell, rarest first. */
function strataOf(groups: readonly Group[], count: number): Stratum[] {
  const members = Array.from({ length: count }, (): Group[] => []);
  for (const group of groups) for (const stratum of group.cells.keys()) members[stratum].push(group);
  return members
    .map((own, stratum) => ({
      stratum,
      cells: own.reduce((sum, group) => sum + group.cells.get(stratum)!, 0),
      members: own.toSorted((a, b) => b.cells.get(stratum)! - a.cells.get(stratum)!),
    }))
    .filter((one) => one.cells > 0)
    .sort((a, b) => a.cells - b.cells || a.stratum - b.stratum);
}

/** How much each fold still lacks of its even share: of every stratum, of every label of a category, of images. */
class Lack {
  readonly #strata: readonly Map<number, number>[];
  readonly #labels: readonly Map<number, number>[];
  readonly #images: number[];

  constructor(groups: readonly Group[], folds: number, strata: readonly Stratum[]) {
    const images = groups.reduce((sum, group) => sum + group.images, 0);
    this.#images = Array.from({ length: folds }, () => images / folds);
    const [ofStrata, ofLabels] = [new Map<number, number>(), new Map<number, number>()];
    for (const { stratum, cells } of strata) {
      ofStrata.set(stratum, cells / folds);
      ofLabels.set(stratum >> 1, (ofLabels.get(stratum >> 1) ?? 0) + cells / folds);
    }
    this.#strata = this.#images.map(() => new Map(ofStrata));
    this.#labels = this.#images.map(() => new Map(ofLabels));
  }

  /** Puts a group where most of `stratum` is lacking; null: where images are. */
  deal(group: Group, stratum: number | null): void {
    const lacks = (fold: number): readonly number[] => (stratum === null ? [this.#images[fold]] : [this.#strata[fold].get(stratum)!, this.#labels[fold].get(stratum >> 1)!, this.#images[fold]]);
    let best = 0;
    for (let fold = 1; fold < this.#images.length; fold++) if (isGreater(lacks(fold), lacks(best))) best = fold;
    group.fold = best;
    this.#images[best] -= group.images;
    for (const [own, cells] of group.cells) {
      this.#strata[best].set(own, this.#strata[best].get(own)! - cells);
      this.#labels[best].set(own >> 1, this.#labels[best].get(own >> 1)! - cells);
    }
  }
}

/** By the first number that differs; sums taken in another order may differ in their last bits. */
function isGreater(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, i) => Math.abs(value - other[i]) > 1e-9);
  return at >= 0 && one[at] > other[at];
}
