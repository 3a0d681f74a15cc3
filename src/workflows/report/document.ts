/** The whole page: answer first, then what it rests on. */
import type { RunRecord } from "../run-record.ts";
import { categorySection, overallReliabilitySection } from "./curve-section.ts";
import { gainSection, leftSection } from "./gain-section.ts";
import { style } from "./style.ts";
import { count, counted, escapeText, moment, seconds } from "./text.ts";
import { verdictOf, type Verdict } from "./verdict.ts";
import { warningWords } from "./warnings.ts";

/**
 * The report of a run as one HTML file that needs no network and no script: verdict, warnings, what was done, gains per
 * category with intervals, what was kept and why, reliability, precision-recall curves, provenance. Everything from the
 * record is escaped. The same record gives the same bytes.
 */
export function renderReport(record: RunRecord): string {
  const verdict = verdictOf(record);
  const title = escapeText(record.title);
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">\n` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="referrer" content="no-referrer">\n` +
    `<title>${escapeText(verdict.sentence)} ${title}</title>\n<style>${style}</style>\n</head>\n<body>\n` +
    `<header><h1>${title}</h1></header>\n<main>\n` +
    [
      verdictBlock(record, verdict),
      warningSection(record),
      stepsSection(record),
      gainSection(record),
      leftSection(record),
      overallReliabilitySection(record),
      categorySection(record),
      provenanceSection(record),
    ].join("\n") +
    `\n</main>\n<footer>Catwise ${escapeText(record.result.provenance.catwise)} · ${escapeText(moment(record.createdAt))} · this page is complete in itself and loads nothing.</footer>\n</body>\n</html>\n`
  );
}

function verdictBlock(record: RunRecord, verdict: Verdict): string {
  const { summary } = record.result;
  const leak = summary.warnings
    .filter((warning) => warning.code === "leak-suspected")
    .map((warning) => `<p>${escapeText(warning.message)}</p>`)
    .join("");
  const facts: readonly (readonly [string, string])[] = [
    ["Tuned", count(summary.tuned)],
    ["Kept as before", count(summary.kept)],
    ["Not tried", count(summary.skipped)],
    ["Images to fit", count(summary.parts.fit)],
    ["Images to choose", count(summary.parts.selection)],
    ["Images to report", count(summary.parts.report)],
    ["Time", seconds(summary.seconds.extract + summary.seconds.tune)],
  ];
  return (
    `<section class="verdict ${verdict.tone}" aria-label="Verdict"><p class="say">${escapeText(verdict.sentence)}</p><p>${escapeText(verdict.detail)}</p>${leak}</section>` +
    `<dl class="facts">${facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join("")}</dl>`
  );
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
  const { summary } = record.result;
  const steps = record.steps.length === 0 ? "<p>The run does not say.</p>" : `<ol>${items(record.steps)}</ol>`;
  const notes = record.notes.length === 0 ? "" : `<h3>What the figures do and do not show</h3><ul>${items(record.notes)}</ul>`;
  const unscored = summary.undefined === 0 ? "" : ` ${counted(summary.undefined, "category has", "categories have")} too few labels there and ${summary.undefined === 1 ? "does" : "do"} not enter the mean.`;
  return (
    `<section aria-labelledby="steps"><h2 id="steps">What was done</h2>${steps}` +
    `<p class="quiet">Average precision: sort the images by how sure the model is; 1 means every image that shows the category comes before every one that does not.${unscored}</p>${notes}</section>`
  );
}

function provenanceSection(record: RunRecord): string {
  const { provenance, summary } = record.result;
  const rows: (readonly [string, string])[] = [
    ["Catwise", escapeText(provenance.catwise)],
    ["Made", escapeText(moment(record.createdAt))],
    ["Seed", String(provenance.seed)],
    ["Time", `${seconds(summary.seconds.extract)} to compute features, ${seconds(summary.seconds.tune)} to tune`],
  ];
  if (record.pooled !== null) rows.push(["Strength", strengthText(record.pooled)]);
  for (const [name, value] of Object.entries(provenance.options)) {
    rows.push([`Option ${escapeText(name)}`, value === null || value === undefined ? "not set" : `<code>${escapeText(JSON.stringify(value))}</code>`]);
  }
  for (const input of provenance.inputs) rows.push([escapeText(input.path), `<code>${escapeText(input.sha256)}</code>`]);
  const body = rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`).join("");
  return `<section aria-labelledby="provenance"><h2 id="provenance">Where this comes from</h2><p>With these files, options and seed the run gives the same figures again. Files are named with their SHA-256.</p><table class="provenance"><tbody>${body}</tbody></table></section>`;
}

function strengthText(pooled: NonNullable<RunRecord["pooled"]>): string {
  const kappa = pooled.kappas[pooled.chosenIndex];
  const strength = kappa === undefined ? "" : String(Number(kappa.toPrecision(3)));
  return `${strength} for all categories, ${pooled.verified ? `chosen in ${counted(pooled.folds, "fold", "folds")}` : "the default, unverified"}`;
}

function items(texts: readonly string[]): string {
  return texts.map((text) => `<li>${escapeText(text)}</li>`).join("");
}
