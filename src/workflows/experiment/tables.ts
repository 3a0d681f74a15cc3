/** The summary as rows of text, for Markdown and HTML alike. Figures are x 100. */
import type { AnswerLine } from "./answers.ts";
import type { MeanWithError, SummaryLine } from "./summary.ts";

export interface TextTable {
  readonly title: string;
  /** One sentence on how to read it, or none. */
  readonly note: string;
  readonly header: readonly string[];
  /** Columns from the left that name the row; the rest are figures. */
  readonly names: number;
  readonly rows: readonly (readonly string[])[];
}

export interface TableWords {
  /** "10 % known". */
  readonly known: (known: number) => string;
  /** "mean average precision". */
  readonly metric: string;
}

/** Where proportions are compared: the metric, and gain and harm, a row per strategy and method and a column per proportion. */
export function overviewTables(lines: readonly SummaryLine[], words: TableWords): TextTable[] {
  const proportions = [...new Set(lines.map((line) => line.known))];
  if (proportions.length < 2) return [];
  const named = namer(lines);
  const rows = (some: readonly SummaryLine[], text: (line: SummaryLine) => string): string[][] =>
    [...Map.groupBy(some, ({ strategy, method }) => JSON.stringify([strategy, method])).values()].map((ones) => [
      ...named.cells(ones[0]!),
      ...proportions.map((known) => {
        const found = ones.find((line) => line.known === known);
        return found === undefined ? "–" : text(found);
      }),
    ]);
  const header = [...named.header, ...proportions.map(words.known)];
  const tuned = lines.filter((line) => line.method !== "base");
  return [
    { title: `${capital(words.metric)} × 100`, note: "Mean over the data sets, ± standard error over seeds.", header, names: named.header.length, rows: rows(lines, (line) => withError(line.level, 1)) },
    { title: "Gain × 100, and categories harmed", note: "Gain over the base of the same trial, ± standard error, then the share of harmed categories.", header, names: named.header.length, rows: rows(tuned, (line) => `${signedWithError(line.gain)}, ${percent(line.harmed)}`) },
  ];
}

/** One table per known proportion: a row per strategy and method, a column per data set, gain and harm. */
export function detailTables(lines: readonly SummaryLine[], words: TableWords): TextTable[] {
  const sets = [...new Set(lines.flatMap((line) => [...line.data.keys()]))];
  const named = namer(lines);
  return [...Map.groupBy(lines, ({ known }) => known)].map(([known, some]) => ({
    title: capital(words.known(known)),
    note: "",
    header: [...named.header, ...sets, ...(sets.length > 1 ? ["mean"] : []), "gain × 100", "harmed", "seconds"],
    names: named.header.length,
    rows: [...Map.groupBy(some, (line) => line.strategy).values()].flat().map((line) => {
      const base = line.method === "base";
      return [
        ...named.cells(line),
        ...sets.map((set) => withError(line.data.get(set), 1)),
        ...(sets.length > 1 ? [withError(line.level, 1)] : []),
        base ? "" : signedWithError(line.gain),
        base ? "" : percent(line.harmed),
        seconds(line.seconds),
      ];
    }),
  }));
}

/** What the hidden cells were taken for, and how much of it is wrong. */
export function answerTable(lines: readonly AnswerLine[], words: TableWords): TextTable {
  const several = { strategies: new Set(lines.map((line) => line.strategy)).size > 1, known: new Set(lines.map((line) => line.known)).size > 1 };
  const header = [...(several.strategies ? ["strategy"] : []), ...(several.known ? ["known"] : []), "answers of"];
  return {
    title: "Wrong answers for hidden cells",
    note: "Of the labels hidden in the fit part: the share taken as negative and how much of it is positive; the share taken as positive and how much of it is negative. Heads answer at probability one half. For pseudo-labels, the mean over categories of the first error as counted and as estimated from known labels alone, and how many of the estimate's 95 % intervals hold the count.",
    header: [...header, "taken as no", "of these wrong", "taken as yes", "of these wrong", "counted", "estimated", "intervals that hold"],
    names: header.length,
    rows: [...Map.groupBy(lines, (line) => line.strategy).values()].flat().map((line) => [
      ...(several.strategies ? [line.strategy] : []),
      ...(several.known ? [words.known(line.known)] : []),
      line.taker,
      ...[line.negative, line.falseNegative, line.positive, line.falsePositive].map(tenths),
      ...(line.taker === "pseudo-labels" ? [tenths(line.counted), tenths(line.estimated), line.covered === null ? "–" : `${line.covered[0]} of ${line.covered[1]}`] : ["", "", ""]),
    ]),
  };
}

export function markdownTable({ header, rows, names }: TextTable): string {
  return [markdownRow(header), `|${header.map((_, at) => (at < names ? "---|" : "---:|")).join("")}`, ...rows.map(markdownRow)].join("\n");
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The columns that name a line: the strategy only where there are several. */
function namer(lines: readonly SummaryLine[]): { readonly header: string[]; cells(line: SummaryLine): string[] } {
  const several = new Set(lines.map((line) => line.strategy)).size > 1;
  return { header: several ? ["strategy", "method"] : ["method"], cells: (line) => (several ? [line.strategy, line.method] : [line.method]) };
}

function withError(one: MeanWithError | undefined, digits: number): string {
  if (one === undefined || !Number.isFinite(one.value)) return "–";
  const value = figure(100 * one.value, digits);
  return one.error === null ? value : `${value} ± ${(100 * one.error).toFixed(digits)}`;
}

function signedWithError(one: MeanWithError): string {
  const text = withError(one, 2);
  return one.value > 0 && !text.startsWith("0.00") ? `+${text}` : text;
}

/** With a minus sign as wide as a plus, and no sign before a zero. */
function figure(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : "–";
}

function tenths(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

function seconds(value: number): string {
  return value < 0.05 ? "< 0.1" : value.toFixed(1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
