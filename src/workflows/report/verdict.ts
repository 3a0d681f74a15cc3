/** The sentence a manager can repeat, and the order in which the categories are shown. */
import type { MetricChange, RunRecord, TunedCategory } from "../run-record.ts";
import { counted, interval, ratio, signed } from "./text.ts";

export interface Verdict {
  readonly tone: "better" | "worse" | "open" | "leak";
  readonly sentence: string;
  readonly detail: string;
}

/** Where a category belongs on the page: what is certain comes first. */
export type Standing = "changed" | "open" | "left" | "unmeasured";

export const metricName = { ap: "average precision", auroc: "AUROC" } as const;

/** A suspected leak replaces the verdict: a figure that cannot be trusted is not shown beside its own warning. */
export function verdictOf(record: RunRecord): Verdict {
  const { summary } = record.result;
  const { before, after, gain, interval: range } = summary.mean;
  const warned = new Set(summary.warnings.map((warning) => warning.code));
  if (warned.has("leak-suspected")) {
    return {
      tone: "leak",
      sentence: "These figures cannot be trusted.",
      detail:
        "The base model seems to have been trained on the images it is checked with. Check with images it has never seen, or say which images it was trained on, and run again.",
    };
  }
  const name = `Mean ${metricName[summary.metric]}`;
  if (summary.tuned === 0) {
    return { tone: "open", sentence: "Nothing was changed.", detail: "Every category was left as it was; the reasons are below." };
  }
  if (before === null || after === null || gain === null) {
    return { tone: "open", sentence: "Too few labels to say.", detail: "No category has enough known labels in the report part to be measured before and after." };
  }
  const figures = `from ${ratio(before)} to ${ratio(after)} (${signed(gain)}`;
  const detail = `${name} is over ${counted(summary.scored, "category", "categories")} measured on the report part: images used neither to fit nor to choose.${standings(record)}`;
  if (range === null) {
    return { tone: "open", sentence: "Too few labels to say.", detail: `${name} went ${figures}), but no 95 % interval can be computed from so few labels.` };
  }
  const tail = `${figures}; 95 % interval ${interval(range)}).`;
  if (range[0] > 0) return { tone: "better", sentence: `${name} rose ${tail}`, detail };
  if (range[1] < 0) return { tone: "worse", sentence: `${name} fell ${tail}`, detail: `${detail} We advise keeping the former model.` };
  const sentence = warned.has("too-few-labels") ? "Too few labels to say." : "No measurable change.";
  return { tone: "open", sentence, detail: `${name} went ${tail} The interval includes zero. ${detail}` };
}

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
  return range !== null && (range[0] > 0 || range[1] < 0) ? "changed" : "open";
}

/** Certain changes first, then uncertain ones, then those left alone, then those without figures; by size of gain, then by the record's order. */
export function sortedCategories(record: RunRecord): TunedCategory[] {
  const order: Record<Standing, number> = { changed: 0, open: 1, left: 2, unmeasured: 3 };
  const keyed = record.result.categories.map((category, index) => ({
    category,
    index,
    group: order[standingOf(record, category)],
    size: Math.abs(gainOf(mainChange(record, category)) ?? 0),
  }));
  return keyed.toSorted((a, b) => a.group - b.group || b.size - a.size || a.index - b.index).map((entry) => entry.category);
}

function standings(record: RunRecord): string {
  let better = 0;
  let worse = 0;
  for (const category of record.result.categories) {
    if (standingOf(record, category) !== "changed") continue;
    if ((gainOf(mainChange(record, category)) ?? 0) > 0) better += 1;
    else worse += 1;
  }
  if (better + worse === 0) return " No single category changed beyond doubt.";
  const became = [better > 0 ? `${String(better)} became clearly better` : "", worse > 0 ? `${String(worse)} became clearly worse` : ""].filter((part) => part !== "");
  return ` Of ${counted(record.result.summary.tuned, "tuned category", "tuned categories")}, ${became.join(" and ")}.`;
}
