/** Where a category stands after a run, by what the images judged on can show, and the order in which categories are shown. */
import type { MetricChange, RunRecord, TunedCategory } from "../run-record.ts";

/**
 * better, worse: the 95 % interval of the gain leaves out zero. open: it includes zero. few: tuned, with too few labels in the report
 * part for its interval to be believed. left: not tuned. unmeasured: no figure.
 */
export type Standing = "worse" | "better" | "open" | "few" | "left" | "unmeasured";

/** What went wrong comes before what went well, and what is clear before what is not. */
export const standings: readonly Standing[] = ["worse", "better", "open", "few", "left", "unmeasured"];

/**
 * Positives, and negatives, of the images judged on below which no change is called clear: with fewer, the interval leaves out zero by
 * chance up to twice as often as it promises (docs/decisions/0010).
 */
export const fewest = 10;

/** The change in the metric the run was judged by. */
export function mainChange(record: RunRecord, category: TunedCategory): MetricChange {
  return category.report[record.result.summary.metric];
}

export function gainOf(change: MetricChange): number | null {
  return change.before === null || change.after === null ? null : change.after - change.before;
}

export function standingOf(record: RunRecord, category: TunedCategory): Standing {
  const change = mainChange(record, category);
  if (gainOf(change) === null) return "unmeasured";
  if (category.status !== "tuned") return "left";
  const range = change.gainInterval;
  const { positive, negative } = category.reportKnown;
  if (range === null || positive < fewest || negative < fewest) return "few";
  if (range[0] > 0) return "better";
  return range[1] < 0 ? "worse" : "open";
}

export function standingCounts(record: RunRecord): Record<Standing, number> {
  const counts: Record<Standing, number> = { worse: 0, better: 0, open: 0, few: 0, left: 0, unmeasured: 0 };
  for (const category of record.result.categories) counts[standingOf(record, category)] += 1;
  return counts;
}

/** By standing, then by size of gain, then by the record's own order. */
export function sortedCategories(record: RunRecord): TunedCategory[] {
  const keyed = record.result.categories.map((category, index) => ({
    category,
    index,
    group: standings.indexOf(standingOf(record, category)),
    size: Math.abs(gainOf(mainChange(record, category)) ?? 0),
  }));
  return keyed.toSorted((a, b) => a.group - b.group || b.size - a.size || a.index - b.index).map((entry) => entry.category);
}
