/** Terminal tables that fit the window: 80 columns unless the terminal says otherwise. */
import Table from "cli-table3";
import stringWidth from "string-width";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** The column that gives way (cut with an ellipsis) when the table is too wide. */
  readonly shrink?: boolean;
}

/** Rows of text under titles; `width` is the number of characters a line may take. */
export function renderTable(columns: readonly Column[], cells: readonly (readonly string[])[], width = process.stdout.columns ?? 80): string {
  const rows = cells.map((row) => row.map((cell) => cell.replace(/\s+/g, " ")));
  const widths = columns.map((column, index) => Math.max(stringWidth(column.title), ...rows.map((row) => stringWidth(row[index] ?? ""))));
  const gap = 2;
  const total = widths.reduce((sum, each) => sum + each + gap, 0);
  const shrinking = columns.findIndex((column) => column.shrink);
  if (total > width && shrinking >= 0) widths[shrinking] = Math.max(8, widths[shrinking]! - (total - width));
  const table = new Table({
    chars: {
      top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
      left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "",
    },
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap, compact: true },
    colWidths: widths.map((each) => each + gap),
    colAligns: columns.map((column) => column.align ?? "left"),
    head: columns.map((column) => column.title),
  });
  for (const row of rows) table.push([...row]);
  return table.toString().split("\n").map((line) => line.trimEnd()).join("\n");
}

/** A number to so many decimals, or a dash where there is none. */
export function decimal(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined || Number.isNaN(value) ? "-" : value.toFixed(digits);
}

/** A difference with its sign, or a dash; what rounds to zero has no sign. */
export function signed(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "-";
  const text = value.toFixed(digits);
  if (Number(text) === 0) return text.replace("-", "");
  return `${value > 0 ? "+" : ""}${text}`;
}

/** "[+0.010, +0.030]" or a dash. */
export function intervalText(interval: readonly [number, number] | null | undefined, digits = 3): string {
  return interval ? `[${signed(interval[0], digits)}, ${signed(interval[1], digits)}]` : "-";
}
