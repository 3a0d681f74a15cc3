/** The HTML page of an experiment: what was done, tables, plots. Self-contained, like every report. */
import { counted, escapeText } from "../report/text.ts";
import { style } from "../report/style.ts";
import type { ExperimentConfig } from "./config.ts";
import { gainPlot, harmPlot, metricPlot } from "./plots.ts";
import { harmBound, type SummaryLine } from "./summary.ts";
import { markdownTable, summaryTables, type TextTable } from "./tables.ts";
import type { TrialRow } from "./trial.ts";

export interface ExperimentPages {
  readonly markdown: string;
  readonly html: string;
}

export function experimentPages(config: ExperimentConfig, rows: readonly TrialRow[], lines: readonly SummaryLine[]): ExperimentPages {
  const metric = config.metric === "ap" ? "mean average precision" : "mean area under the ROC curve";
  const share = config.protocol === "uniform" || config.protocol === "per-sample";
  const inWords = (known: number): string => (share ? `${Number((100 * known).toFixed(4))} % known` : config.protocol === "single-positive" ? "single positive" : `${known} labels per category`);
  const tables = summaryTables(lines, inWords);
  const story = [
    `${counted(config.data.length, "data set", "data sets")}, ${counted(config.strategies.length, "strategy", "strategies")}, ${counted(config.known.length, "proportion", "proportions")} of known labels, ${counted(config.seeds.length, "seed", "seeds")}. Labels of the ${config.parts.join(" and the ")} part were hidden by the protocol ${config.protocol}; the report part kept all it has and was used for the figures alone.`,
    `Figures are the ${metric} × 100 on the report part, ± standard error over seeds. Gain: over the base of the same trial, mean over data sets ± standard error over data sets (over seeds where there is one data set). Harmed: share of the categories that lose more than ${harmBound}. Seconds: per trial, on one core.`,
  ];
  const markdown = [`# ${config.name}`, "", ...story.flatMap((text) => [text, ""]), ...tables.flatMap((table) => [`## ${table.title}`, "", markdownTable(table), ""])].join("\n");
  const known = share ? "share of labels known" : "labels known per category";
  const plots = [
    ["The metric against what is known", metricPlot(lines, metric, known)],
    ["Gain against known positives", gainPlot(rows, config.metric, metric)],
    ["Harm against what is known", harmPlot(lines, known)],
  ] as const;
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeText(config.name)}</title><style>${style}</style></head><body><main>` +
    `<h1>${escapeText(config.name)}</h1>${story.map((text) => `<p>${escapeText(text)}</p>`).join("")}` +
    tables.map(htmlTable).join("") +
    plots.map(([title, svg]) => `<section><h2>${title}</h2><figure>${svg}</figure></section>`).join("") +
    `</main></body></html>\n`;
  return { markdown, html };
}

function htmlTable({ title, header, rows }: TextTable): string {
  return (
    `<section><h2>${escapeText(title)}</h2><div style="overflow-x:auto"><table><thead><tr>${header.map((text, at) => `<th scope="col"${at === 0 ? "" : ' class="number"'}>${escapeText(text)}</th>`).join("")}</tr></thead>` +
    `<tbody>${rows.map((row) => `<tr>${row.map((text, at) => (at === 0 ? `<th scope="row">${escapeText(text)}</th>` : `<td class="number">${escapeText(text)}</td>`)).join("")}</tr>`).join("")}</tbody></table></div></section>`
  );
}
