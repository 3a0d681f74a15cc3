import { knownCounts, type CategoryCounts } from "./cells.ts";
import type { PartialLabels } from "./partial-labels.ts";
import { POSITIVE, UNCERTAIN } from "./partial-labels.ts";

/** How much of a label matrix (N x C) is known. */
export interface LabelStatistics {
  readonly images: number;
  readonly categories: number;
  /** N * C = positive + negative + uncertain + unknown. */
  readonly cells: number;
  readonly positive: number;
  readonly negative: number;
  readonly uncertain: number;
  readonly unknown: number;
  /** positive + negative. */
  readonly known: number;
  /** known / cells, in [0, 1]. */
  readonly knownShare: number;
  /** Categories with a known cell: there is something to train on. */
  readonly trainableCategories: number;
  /** Categories with a known positive and a known negative: a head can be tuned and judged. */
  readonly judgeableCategories: number;
  /** (C) each. */
  readonly perCategory: CategoryCounts;
  /** (N) each: known positive and negative cells of every image. */
  readonly perImage: { readonly positive: Uint32Array; readonly negative: Uint32Array };
}

const total = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0);

/** Counts what is known: over all cells, by category and by image. Uncertain cells count as neither known nor unknown. */
export function labelStatistics(labels: PartialLabels): LabelStatistics {
  const [N, C] = [labels.imageIds.length, labels.categories.length];
  const perCategory = knownCounts(labels);
  const perImage = { positive: new Uint32Array(N), negative: new Uint32Array(N) };
  for (let image = 0; image < N; image++) {
    for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell++) {
      if (labels.value[cell] !== UNCERTAIN) (labels.value[cell] === POSITIVE ? perImage.positive : perImage.negative)[image] += 1;
    }
  }
  const [positive, negative] = [total(perCategory.positive), total(perCategory.negative)];
  const having = (has: (c: number) => boolean): number => labels.categories.filter((_, c) => has(c)).length;
  return {
    images: N,
    categories: C,
    cells: N * C,
    positive,
    negative,
    uncertain: total(perCategory.uncertain),
    unknown: total(perCategory.unknown),
    known: positive + negative,
    knownShare: (positive + negative) / (N * C),
    trainableCategories: having((c) => perCategory.positive[c] + perCategory.negative[c] > 0),
    judgeableCategories: having((c) => perCategory.positive[c] > 0 && perCategory.negative[c] > 0),
    perCategory,
    perImage,
  };
}
