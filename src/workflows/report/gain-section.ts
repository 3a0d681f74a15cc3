/** Every category before and after, as one table that is its own chart: what is certain first, zero marked. */
import type { RunRecord, TunedCategory } from "../run-record.ts";
import { gainScale, gainStrip, type GainScale } from "./charts/gain-strip.ts";
import { count, counted, escapeText, interval, ratio, signed } from "./text.ts";
import { gainOf, mainChange, metricName, sortedCategories, standingOf, type Standing } from "./verdict.ts";

const groupTitles: Readonly<Record<Standing, string>> = {
  changed: "Clear change: the 95 % interval leaves out zero",
  open: "Tuned, and no difference can be shown: the interval includes zero",
  left: "Left as they were",
  unmeasured: "Not measurable on the report part",
};

export function gainSection(record: RunRecord): string {
  const categories = sortedCategories(record);
  const name = metricName[record.result.summary.metric];
  const scale = gainScale(
    categories.map((category) => ({ gain: gainOf(mainChange(record, category)), range: mainChange(record, category).gainInterval })),
  );
  let rows = "";
  let last: Standing | null = null;
  for (const [index, category] of categories.entries()) {
    const standing = standingOf(record, category);
    if (standing !== last) rows += `<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="5">${groupTitles[standing]}</th></tr>`;
    last = standing;
    rows += row(record, category, index, scale);
  }
  const leaked = record.result.summary.warnings.some((warning) => warning.code === "leak-suspected");
  const leak = leaked ? `<p class="leaked"><b>Not to be relied on:</b> the base model seems to know these images, so gains and intervals are distorted.</p>` : "";
  const many =
    categories.length > 20 ? ` With ${counted(categories.length, "category", "categories")}, about 1 in 20 such intervals misses the truth by chance alone.` : "";
  return (
    `<section aria-labelledby="gains"><h2 id="gains">What changed, category by category</h2>` +
    `${leak}<figure><figcaption>Dot: gain in ${name} on the report part; line: its 95 % interval; upright line: zero. A filled dot is certain, an open one is not.${many}</figcaption>` +
    `<table class="gains" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="name">Category</th><th role="columnheader" scope="col" class="number before">Before</th>` +
    `<th role="columnheader" scope="col" class="number after-column">After</th><th role="columnheader" scope="col" class="gain">Gain (95 % interval)</th>` +
    `<th role="columnheader" scope="col"><span class="ends"><span>${signed(scale.low)}</span><span>${signed(scale.high)}</span></span></th></tr></thead><tbody role="rowgroup">${rows}</tbody></table></figure></section>`
  );
}

function row(record: RunRecord, category: TunedCategory, index: number, scale: GainScale): string {
  const change = mainChange(record, category);
  const gain = gainOf(change);
  const cells = category.reportKnown;
  const name =
    `<th role="rowheader" scope="row" class="name"><a href="#category-${String(index)}">${escapeText(category.name)}</a>` +
    `<small>${counted(cells.positive, "positive", "positives")}, ${counted(cells.negative, "negative", "negatives")}</small></th>`;
  if (gain === null) {
    const why = change.reason ?? "no figure could be computed, and the run gives no reason";
    return `<tr role="row">${name}<td role="cell" class="why quiet" colspan="4">No figure: ${escapeText(why)}.</td></tr>`;
  }
  const range = change.gainInterval;
  return (
    `<tr role="row">${name}<td role="cell" class="number before">${ratio(change.before)}</td><td role="cell" class="number after-column">${ratio(change.after)}</td>` +
    `<td role="cell" class="gain"><b>${signed(gain)}</b><small>${rangeText(gain, range)}</small>` +
    `<small class="narrow">${ratio(change.before)} → ${ratio(change.after)}</small></td>` +
    `<td role="cell" class="drawing">${gainStrip(scale, gain, range)}</td></tr>`
  );
}

/** Kept and skipped categories with the reason of each. */
export function leftSection(record: RunRecord): string {
  const left = record.result.categories.filter((category) => category.status !== "tuned");
  const heading = `<h2 id="left">What was left as it was, and why</h2>`;
  if (left.length === 0) return `<section aria-labelledby="left">${heading}<p>Nothing: every category was tuned.</p></section>`;
  const list = (status: "kept" | "skipped", title: string): string => {
    const members = left.filter((category) => category.status === status);
    if (members.length === 0) return "";
    const rows = members.map((category) => `<dt>${escapeText(category.name)}</dt><dd>${escapeText(category.reason)}</dd>`).join("");
    const body = `<dl class="reasons">${rows}</dl>`;
    const line = `${title}: ${count(members.length)}`;
    return members.length <= 12 ? `<h3>${line}</h3>${body}` : `<details><summary>${line}</summary><div class="inside">${body}</div></details>`;
  };
  return (
    `<section aria-labelledby="left">${heading}<p>A category left alone answers exactly as before; nothing is lost by it.</p>` +
    `${list("kept", "Tried and kept as before")}${list("skipped", "Not tried")}</section>`
  );
}

function rangeText(gain: number, range: readonly [number, number] | null): string {
  if (range === null) return "too few labels for an interval";
  return gain === 0 && range[0] === 0 && range[1] === 0 ? "unchanged" : interval(range);
}
