/** Precision over recall: before dashed, after solid over a tinted area, both labelled where they lie furthest apart. */
import type { PrecisionRecallCurve } from "../../run-record.ts";
import { frame, size, trim, x, y } from "./frame.ts";

export interface PrecisionRecallPair {
  readonly before: PrecisionRecallCurve | null;
  readonly after: PrecisionRecallCurve | null;
}

/** `label` comes escaped. Curves are thinned to `points`, ends kept. */
export function precisionRecallChart(pair: PrecisionRecallPair, label: string, points: number): string {
  const before = pair.before === null ? null : steps(pair.before, points);
  const after = pair.after === null ? null : steps(pair.after, points);
  const marks =
    (after === null ? "" : `<path class="area" d="${after}V${y(0)}H${x(0)}Z"/><path class="after-line" d="${after}"/>`) +
    (before === null ? "" : `<path class="before-line" d="${before}"/>`) +
    directLabels(pair);
  return frame(label, "recall: found among positives", "precision: right among found", marks);
}

/** Precision where recall first reaches `recall`; null past the end of the curve. */
export function precisionAt(curve: PrecisionRecallCurve, recall: number): number | null {
  const index = curve.recall.findIndex((value) => value >= recall - 1e-12);
  return curve.precision[index] ?? null;
}

/** Average precision is a sum of steps, so the curve is drawn in steps: its area is the figure. */
function steps(curve: PrecisionRecallCurve, points: number): string {
  const last = curve.recall.length - 1;
  if (last < 0) return `M${x(0)} ${y(0)}`;
  const wanted = Math.min(points, last + 1);
  let path = "";
  for (let step = 0; step < wanted; step += 1) {
    const index = wanted === 1 ? last : Math.round((step * last) / (wanted - 1));
    const height = y(curve.precision[index] ?? 0);
    path += path === "" ? `M${x(0)} ${height}` : `V${height}`;
    path += `H${x(curve.recall[index] ?? 0)}`;
  }
  return path;
}

/** About the width of the longer label, as a share of the axis. */
const labelWidth = 0.25;

function directLabels(pair: PrecisionRecallPair): string {
  const { before, after } = pair;
  if (before === null || after === null) return "";
  let best = { recall: 0.5, before: precisionAt(before, 0.5) ?? 0, after: precisionAt(after, 0.5) ?? 0 };
  for (let tenth = 2; tenth <= 8; tenth += 1) {
    const recall = tenth / 10;
    const candidate = { recall, before: precisionAt(before, recall) ?? 0, after: precisionAt(after, recall) ?? 0 };
    if (Math.abs(candidate.after - candidate.before) > Math.abs(best.after - best.before)) best = candidate;
  }
  const afterAbove = best.after >= best.before;
  return place("after", best.recall, best.after, afterAbove) + place("before", best.recall, best.before, !afterAbove);
}

function place(name: string, recall: number, precision: number, above: boolean): string {
  const [over, under] = [Number(y(precision)) - 9, Number(y(precision)) + 19];
  // Where there is no room on its own side, a label goes to the other side of its curve rather than onto it.
  const level = above ? (over < size.top + 11 ? under : over) : under > size.top + size.side - 4 ? over : under;
  // Near the left edge a label that ends at its point would cover the axis and its values.
  const anchor = above || recall < labelWidth ? "start" : "end";
  return `<text class="direct ${name}-text" x="${x(recall)}" y="${trim(level)}" text-anchor="${anchor}">${name}</text>`;
}
