/** Reliability: what the model says against what is, with the diagonal "says = is"; the area of a dot is its number of cells, down to a least size that can be seen. */
import type { ReliabilityBins } from "../../run-record.ts";
import { frame, size, trim, x, y } from "./frame.ts";

/** `label` comes escaped. `filled` is for after; open dots are for before. */
export function reliabilityChart(bins: ReliabilityBins, label: string, filled: boolean): string {
  const largest = Math.max(1, ...bins.count);
  const dots = bins.count
    .map((cells, index) => {
      const radius = Math.max(2.5, size.inset * Math.sqrt(cells / largest));
      return `<circle class="${filled ? "after" : "open"}" cx="${x(bins.meanProbability[index] ?? 0)}" cy="${y(bins.fractionPositive[index] ?? 0)}" r="${trim(radius)}"/>`;
    })
    .join("");
  const diagonal = `<line class="diagonal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>`;
  return frame(label, "says: stated probability", "is: share of positives", diagonal + dots);
}

/** Expected calibration error of the bins: mean distance from the diagonal, weighted by cells. Null without cells. */
export function distanceFromDiagonal(bins: ReliabilityBins): number | null {
  let cells = 0;
  let distance = 0;
  for (const [index, count] of bins.count.entries()) {
    cells += count;
    distance += count * Math.abs((bins.meanProbability[index] ?? 0) - (bins.fractionPositive[index] ?? 0));
  }
  return cells === 0 ? null : distance / cells;
}
