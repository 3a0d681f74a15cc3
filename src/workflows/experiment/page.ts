/** What is written of an experiment for people: a Markdown and an HTML page, and the plots as files. */
import { counted, escapeText } from "../report/text.ts";
import { style } from "../report/style.ts";
import { summariseAnswers } from "./answers.ts";
import type { ExperimentConfig, ExperimentData } from "./config.ts";
import { experimentFigures, type Figure } from "./figures.ts";
import { hasPoints, legend, panelDrawings, plotFile, plotStyle } from "./plots.ts";
import { harmBound, type SummaryLine } from "./summary.ts";
import { answerTable, detailTables, markdownTable, overviewTables, type TableWords, type TextTable } from "./tables.ts";
import type { TrialRow } from "./trial.ts";

export interface ExperimentPages {
  readonly markdown: string;
  readonly html: string;
  /** File name and SVG of every plot that has something to show. */
  readonly plots: readonly (readonly [string, string])[];
}

export function experimentPages(config: ExperimentConfig, rows: readonly TrialRow[], lines: readonly SummaryLine[]): ExperimentPages {
  const metric = config.metric === "ap" ? "mean average precision" : "mean area under the ROC curve";
  const share = config.protocol === "uniform" || config.protocol === "per-sample";
  const words: TableWords = {
    metric,
    known: (known) => (share ? `${Number((100 * known).toFixed(4))} % known` : config.protocol === "single-positive" ? "single positive" : `${known} labels per category`),
  };
  const story = storyOf(config, metric);
  const figures = experimentFigures(rows, lines, config.metric, { metric, known: share ? "labels known, %" : "labels known per category", share });
  const overviews = overviewTables(lines, words);
  const details = detailTables(lines, words);
  const answers = answerTable(summariseAnswers(rows), words);
  const drawn = figures.flatMap((figure) => {
    const svg = plotFile(figure);
    return svg === null ? [] : [{ figure, name: `${figure.id}.svg`, svg }];
  });
  const markdown = [
    `# ${config.name}`,
    "",
    ...story.flatMap((text) => [text, ""]),
    ...overviews.flatMap(inMarkdown),
    ...drawn.flatMap(({ figure, name }) => [`## ${figure.title}`, "", figure.note, "", `![${figure.title}](${name})`, ""]),
    ...details.flatMap(inMarkdown),
    ...inMarkdown(answers),
  ].join("\n");
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeText(config.name)}</title><style>${style}${plotStyle}${pageStyle}</style></head><body>` +
    `<header><p class="quiet small">Catwise experiment</p><h1>${escapeText(config.name)}</h1>${story.map((text) => `<p>${escapeText(text)}</p>`).join("")}</header>` +
    `<main>${[...overviews.map(htmlTable), ...figures.map(htmlFigure), ...details.map(htmlTable), htmlTable(answers)].join("")}</main><footer></footer></body></html>\n`;
  return { markdown, html, plots: drawn.map(({ name, svg }) => [name, svg]) };
}

function inMarkdown(table: TextTable): string[] {
  return [`## ${table.title}`, "", ...(table.note === "" ? [] : [table.note, ""]), markdownTable(table), ""];
}

function storyOf(config: ExperimentConfig, metric: string): string[] {
  const sets = config.data.length;
  return [
    `${counted(sets, "data set", "data sets")} (${config.data.map((one) => one.name).join(", ")}), ${counted(config.strategies.length, "strategy", "strategies")}${config.strategies.length === 1 ? ` (${config.strategies[0]})` : ""}, ${counted(config.known.length, "proportion", "proportions")} of known labels, ${counted(config.seeds.length, "seed", "seeds")}. Labels of the ${config.parts.join(" and the ")} part were hidden by the protocol ${config.protocol}. ${judgedInWords(config)}`,
    `Figures are the ${metric} × 100, ± standard error over seeds. Gain: over the base of the same trial, mean over data sets ± standard error over data sets (over seeds where there is one data set). Harmed: share of the categories that lose more than ${harmBound}, mean over data sets. Seconds: per trial, on one core; of the base, those of stage 1.`,
  ];
}

