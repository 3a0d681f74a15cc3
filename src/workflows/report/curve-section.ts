/** Curves: reliability of all cells together, then a drawer per category with its figures and its curves, the first ones open. */
import type { CategoryCurves, MetricChange, ReliabilityBins, RunRecord, TunedCategory } from "../run-record.ts";
import { precisionAt, precisionRecallChart } from "./charts/precision-recall.ts";
import { distanceFromDiagonal, reliabilityChart } from "./charts/reliability.ts";
import { count, counted, escapeText, interval, ratio, signed } from "./text.ts";
import { leakNote } from "./leak.ts";
import { amongMeasured, isNested } from "./measured.ts";
import { gainOf, mainChange, sortedCategories } from "./standing.ts";

/** Beyond this many categories the curves stay in the run record, so that the page stays light. */
const mostCurves = 200;
/** Points of all precision-recall curves together: about 12 characters each. */
const pointBudget = 24_000;
/** A run of few categories shows all its curves at once; of many, those that changed most. */
const allOpen = 6;
const someOpen = 3;

interface Pair {
  readonly before: ReliabilityBins | null;
  readonly after: ReliabilityBins | null;
}

export function overallReliabilitySection(record: RunRecord): string {
  const pair = record.overallReliability;
  const before = pair.before === null ? null : distanceFromDiagonal(pair.before);
  const after = pair.after === null ? null : distanceFromDiagonal(pair.after);
  const labels = (pair.after?.count ?? []).reduce((sum, cells) => sum + cells, 0);
  const finding =
    before === null || after === null
      ? `Too few labels ${amongMeasured(record)} to compare what the model says with what is.`
      : `In groups of labels of similar stated probability, what the model says and what is differed by ${ratio(before)} on average before, and differ by ${ratio(after)} now: the expected calibration error over the ` +
        `${counted(labels, "known label", "known labels")} of all categories ${amongMeasured(record)} together. No interval is computed for it; each category's own, with its interval, stands below. ` +
        "It holds for images like those labelled.";
  return (
    `<section aria-labelledby="reliability"><h2 id="reliability">Can the probabilities be believed?</h2>${leakNote(record)}<p>${finding}</p>` +
    `${reliabilityFigure(pair, "all categories", amongMeasured(record))}</section>`
  );
}

export function categorySection(record: RunRecord): string {
  const curves = new Map(record.curves.map((entry) => [entry.name, entry]));
  const categories = sortedCategories(record);
  const points = Math.max(12, Math.min(100, Math.floor(pointBudget / (2 * Math.max(1, Math.min(categories.length, mostCurves))))));
  const open = categories.length <= allOpen ? allOpen : someOpen;
  const drawers = categories
    .map((category, index) => drawer(record, { category, index, open: index < open }, index < mostCurves ? (curves.get(category.name) ?? null) : null, points))
    .join("");
  const cut =
    categories.length > mostCurves ? `<p class="quiet">Curves are drawn for the first ${count(mostCurves)} categories; those of the others are in the run record.</p>` : "";
  const closed = categories.length > open ? `<p class="print-only">Printed here: the categories that were open on the screen.</p>` : "";
  return (
    `<section aria-labelledby="categories"><h2 id="categories">Details per category</h2>${leakNote(record)}` +
    `<p>All figures and curves are ${isNested(record) ? "those of the outer cross-validation" : "on the report part"}, unless they say otherwise.<span class="screen-only"> Open a category for its curves.</span></p>` +
    `${closed}${cut}${drawers}</section>`
  );
}

interface Drawer {
  readonly category: TunedCategory;
  readonly index: number;
  readonly open: boolean;
}

function drawer(record: RunRecord, { category, index, open }: Drawer, curves: CategoryCurves | null, points: number): string {
  const gain = gainOf(mainChange(record, category));
  const range = category.status === "tuned" ? mainChange(record, category).gainInterval : null;
  const name = escapeText(category.name);
  const outcome = { tuned: "tuned", kept: "kept as before", skipped: "not tried" }[category.status];
  const { known, reportKnown } = category;
  const scores = (["ap", "auroc", "ece", "brier"] as const).map((key) => scoreRow(key, category.report[key])).join("");
  return (
    `<details class="category"${open ? " open" : ""}><summary><b>${name}</b> <span class="quiet">${outcome}${gain === null ? "" : `, ${signed(gain)}${range === null ? "" : ` (${interval(range)})`}`}</span></summary><div class="inside" id="category-${String(index)}">` +
    `<p>${escapeText(category.reason)}</p>` +
    `<p class="quiet small">Labels in all: ${counted(known.positive, "positive", "positives")}, ${counted(known.negative, "negative", "negatives")}, ${count(known.unknown)} unknown; ` +
    `${amongMeasured(record)} ${count(reportKnown.positive)} positive, ${count(reportKnown.negative)} negative. ${metricTitle(record)} on the selection part: ${ratio(category.selection.before)} before, ${ratio(category.selection.after)} after.` +
    ` Method: ${escapeText(category.method)}${category.strength === null ? "" : `, penalty κ = ${String(Number(category.strength.toPrecision(3)))}`}.</p>` +
    `<div class="scroll"><table class="scores"><thead><tr><th scope="col">Figure</th><th scope="col" class="number">Before</th><th scope="col" class="number">After</th><th scope="col">Change (95\u00A0% interval)</th></tr></thead><tbody>${scores}</tbody></table></div>` +
    (curves === null ? "" : `<div class="charts">${precisionRecallFigure(curves, category, points)}${reliabilityFigure(curves.reliability, name, amongMeasured(record))}</div>`) +
    `</div></details>`
  );
}

