/** The summary as rows of text, for Markdown and HTML alike. */
import type { MeanWithError, SummaryLine } from "./summary.ts";

export interface TextTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One table per strategy and known proportion: a row per method, a column per data set, gain and harm. Figures are x 100. */
export function summaryTables(lines: readonly SummaryLine[], knownInWords: (known: number) => string): TextTable[] {
  const sets = [...new Set(lines.flatMap((line) => [...line.data.keys()]))];
  return [...Map.groupBy(lines, ({ strategy, known }) => JSON.stringify([strategy, known])).values()].map((some) => ({
    title: `${some[0]!.strategy}, ${knownInWords(some[0]!.known)}`,
    header: ["method", ...sets, "gain × 100", "harmed", "seconds"],
    rows: some.map((line) => {
      const base = line.method === "base";
      return [line.method, ...sets.map((set) => withError(line.data.get(set), 1)), base ? "" : withError(line.gain, 2), base ? "" : percent(line.harmed), base ? "" : line.seconds.toFixed(1)];
    }),
  }));
}

export function markdownTable({ header, rows }: TextTable): string {
  return [markdownRow(header), `|${"---|".repeat(header.length)}`, ...rows.map(markdownRow)].join("\n");
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function withError(one: MeanWithError | undefined, digits: number): string {
  if (one === undefined || !Number.isFinite(one.value)) return "–";
  const value = (100 * one.value).toFixed(digits);
  return one.error === null ? value : `${value} ± ${(100 * one.error).toFixed(digits)}`;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : "–";
}
