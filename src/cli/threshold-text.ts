/** Thresholds in a terminal. */
import type { FigureJson, JudgedJson } from "../workflows/index.ts";
import { decimal, renderTable } from "./table.ts";

interface Row {
  readonly name: string;
  readonly target: string | null;
  readonly threshold: number | null;
  readonly judged: JudgedJson | null;
  /** Why there is no threshold. */
  readonly reason?: string | null;
}

export function thresholdText(rows: readonly Row[], part: string): string {
  const table = renderTable(
    [{ title: "category", shrink: true }, { title: "target" }, { title: "yes from", align: "right" }, { title: "recall" }, { title: "precision" }, { title: "specificity" }, { title: "is" }],
    rows.map(({ name, target, threshold, judged }) => [name, target ?? "-", threshold === null ? "-" : decimal(1 / (1 + Math.exp(-threshold))), shown(judged?.recall), shown(judged?.precision), shown(judged?.specificity), judged?.verdict ?? "-"]),
  );
  const without = rows.filter((row) => row.threshold === null && row.target !== null && row.reason);
  return [`Thresholds (the probability from which on the answer is yes), judged on the ${part}, with 95 % intervals:`, table, ...without.map((row) => `  ${row.name}: ${row.reason}`)].join("\n");
}

function shown(figure: FigureJson | undefined): string {
  if (figure === undefined || figure.value === null) return "-";
  return `${percent(figure.value)}${figure.interval === null ? "" : ` ${percent(figure.interval[0])}-${percent(figure.interval[1])}`}`;
}

/** .95, 1.0: two figures, since a table of three intervals has to fit a window. */
function percent(share: number): string {
  return share.toFixed(2).replace(/^0/, "").replace(/^1\.00$/, "1.0");
}
