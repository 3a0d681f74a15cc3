import { bootstrapReplicates } from "../../math/index.ts";
import type { KnownCells } from "../cells.ts";
import { evaluateCategory, type CategoryEvaluation, type CellScores } from "./evaluate-category.ts";
import { replicatedFigures, type ReplicatedFigures } from "./replicates.ts";

/** A figure before and after; NaN where it is undefined. */
export interface FigureChange {
  readonly before: number;
  readonly after: number;
  /** 95 % percentile interval of after - before over paired bootstrap replicates of images (groups); null where undefined. */
  readonly interval: readonly [number, number] | null;
}

/** One category under two heads, on the same known cells. */
export interface CategoryComparison {
  readonly before: CategoryEvaluation;
  readonly after: CategoryEvaluation;
  readonly ap: FigureChange;
  readonly auroc: FigureChange;
  readonly ece: FigureChange;
  readonly brier: FigureChange;
}

/** Two heads compared, category by category and on average. */
export interface HeadComparison {
  readonly categories: readonly CategoryComparison[];
  /** Mean AP (or AUROC) over the categories where it is defined. */
  readonly mean: Readonly<Record<"ap" | "auroc", FigureChange>>;
  readonly images: number;
}

export interface ScoresToCompare {
  readonly categories: readonly string[];
  /** Known cells; rows count among the images. */
  readonly cells: KnownCells;
  /** (n): the group of every image; an image alone is its own. */
  readonly groups: readonly string[];
  /** (n): images are redrawn within their stratum alone; absent: all among each other. Groups are whole within a stratum. */
  readonly strata?: Uint8Array;
  readonly before: CellScores;
  readonly after: CellScores;
  readonly seed: number;
  readonly repeats?: number;
  /** How many times further the upper end of the intervals of AP and AUROC lies from the gain than the replicates put it (nested/index.ts says why); never beyond a perfect score. Default 1. */
  readonly upperFactor?: number;
}

/** Fewer images (groups) than these are too few to draw among: every replicate is nearly the same, and intervals would be absurdly narrow. */
const fewestToDraw = 10;

/**
 * Compares two scores of the same known cells, with paired bootstrap intervals (`repeats` replicates, default 1,000) that draw images,
 * or whole groups where images belong together. With fewer than 10 of them there is no interval.
 */
export function compareScores({ categories: names, cells, groups, strata, before, after, seed, repeats = 1000, upperFactor = 1 }: ScoresToCompare): HeadComparison {
  const enough = new Set(groups).size >= fewestToDraw;
  const draws = bootstrapReplicates(groups, repeats, seed, strata);
  const gains = { ap: new ReplicateMeans(repeats), auroc: new ReplicateMeans(repeats) };
  const widened = (interval: FigureChange["interval"], from: number, to: number): FigureChange["interval"] => {
    if (interval === null || upperFactor === 1) return interval;
    const gain = to - from;
    return [interval[0], Math.max(interval[1], Math.min(1 - from, gain + upperFactor * (interval[1] - gain)))];
  };
  const categories = names.map((name, c): CategoryComparison => {
    const [one, other] = [evaluateCategory(name, c, cells, before), evaluateCategory(name, c, cells, after)];
    let differences: ReplicatedFigures | null = null;
    if (one.reason === null) {
      const images = cells.row.subarray(cells.start[c], cells.start[c + 1]);
      const first = replicatedFigures(one, images, draws);
      const second = sameScores(one, other) ? first : replicatedFigures(other, images, draws);
      const minus = (figure: keyof ReplicatedFigures): Float64Array => second[figure].map((value, r) => value - first[figure][r]);
      differences = { ap: minus("ap"), auroc: minus("auroc"), ece: minus("ece"), brier: minus("brier") };
      gains.ap.add(differences.ap);
      gains.auroc.add(differences.auroc);
    }
    const change = (figure: keyof ReplicatedFigures): FigureChange => {
      const interval = differences === null || !enough ? null : interval95(differences[figure]);
      return { before: one[figure], after: other[figure], interval: figure === "ap" || figure === "auroc" ? widened(interval, one[figure], other[figure]) : interval };
    };
    return { before: one, after: other, ap: change("ap"), auroc: change("auroc"), ece: change("ece"), brier: change("brier") };
  });
  const mean = (figure: "ap" | "auroc"): FigureChange => {
    const scored = categories.filter((one) => Number.isFinite(one[figure].before) && Number.isFinite(one[figure].after));
    const average = (side: "before" | "after"): number => scored.reduce((sum, one) => sum + one[figure][side], 0) / scored.length;
    const [from, to] = [average("before"), average("after")];
    return { before: from, after: to, interval: widened(names.length === 0 || !enough ? null : interval95(gains[figure].means()), from, to) };
  };
  return { categories, mean: { ap: mean("ap"), auroc: mean("auroc") }, images: groups.length };
}

function sameScores(one: CategoryEvaluation, other: CategoryEvaluation): boolean {
  const same = (key: "logits" | "ranking"): boolean => one[key].every((score, i) => Object.is(score, other[key][i]));
  return same("logits") && same("ranking");
}

/** Per replicate, the mean over the categories where it is defined. */
class ReplicateMeans {
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;

  constructor(repeats: number) {
    this.#sum = new Float64Array(repeats);
    this.#count = new Uint32Array(repeats);
  }

  add(values: Float64Array): void {
    for (let r = 0; r < values.length; r++) {
      if (!Number.isFinite(values[r])) continue;
      this.#sum[r] += values[r];
      this.#count[r] += 1;
    }
  }

  /** Replicates where nothing is defined are left out. */
  means(): Float64Array {
    return this.#sum.map((sum, r) => sum / this.#count[r]).filter((_, r) => this.#count[r] > 0);
  }
}

function interval95(values: Float64Array): readonly [number, number] | null {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  // With fewer than half of the replicates defined the quantiles describe luck, not the data.
  if (sorted.length < Math.max(20, values.length / 2)) return null;
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))];
  return [at(0.025), at(0.975)];
}
