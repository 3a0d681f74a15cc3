/** Thresholds: from which probability on the answer is yes, what that does on the report part, and which targets cannot be reached. */
import type { FigureJson, ThresholdJson } from "../thresholds/index.ts";
import type { RunRecord } from "../run-record.ts";
import { leakNote } from "./leak.ts";
import { isNested } from "./measured.ts";
import { count, escapeText, ratio } from "./text.ts";

/** Beyond this many rows the table starts closed. */
const mostRows = 30;

export function thresholdSection(record: RunRecord): string {
  const { thresholds } = record.result;
  if (thresholds === undefined) return "";
  const asked = thresholds.filter((one) => one.target !== null);
  const found = asked.filter((one) => one.threshold !== null);
  const without = asked.filter((one) => one.threshold === null);
  const table = found.length === 0 ? "" : tableOf(found);
  const body = found.length <= mostRows ? table : `<details><summary>Thresholds: ${count(found.length)}</summary><div class="inside">${table}</div></details>`;
  const gaps = without.length === 0 ? "" : `<h3>Not reachable: ${count(without.length)}</h3><dl class="reasons">${without.map((one) => `<dt>${escapeText(one.name)} <span class="quiet">${escapeText(one.target ?? "")}</span></dt><dd>${escapeText(one.reason ?? "")}</dd>`).join("")}</dl>`;
  return (
    `<section aria-labelledby="thresholds"><h2 id="thresholds">From when on the answer is yes</h2>${leakNote(record)}` +
    `<p>Each threshold was chosen for its target on labels the tuned heads were not fitted to, and ${isNested(record) ? "is judged here by those that the runs of the outer cross-validation chose in the same way, on images they had not seen" : "is judged here on the report part, which it was not chosen on"}. ` +
    `A target is met where the whole 95\u00A0% interval reaches it, missed where none of it does, and open otherwise. ` +
    `A threshold chosen to just reach a target falls a little short of it on new images about as often as it exceeds it; ask for more than is needed where that matters.` +
    `${found.some((one) => one.prevalence !== null) ? " Precision is that of images among which the category is as common as stated." : " Precision holds where the category is as common as among the known labels."}</p>${body}${gaps}</section>`
  );
}

const verdictWords = { met: "met", missed: "missed", open: "open" } as const;

function tableOf(thresholds: readonly ThresholdJson[]): string {
  const heads = ["Target", "Yes from", "Recall", "Precision", "Specificity", "Target is"].map((title) => `<th scope="col">${title}</th>`).join("");
  const rows = thresholds.map(rowOf).join("");
  return `<div class="scroll"><table class="thresholds"><thead><tr><th scope="col">Category</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function rowOf({ name, target, threshold, interval, report }: ThresholdJson): string {
  const range = interval === null ? "" : ` <span class="quiet whole">(${ratio(interval.probability[0])} to ${ratio(interval.probability[1])})</span>`;
  const verdict = report === null || report.verdict === null ? "–" : verdictWords[report.verdict];
  const figures = [report?.recall, report?.precision, report?.specificity].map((one) => `<td>${figure(one)}</td>`).join("");
  return `<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(target ?? "–")}</td><td>${ratio(threshold?.probability ?? null)}${range}</td>${figures}<td>${verdict}</td></tr>`;
}

function figure(one: FigureJson | undefined): string {
  if (one === undefined || one.value === null) return "–";
  return `${ratio(one.value)}${one.interval === null ? "" : ` <span class="quiet whole">(${ratio(one.interval[0])} to ${ratio(one.interval[1])})</span>`}`;
}