function judgedInWords({ data }: ExperimentConfig): string {
  const sets = (which: ExperimentData["judgedOn"]): string => data.filter((one) => one.judgedOn === which).map((one) => one.name).join(", ");
  const [again, half] = [sets("selection"), sets("half-of-selection")];
  return [
    data.some((one) => one.judgedOn === "report") ? "The report part kept all it has and was used for the figures alone." : "",
    half === "" ? "" : `Of ${half}, half of the selection part is the report part: it kept all it has and was used for the figures alone.`,
    again === "" ? "" : `Of ${again}, the figures come from the selection part itself, which also chose: they flatter every method that selects.`,
  ].filter((text) => text !== "").join(" ");
}

const pageStyle = `
h1{font-size:28px;line-height:1.35;margin:0 0 16px}header p.small{margin:0}
.figures th,.figures td{padding:5px 0 5px 18px}.figures th:first-child,.figures td:first-child{padding-left:0}
.figures{width:auto;min-width:min(100%,560px)}.figures tbody th{font-weight:700;white-space:nowrap}.figures tbody th.repeated{color:transparent}
.figures tbody tr.first:not(:first-child)>*{border-top:1px solid var(--border)}.figures th{overflow-wrap:normal}.figures thead th{white-space:normal}.figures{font-size:15px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;padding:0;margin:8px 0 4px;max-width:none;font-size:14px}.legend li{margin:0;display:flex;align-items:center;gap:6px}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,280px),1fr));gap:8px 16px}.panels.one{grid-template-columns:minmax(0,640px)}
.panels.phone{display:none}@media (max-width:700px){.panels.phone{display:grid}.panels.large{display:none}}
.figures th:first-child{position:sticky;left:0;background:var(--page)}
svg.plot{display:block;width:100%;height:auto}svg.key{flex:none}
@media print{.panels{grid-template-columns:repeat(3,1fr)}.panels.one{grid-template-columns:1fr}.figures th,.figures td{padding-left:10px}}
`;

function htmlFigure(figure: Figure): string {
  if (!hasPoints(figure)) return `<section><h2>${escapeText(figure.title)}</h2><p class="quiet">Nothing to plot: no category can be scored, or too few.</p></section>`;
  return `<section><h2>${escapeText(figure.title)}</h2><figure><figcaption>${escapeText(figure.note)}</figcaption><ul class="legend">${legend(figure)}</ul>${panels(figure)}</figure></section>`;
}

/** A single panel is drawn twice, large and for a phone, and one of the two is shown. */
function panels(figure: Figure): string {
  if (figure.panels.length > 1) return `<div class="panels">${panelDrawings(figure).join("")}</div>`;
  return `<div class="panels one large">${panelDrawings(figure).join("")}</div><div class="panels one phone">${panelDrawings(figure, true).join("")}</div>`;
}

function htmlTable({ title, note, header, names, rows }: TextTable): string {
  const head = header.map((text, at) => `<th scope="col"${at < names ? "" : ' class="number"'}>${escapeText(text)}</th>`).join("");
  const body = rows.map((row, at) => {
    const before = rows[at - 1];
    const first = names > 1 && before?.[0] !== row[0];
    const cells = row.map((text, column) => {
      if (column >= names) return `<td class="number">${escapeText(text)}</td>`;
      // What the row above says already is there for those who hear the table, and not drawn.
      const repeated = column < names - 1 && before !== undefined && row.slice(0, column + 1).every((one, k) => one === before[k]);
      return `<th scope="row"${repeated ? ' class="repeated"' : ""}>${escapeText(text)}</th>`;
    });
    return `<tr${first ? ' class="first"' : ""}>${cells.join("")}</tr>`;
  });
  return `<section><h2>${escapeText(title)}</h2>${note === "" ? "" : `<p>${escapeText(note)}</p>`}<div class="scroll"><table class="figures"><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div></section>`;
}
