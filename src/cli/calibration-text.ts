/** How far probabilities are off, in a terminal. */
import type { EvaluateDone, FigureJson } from "../workflows/index.ts";
import { decimal, renderTable } from "./table.ts";

export function calibrationText(rows: NonNullable<EvaluateDone["calibration"]>): string {
  const table = renderTable(
    [{ title: "category", shrink: true }, { title: "prevalence", align: "right" }, { title: "ECE" }, { title: "Brier" }, { title: "log-loss" }],
    rows.map((row) => [row.name, row.prevalence === null ? "-" : String(row.prevalence), shown(row.ece), shown(row.brier), shown(row.logLoss)]),
  );
  const like = rows.every((row) => row.prevalence === null) ? "It holds for images like those labelled." : "Where a prevalence is given, labels are weighted to it; elsewhere it holds for images like those labelled.";
  return [`How far the probabilities are off, with 95 % intervals (less is better). ${like}`, table].join("\n");
}

function shown({ value, interval }: FigureJson): string {
  return `${decimal(value)}${interval === null ? "" : ` [${decimal(interval[0])}, ${decimal(interval[1])}]`}`;
}
