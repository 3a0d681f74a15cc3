/** The whole page: answer first, then what it rests on. */
import type { RunRecord } from "../run-record.ts";
import { calibrationSection } from "./calibration-section.ts";
import { categorySection, overallReliabilitySection } from "./curve-section.ts";
import { gainSection } from "./gain-section.ts";
import { harmSection } from "./harm-section.ts";
import { isLeaked } from "./leak.ts";
import { leftSection } from "./left-section.ts";
import { costSentence, limitsSection, partsSentence } from "./limits-section.ts";
import { provenanceSection } from "./provenance-section.ts";
import { isNested } from "./measured.ts";
import { standingCounts } from "./standing.ts";
import { style } from "./style.ts";
import { count, escapeText, metricMeaning, moment } from "./text.ts";
import { thresholdSection } from "./threshold-section.ts";
import { verdictOf, type Verdict } from "./verdict.ts";
import { warningWords } from "./warnings.ts";

/**
 * The report of a run as one HTML file that needs no network and no script: verdict, warnings, gains per category with
 * intervals, what was kept and why, what the figures do not show, reliability, precision-recall curves, what was done,
 * provenance. Everything from the record is escaped. The same record gives the same bytes.
 */
export function renderReport(record: RunRecord): string {
  const verdict = verdictOf(record);
  const title = escapeText(record.title);
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">\n` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="referrer" content="no-referrer">\n` +
    `<title>${escapeText(verdict.sentence)} ${title}</title>\n<style>${style}</style>\n</head>\n<body>\n` +
    `<header><h1><span class="quiet">Tuning report:</span> ${title}</h1></header>\n<main>\n` +
    [
      verdictBlock(record, verdict),
      warningSection(record),
      gainSection(record),
      leftSection(record),
      limitsSection(record),
      thresholdSection(record),
      overallReliabilitySection(record),
      calibrationSection(record),
      harmSection(record),
      categorySection(record),
      stepsSection(record),
      provenanceSection(record),
    ].join("\n") +
    `\n</main>\n<footer>Catwise ${escapeText(record.result.provenance.catwise)} · ${escapeText(moment(record.createdAt))} · this page is complete in itself and loads nothing.</footer>\n</body>\n</html>\n`
  );
}

function verdictBlock(record: RunRecord, verdict: Verdict): string {
  const facts = factsOf(record).map(([term, value]) => `<div><dt>${term}</dt><dd>${count(value)}</dd></div>`);
  const meaning = verdict.tone === "leak" ? "" : `<p class="quiet">${metricMeaning[record.result.summary.metric]}</p>`;
  return (
    `<section class="verdict ${verdict.tone}" aria-label="Verdict"><p class="say">${escapeText(verdict.sentence)}</p>` +
    (verdict.figure === "" ? "" : `<p class="figure">${escapeText(verdict.figure)}</p>`) +
    `${verdict.details.map((text) => `<p>${escapeText(text)}</p>`).join("")}${meaning}</section>` +
    `<section class="count" aria-labelledby="count"><h2 id="count">Categories, ${isLeaked(record) ? "by what was done" : isNested(record) ? "by what outer cross-validation shows" : "by what the report part shows"}</h2><dl class="facts">${facts.join("")}</dl></section>`
  );
}

/** Under a suspected leak nothing is counted as better or worse. */
function factsOf(record: RunRecord): readonly (readonly [string, number])[] {
  const { summary } = record.result;
  const left = [
    ["Kept as before", summary.kept],
    ["Not tried", summary.skipped],
  ] as const;
  if (isLeaked(record)) return [["Tuned", summary.tuned], ...left];
  const counts = standingCounts(record);
  const unmeasured = record.result.categories.filter((category) => category.status === "tuned").length - counts.worse - counts.better - counts.open - counts.few;
  return [
    ["Clearly better", counts.better],
    ["Clearly worse", counts.worse],
    ["No clear difference", counts.open],
    ["Too few labels to say", counts.few + unmeasured],
    ...left,
  ];
}

function warningSection(record: RunRecord): string {
  const warnings = record.result.summary.warnings.filter((warning) => warning.code !== "leak-suspected");
  if (warnings.length === 0) return "";
  const boxes = warnings
    .map((warning) => {
      const { title, remedy } = warningWords(warning);
      return `<div class="warning"><h3>▲ ${title}</h3><p>${escapeText(warning.message)}</p>${remedy === "" ? "" : `<p>${remedy}</p>`}</div>`;
    })
    .join("");
  return `<section aria-labelledby="warnings"><h2 id="warnings">What to keep in mind</h2>${boxes}</section>`;
}

function stepsSection(record: RunRecord): string {
  const steps = record.steps.length === 0 ? "<p>The run does not say.</p>" : `<ol>${record.steps.map((text) => `<li>${escapeText(text)}</li>`).join("")}</ol>`;
  return `<section aria-labelledby="steps"><h2 id="steps">What was done</h2>${steps}<p>${partsSentence(record)} ${costSentence(record)}</p></section>`;
}