function metricTitle(record: RunRecord): string {
  return scoreNames[record.result.summary.metric];
}

const scoreNames = { ap: "Average precision", auroc: "AUROC", ece: "Calibration error (ECE; less is better)", brier: "Brier score (less is better)" } as const;

function scoreRow(key: keyof typeof scoreNames, change: MetricChange): string {
  const gain = gainOf(change);
  const last =
    gain === null ? `no figure: ${escapeText(change.reason ?? "no reason given")}` : `${signed(gain)}${change.gainInterval === null ? "" : ` <span class="whole">(${interval(change.gainInterval)})</span>`}`;
  return `<tr><th scope="row">${scoreNames[key]}</th><td class="number">${ratio(change.before)}</td><td class="number">${ratio(change.after)}</td><td>${last}</td></tr>`;
}

function precisionRecallFigure(curves: CategoryCurves, category: TunedCategory, points: number): string {
  const { before, after } = curves.precisionRecall;
  const name = escapeText(category.name);
  if (before === null && after === null) {
    return gap("Precision and recall", category.report.ap.reason ?? "the run holds no curve for it");
  }
  const label = `Precision over recall for ${name}, before dashed and after solid; the same figures stand in the table below`;
  const at = [0.1, 0.25, 0.5, 0.75, 0.9, 1];
  const cell = (curve: typeof before, recall: number): string => `<td class="number">${ratio(curve === null ? null : precisionAt(curve, recall))}</td>`;
  const rows = at.map((recall) => `<tr><th scope="row">${ratio(recall)}</th>${cell(before, recall)}${cell(after, recall)}</tr>`).join("");
  return (
    `<figure><figcaption><b>Precision and recall.</b> Solid: after; dashed: before. Further up is better; the area under a curve is its average precision.</figcaption>` +
    `<div class="pair"><div>${precisionRecallChart({ before, after }, label, points)}</div></div>` +
    `${asTable("Recall", ["Precision before", "Precision after"], rows)}</figure>`
  );
}

/** `name` comes escaped. */
function reliabilityFigure(pair: Pair, name: string, among: string): string {
  const { before, after } = pair;
  if (before === null && after === null) return gap("Reliability", `no known label ${among}`);
  const side = (bins: ReliabilityBins | null, word: string, filled: boolean): string =>
    bins === null
      ? `<div><h4>${word}</h4><div class="gap">No known label ${among}.</div></div>`
      : `<div><h4>${word}</h4>${reliabilityChart(bins, `Reliability ${word.toLowerCase()} for ${name}; the same figures stand in the table below`, filled)}</div>`;
  return (
    `<figure><figcaption><b>Reliability.</b> On the dotted diagonal the model says what is; above it, it says too little. The larger a dot, the more labels it stands for; the smallest stand for a few and scatter by chance.</figcaption>` +
    `<div class="pair">${side(before, "Before", false)}${side(after, "After", true)}</div>` +
    `${asTable("Version", ["Says", "Is", "Labels"], binRows(before, "before") + binRows(after, "after"))}</figure>`
  );
}

function asTable(first: string, others: readonly string[], rows: string): string {
  const heads = others.map((text) => `<th scope="col" class="number">${text}</th>`).join("");
  return `<details class="as-table"><summary>Show as table</summary><div class="scroll"><table><thead><tr><th scope="col">${first}</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function gap(title: string, reason: string): string {
  return `<figure><figcaption><b>${title}.</b></figcaption><div class="gap">Not drawn: ${escapeText(reason)}.</div></figure>`;
}

function binRows(bins: ReliabilityBins | null, word: string): string {
  if (bins === null) return "";
  return bins.count
    .map((cells, index) => {
      const figures = [ratio(bins.meanProbability[index] ?? null), ratio(bins.fractionPositive[index] ?? null), count(cells)];
      return `<tr><th scope="row">${word}</th>${figures.map((text) => `<td class="number">${text}</td>`).join("")}</tr>`;
    })
    .join("");
}
