/** The sentence a manager can repeat, and the words and figures it rests on. */
import type { RunRecord } from "../run-record.ts";
import { isLeaked } from "./leak.ts";
import { amongMeasured, isNested, measuredSentence } from "./measured.ts";
import { fewest, gainOf, mainChange, standingCounts } from "./standing.ts";
import { counted, interval, metricName, ratio, signed } from "./text.ts";

export interface Verdict {
  readonly tone: "better" | "worse" | "open" | "leak";
  /** Short enough to be repeated; the figure stands in a line of its own. */
  readonly sentence: string;
  /** The figure the sentence is read from, with its interval; empty where none may be shown. */
  readonly figure: string;
  /** What the sentence rests on, paragraph by paragraph. */
  readonly details: readonly string[];
}

/** A suspected leak comes before the verdict: its figure is shown, but nothing is concluded from it. */
export function verdictOf(record: RunRecord): Verdict {
  const { summary } = record.result;
  const { before, after, gain, interval: range } = summary.mean;
  if (isLeaked(record)) {
    return {
      tone: "leak",
      sentence: "Ask first whether the base model was trained on these images.",
      figure: before === null || after === null || gain === null || range === null ? "" : `If it was not: from ${ratio(before)} to ${ratio(after)} (${signed(gain)}; 95\u00A0% interval ${interval(range)}).`,
      details: [
        "A check suspects that it was; if so, what was chosen and the figures on this page are distorted. Whoever trained the base model knows; the check is wrong now and then, above all with few labels.",
        ...summary.warnings.filter((warning) => warning.code === "leak-suspected").map((warning) => warning.message),
        ...(isNested(record) ? [measuredSentence(record)] : []),
      ],
    };
  }
  const measured = measuredSentence(record);
  if (summary.tuned === 0) {
    return { tone: "open", sentence: "Nothing was changed.", figure: "", details: [`Every category was left as it was, so the model answers exactly as before; the reasons are below. ${measured}`] };
  }
  if (before === null || after === null || gain === null) {
    return { tone: "open", sentence: "Too few labels to say.", figure: "", details: [`No category has enough known labels ${amongMeasured(record)} to be measured before and after.`] };
  }
  const name = summary.scored === 1 ? metricName[summary.metric] : `mean ${metricName[summary.metric]}`;
  const went = (how: string): string => `${capital(name)} ${how} from ${ratio(before)} to ${ratio(after)} (${signed(gain)}`;
  const details = [`${measured} ${meanOver(record)}`.trim(), standings(record)].filter((text) => text !== "");
  const few = (why: string): Verdict => ({ tone: "open", sentence: "Too few labels to say.", figure: `${went("went")}), ${why}`, details });
  if (range === null) return few("but no 95\u00A0% interval can be computed from so few labels.");
  if (labelsBehind(record) < fewest) return few(`on fewer than ${String(fewest)} positives in all; such a figure is chance.`);
  const tail = `; 95\u00A0% interval ${interval(range)}).`;
  // A mean that rose does not say that each of its categories did.
  const extent = summary.scored === 1 ? "" : " on average";
  if (range[0] > 0) return { tone: "better", sentence: `The tuned model is better${extent}.`, figure: went("rose") + tail, details };
  if (range[1] < 0) return { tone: "worse", sentence: `The tuned model is worse${extent}.`, figure: went("fell") + tail, details: ["We advise keeping the former model.", ...details] };
  return { tone: "open", sentence: "No difference can be shown.", figure: went("went") + tail, details: [open(range), ...details] };
}

function open([low, high]: readonly [number, number]): string {
  return `The interval includes zero: the tuned model may be ${upTo(-low, "worse")} or ${upTo(high, "better")}.`;
}

function upTo(size: number, word: string): string {
  return Number(size.toFixed(3)) > 0 ? `as much as ${ratio(size)} ${word}` : `hardly ${word} at all`;
}

function meanOver(record: RunRecord): string {
  const { scored, undefined: unscored } = record.result.summary;
  const missing = unscored === 0 ? "" : `; ${counted(unscored, "has", "have")} too few labels there to enter it`;
  return scored === 1 && unscored === 0 ? "" : `The mean is over ${counted(scored, "category", "categories")}${missing}.`;
}

/** Positives among the images judged on that stand behind the mean, over all categories in it. */
function labelsBehind(record: RunRecord): number {
  return record.result.categories.reduce((sum, category) => sum + (gainOf(mainChange(record, category)) === null ? 0 : category.reportKnown.positive), 0);
}

function standings(record: RunRecord): string {
  const count = standingCounts(record);
  const parts = [
    count.worse > 0 ? `${String(count.worse)} became clearly worse` : "",
    count.better > 0 ? `${String(count.better)} became clearly better` : "",
    count.open > 0 ? `${String(count.open)} ${count.open === 1 ? "shows" : "show"} no clear difference` : "",
    count.few > 0 ? `${String(count.few)} ${count.few === 1 ? "has" : "have"} too few labels ${amongMeasured(record)} to say` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  const last = parts.at(-1) ?? "";
  const list = parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
  return `Of ${counted(record.result.summary.tuned, "tuned category", "tuned categories")}, ${list}.`;
}

function capital(text: string): string {
  return text.startsWith("AUROC") ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
