/** Kept and skipped categories with the reason of each; those that share a reason share a line. */
import type { RunRecord } from "../run-record.ts";
import { isNested } from "./measured.ts";
import { count, escapeText } from "./text.ts";

/** Beyond this many lines a list starts closed. */
const mostLines = 12;

export function leftSection(record: RunRecord): string {
  const left = record.result.categories.filter((category) => category.status !== "tuned");
  const heading = `<h2 id="left">What was left as it was, and why</h2>`;
  const before = isNested(record) ? "without the figures above" : "before the report part was looked at";
  const decided =
    left.length === 0
      ? `Nothing: every category was tuned. The run decided that ${before}, so a category may still have come out worse above.`
      : `A category left alone answers exactly as before; nothing is lost by it. What to keep was decided ${before}.${isNested(record) ? " The repeated runs decided for themselves: a category kept here may have been tuned in some of them, and its figures show that." : ""}`;
  if (left.length === 0) return `<section aria-labelledby="left">${heading}<p>${decided}</p></section>`;
  const list = (status: "kept" | "skipped", title: string): string => {
    const reasons = new Map<string, string[]>();
    const members = left.filter((category) => category.status === status);
    for (const { name, reason } of members) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
    if (members.length === 0) return "";
    const rows = [...reasons].map(([reason, names]) => `<dt>${names.map(escapeText).join(", ")}</dt><dd>${escapeText(reason)}</dd>`).join("");
    const body = `<dl class="reasons">${rows}</dl>`;
    const line = `${title}: ${count(members.length)}`;
    return reasons.size <= mostLines ? `<h3>${line}</h3>${body}` : `<details><summary>${line}</summary><div class="inside">${body}</div></details>`;
  };
  return `<section aria-labelledby="left">${heading}<p>${decided}</p>${list("kept", "Tried and kept as before")}${list("skipped", "Not tried")}</section>`;
}
