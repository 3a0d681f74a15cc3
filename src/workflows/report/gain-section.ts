/** Every category before and after, as one table that is its own chart: what went worse first, zero marked. */
import type { RunRecord, TunedCategory } from "../run-record.ts";
import { gainAxis, gainScale, gainStrip, type GainScale } from "./charts/gain-strip.ts";
import { isLeaked, leakNote } from "./leak.ts";
import { amongMeasured, measuredOn } from "./measured.ts";
import { fewest, gainOf, mainChange, sortedCategories, standingOf, type Standing } from "./standing.ts";
import { counted, escapeText, interval, metricName, ratio, signed } from "./text.ts";

function groupTitles(record: RunRecord): Readonly<Record<Standing, string>> {
  // Under a suspected leak no change is called clear, whatever its interval.
  const [worse, better] = isLeaked(record)
    ? ["The 95\u00A0% interval is below zero", "The 95\u00A0% interval is above zero"]
    : ["Clearly worse: the whole 95\u00A0% interval is below zero", "Clearly better: the whole 95\u00A0% interval is above zero"];
  return {
    worse,
    better,
    open: "Tuned, and no clear difference: the 95\u00A0% interval includes zero",
    few: `Tuned, and too few labels to say: fewer than ${String(fewest)} positives or negatives ${amongMeasured(record)}`,
    left: "Left as they were",
    unmeasured: `Not measurable ${measuredOn(record)}`,
  };
}

export function gainSection(record: RunRecord): string {
  const categories = sortedCategories(record);
  const { summary } = record.result;
  const name = metricName[summary.metric];
  const changes = categories.map((category) => ({ gain: gainOf(mainChange(record, category)), range: mainChange(record, category).gainInterval }));
  const scale = gainScale([...changes, { gain: summary.mean.gain, range: summary.mean.interval }]);
  const titles = groupTitles(record);
  let rows = meanRow(record, scale);
  let last: Standing | null = null;
  for (const [index, category] of categories.entries()) {
    const standing = standingOf(record, category);
    if (standing !== last) rows += `<tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="5">${titles[standing]}</th></tr>`;
    last = standing;
    rows += row(record, category, index, scale);
  }
  const many =
    categories.length >= 20 ? ` With ${counted(categories.length, "category", "categories")}, about 1 in 20 such intervals misses the truth by chance alone.` : "";
  return (
    `<section aria-labelledby="gains"><h2 id="gains">What changed, category by category</h2>${leakNote(record)}` +
    `<figure><figcaption>All figures here: ${name} ${measuredOn(record)}; under each name, its known labels there. Gains are taken before rounding. The dot is the gain, the bar through it its 95\u00A0% interval, the upright line no change. A filled dot is a clear change.${many}</figcaption>` +
    `<table class="gains" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="name">Category</th><th role="columnheader" scope="col" class="number before">Before</th>` +
    `<th role="columnheader" scope="col" class="number after-column">After</th><th role="columnheader" scope="col" class="gain">Gain (95\u00A0% interval)</th>` +
    `<th role="columnheader" scope="col" class="drawing">Gain in ${name}${gainAxis(scale)}</th></tr></thead><tbody role="rowgroup">${rows}</tbody></table></figure></section>`
  );
}

/** The mean stands over its parts, on the same scale. */
function meanRow(record: RunRecord, scale: GainScale): string {
  const { mean, scored } = record.result.summary;
  if (mean.before === null || mean.after === null || mean.gain === null || scored < 2) return "";
  const certain = !isLeaked(record) && mean.interval !== null && (mean.interval[0] > 0 || mean.interval[1] < 0);
  const name = `<th role="rowheader" scope="row" class="name">Mean<small>over ${counted(scored, "category", "categories")}</small></th>`;
  return `<tr role="row" class="mean">${name}${figures(mean.before, mean.after, mean.gain, mean.interval)}<td role="cell" class="drawing">${gainStrip(scale, mean.gain, mean.interval, certain)}</td></tr>`;
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
  const standing = standingOf(record, category);
  const strip = gainStrip(scale, gain, change.gainInterval, !isLeaked(record) && (standing === "better" || standing === "worse"));
  return `<tr role="row">${name}${figures(change.before ?? 0, change.after ?? 0, gain, change.gainInterval)}<td role="cell" class="drawing">${strip}</td></tr>`;
}

function figures(before: number, after: number, gain: number, range: readonly [number, number] | null): string {
  return (
    `<td role="cell" class="number before">${ratio(before)}</td><td role="cell" class="number after-column">${ratio(after)}</td>` +
    `<td role="cell" class="gain"><b>${signed(gain)}</b><small>${rangeText(gain, range)}</small><small class="narrow">${ratio(before)} → ${ratio(after)}</small></td>`
  );
}

function rangeText(gain: number, range: readonly [number, number] | null): string {
  if (range === null) return "too few labels for an interval";
  return gain === 0 && range[0] === 0 && range[1] === 0 ? "unchanged" : interval(range);
}
