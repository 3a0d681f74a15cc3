/** Three plots as SVG text: the metric and the harm against what is known, and the gain against the number of known positives. */
import { mean } from "../../math/index.ts";
import type { SelectionMetric } from "../../learn/index.ts";
import { escapeText } from "../report/text.ts";
import { experimentMethods } from "./config.ts";
import { estimate, scoreOf, type SummaryLine } from "./summary.ts";
import type { TrialRow } from "./trial.ts";

interface Point {
  readonly x: number;
  readonly y: number;
  /** Half the length of the error bar; null for none. */
  readonly error: number | null;
}

interface Series {
  readonly name: string;
  /** A method looks the same in every plot. */
  readonly colour: number;
  readonly points: readonly Point[];
}

interface Axis {
  readonly label: string;
  readonly logarithmic?: boolean;
}

/** Told apart by colour, dash and the name at the line's end; colours of Okabe and Ito, which colour-blind people can tell apart. */
const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#555B66", "#8A6D00"] as const;
const dashes = ["", "6 3", "2 3", "8 3 2 3"] as const;
const area = { width: 640, height: 320, left: 64, right: 150, top: 12, bottom: 48 } as const;

/** The mean over data sets of the metric, per method, against what is known. */
export function metricPlot(lines: readonly SummaryLine[], metricName: string, knownLabel: string): string {
  return plot(seriesOf(lines, (line) => ({ y: 100 * mean([...line.data.values()].map((one) => one.value)), error: null })), { label: knownLabel }, { label: `${metricName} × 100` });
}

export function harmPlot(lines: readonly SummaryLine[], knownLabel: string): string {
  const tuned = lines.filter((line) => line.method !== "base");
  return plot(seriesOf(tuned, (line) => ({ y: 100 * line.harmed, error: null })), { label: knownLabel }, { label: "categories harmed, %" });
}

/** Gain of a category against its known positives in the fit part: means of classes that double in width, ± standard error. */
export function gainPlot(rows: readonly TrialRow[], metric: SelectionMetric, metricName: string): string {
  const scored = rows.flatMap((row) => {
    const score = scoreOf(row, metric);
    return row.method === "base" || score === null || row.fitPositives === 0 ? [] : [{ method: row.method, positives: row.fitPositives, gain: 100 * (score.after - score.before) }];
  });
  const series = [...Map.groupBy(scored, (one) => one.method)].map(([name, some]): Series => {
    const classes = [...Map.groupBy(some, (one) => Math.floor(Math.log2(one.positives)))].toSorted(([a], [b]) => a - b);
    return { name, colour: colourOf(name), points: classes.map(([power, ones]) => ({ x: 2 ** power * Math.SQRT2, ...withError(ones.map((one) => one.gain)) })) };
  });
  return plot(series, { label: "known positives in the fit part (classes that double)", logarithmic: true }, { label: `gain in ${metricName} × 100` });
}

function withError(values: readonly number[]): { y: number; error: number | null } {
  const { value, error } = estimate(values);
  return { y: value, error };
}

function seriesOf(lines: readonly SummaryLine[], figure: (line: SummaryLine) => { y: number; error: number | null }): Series[] {
  const strategies = [...new Set(lines.map((line) => line.strategy))];
  const many = strategies.length > 1;
  return [...Map.groupBy(lines, (line) => (many ? `${line.method}, ${line.strategy}` : line.method))].map(([name, some]) => ({
    name,
    colour: colourOf(some[0]!.method) + dashes.length * strategies.indexOf(some[0]!.strategy),
    points: some.map((line) => ({ x: line.known, ...figure(line) })).toSorted((a, b) => a.x - b.x),
  }));
}

