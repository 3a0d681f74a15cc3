/** How many answers for unknown cells are probably wrong: strategy, base and tuned head, per category with intervals. */
import type { Estimate } from "../../learn/index.ts";
import type { HarmCategory, HarmJson, JudgedTaker } from "../harm.ts";
import { harmAssumptions, harmSentence } from "../harm-words.ts";
import type { RunRecord } from "../run-record.ts";
import { harmAxis, harmScale, harmStrip, type HarmLane } from "./charts/harm-strip.ts";
import { leakNote } from "./leak.ts";
import { sortedCategories } from "./standing.ts";
import { count, escapeText } from "./text.ts";

type Side = "falseNegative" | "falsePositive";

/** Beyond this many categories a table starts closed. */
const mostRows = 12;
/** Beyond this many, those of the most wrong answers are shown, so that the page stays light. */
const mostDrawn = 40;
const marks = { strategy: "small", base: "open", tuned: "tuned" } as const satisfies Record<JudgedTaker["who"], HarmLane["mark"]>;
const short = { strategy: "Strategy", base: "Before", tuned: "After" } as const;

export function harmSection(record: RunRecord): string {
  const { harm } = record.result;
  if (harm === undefined) return "";
  const names = sortedCategories(record).map((category) => category.name);
  return (
    `<section aria-labelledby="harm"><h2 id="harm">How many answers for unknown labels are probably wrong?</h2>${leakNote(record)}` +
    `<ul>${harm.takers.map((taker) => `<li>${escapeText(harmSentence(taker))}</li>`).join("")}</ul>` +
    `<p>Nobody has looked at these cells: the figures are estimates, with 95\u00A0% intervals.</p>` +
    table(harm, names, "falseNegative", 'Of the cells taken as "no", the share that is "yes"') +
    table(harm, names, "falsePositive", 'Of the cells taken as "yes", the share that is "no"') +
    `<ul class="quiet small">${harmAssumptions(harm).map((text) => `<li>${escapeText(text)}</li>`).join("")}</ul></section>`
  );
}

function table(harm: HarmJson, names: readonly string[], side: Side, title: string): string {
  const takers = harm.takers.filter((taker) => taker.reason === null);
  const every = names.map((name) => ({ name, lanes: takers.map((taker) => ({ taker, found: taker.categories.find((one) => one.name === name) })) })).filter(({ lanes }) => lanes.some(({ found }) => found !== undefined && found[side] !== null));
  if (every.length === 0) return "";
  const entries = worstOf(every, side);
  const scale = harmScale(entries.flatMap(({ lanes }) => lanes.map(({ found }) => found?.[side] ?? null)));
  const rows = entries
    .map(({ name, lanes }) => {
      const text = lanes.map(({ taker, found }) => `<span class="lane"><span class="quiet">${short[taker.who]}</span> ${rateText(found?.[side] ?? null)}</span>`).join("");
      const strip = harmStrip(scale, lanes.map(({ taker, found }) => ({ mark: marks[taker.who], rate: found?.[side] ?? null })));
      return `<tr role="row"><th role="rowheader" scope="row" class="name">${escapeText(name)}</th><td role="cell" class="rates">${text}</td><td role="cell" class="drawing">${strip}</td></tr>`;
    })
    .join("");
  const legend = takers.map((taker) => ({ strategy: "small dot: the strategy", base: "open dot: the base head", tuned: "filled dot: the tuned head" })[taker.who]).join("; ");
  const figure =
    `<figure><figcaption><b>${escapeText(title)}.</b> ${legend.charAt(0).toUpperCase()}${legend.slice(1)}; the bar is the 95\u00A0% interval. Further left is better.${entries.length < every.length ? ` Drawn: the ${count(mostDrawn)} of ${count(every.length)} categories with the most wrong answers; the others are in the run record.` : ""}</figcaption>` +
    `<table class="harm" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="name">Category</th><th role="columnheader" scope="col" class="rates">Share (95\u00A0% interval)</th>` +
    `<th role="columnheader" scope="col" class="drawing">Share${harmAxis(scale)}</th></tr></thead><tbody role="rowgroup">${rows}</tbody></table></figure>`;
  return entries.length <= mostRows && side === "falseNegative" ? figure : `<details><summary>${escapeText(title)}, per category</summary><div class="inside">${figure}</div></details>`;
}

interface Entry {
  readonly name: string;
  readonly lanes: readonly { readonly taker: JudgedTaker; readonly found: HarmCategory | undefined }[];
}

/** In the order they come in; what counts is the cells that some taker is probably wrong about. */
function worstOf(entries: readonly Entry[], side: Side): readonly Entry[] {
  if (entries.length <= mostDrawn) return entries;
  const wrong = ({ lanes }: Entry): number => Math.max(...lanes.map(({ found }) => (found?.[side]?.value ?? 0) * (found?.taken[side === "falseNegative" ? "negative" : "positive"] ?? 0)));
  const shown = new Set(entries.toSorted((a, b) => wrong(b) - wrong(a)).slice(0, mostDrawn));
  return entries.filter((entry) => shown.has(entry));
}

function rateText(rate: Estimate | null): string {
  if (rate === null) return "–";
  return `<b>${percent(rate.value)}</b> <span class="whole">(${percent(rate.low)} to ${percent(rate.high)})</span>`;
}

/** "8.3 %", "12 %", "under 0.1 %" */
function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.05) return "under 0.1\u00A0%";
  return `${value < 9.95 ? String(Math.round(value * 10) / 10) : String(Math.round(value))}\u00A0%`;
}