function plot(series: readonly Series[], horizontal: Axis, vertical: Axis): string {
  const points = series.flatMap((one) => one.points).filter((point) => Number.isFinite(point.y));
  if (points.length === 0) return `<p class="quiet">Nothing to plot: no category can be scored.</p>`;
  const scaleX = scale(points.map((point) => point.x), area.left, area.width - area.right, horizontal.logarithmic === true);
  const reach = points.flatMap(({ y, error }) => [y - (error ?? 0), y + (error ?? 0)]);
  const scaleY = scale(vertical.label.startsWith("gain") ? [...reach, 0] : reach, area.height - area.bottom, area.top, false);
  const grid = [
    ...scaleX.ticks.map((value) => `<line class="grid" x1="${scaleX.at(value)}" x2="${scaleX.at(value)}" y1="${area.top}" y2="${area.height - area.bottom}"/><text class="tick" x="${scaleX.at(value)}" y="${area.height - area.bottom + 16}" text-anchor="middle">${tick(value)}</text>`),
    ...scaleY.ticks.map((value) => `<line class="grid" x1="${area.left}" x2="${area.width - area.right}" y1="${scaleY.at(value)}" y2="${scaleY.at(value)}"/><text class="tick" x="${area.left - 6}" y="${Number(scaleY.at(value)) + 4}" text-anchor="end">${tick(value)}</text>`),
  ].join("");
  const ends = labelHeights(series.map((one) => Number(scaleY.at(one.points.at(-1)?.y ?? Number.NaN))));
  const marks = series
    .map((one, at) => {
      const colour = colours[one.colour % colours.length]!;
      const path = one.points.map(({ x, y }) => `${scaleX.at(x)},${scaleY.at(y)}`).join(" ");
      const bars = one.points.map(({ x, y, error }) => (error === null ? "" : `<line x1="${scaleX.at(x)}" x2="${scaleX.at(x)}" y1="${scaleY.at(y - error)}" y2="${scaleY.at(y + error)}" stroke="${colour}"/>`)).join("");
      const dots = one.points.map(({ x, y }) => `<circle cx="${scaleX.at(x)}" cy="${scaleY.at(y)}" r="3" fill="${colour}"/>`).join("");
      return `<g><polyline fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes[one.colour % dashes.length]!}" points="${path}"/>${bars}${dots}<text class="tick" x="${area.width - area.right + 8}" y="${ends[at]! + 4}" style="fill:${colour}">${escapeText(one.name)}</text></g>`;
    })
    .join("");
  const middle = (area.left + area.width - area.right) / 2;
  return (
    `<svg role="img" aria-label="${escapeText(`${vertical.label} against ${horizontal.label}`)}" viewBox="0 0 ${area.width} ${area.height}" style="width:100%;max-width:${area.width}px">${grid}` +
    `<text class="axis" x="${middle}" y="${area.height - 8}" text-anchor="middle">${escapeText(horizontal.label)}</text>` +
    `<text class="axis" transform="translate(14 ${(area.top + area.height - area.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeText(vertical.label)}</text>${marks}</svg>`
  );
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): string;
}

/** Maps the values' range, a little widened, onto from .. to; at most seven ticks at round numbers. */
function scale(values: readonly number[], from: number, to: number, logarithmic: boolean): Scale {
  const map = logarithmic ? Math.log2 : (value: number): number => value;
  const [low, high] = [Math.min(...values), Math.max(...values)].map(map) as [number, number];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  const [first, last] = [low - room, high + room];
  const at = (value: number): string => (Math.round(10 * (from + ((map(value) - first) / (last - first)) * (to - from))) / 10).toString();
  if (logarithmic) {
    const step = Math.max(1, Math.ceil((last - first) / 6));
    const ticks: number[] = [];
    for (let power = Math.ceil(first); power <= last; power += step) ticks.push(2 ** power);
    return { ticks, at };
  }
  const wide = (last - first) / 5;
  const base = 10 ** Math.floor(Math.log10(wide));
  const step = [1, 2, 5, 10].map((factor) => factor * base).find((each) => each >= wide) ?? wide;
  const ticks: number[] = [];
  for (let i = Math.ceil(first / step); i * step <= last; i++) ticks.push(i * step);
  return { ticks, at };
}

function colourOf(method: string): number {
  return Math.max(0, (experimentMethods as readonly string[]).indexOf(method));
}

/** The names' heights at the lines' ends, moved apart where they would cover each other. */
function labelHeights(wanted: readonly number[]): number[] {
  const apart = 15;
  const order = wanted.map((_, at) => at).toSorted((a, b) => wanted[a]! - wanted[b]!);
  const heights = [...wanted];
  let least = area.top + 8;
  for (const at of order) {
    heights[at] = Math.max(Number.isFinite(wanted[at]!) ? wanted[at]! : least, least);
    least = heights[at] + apart;
  }
  return heights;
}

function tick(value: number): string {
  return String(Number(value.toPrecision(6)));
}
