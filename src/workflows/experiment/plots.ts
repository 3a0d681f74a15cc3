/** Drawing figures as SVG: panels for the page, and files that stand alone. */
import { escapeText } from "../report/text.ts";
import { experimentMethods } from "./config.ts";
import type { Axis, Figure, Panel, Point } from "./figures.ts";

/** One panel is large; several stand side by side and share their scales. */
const large = { width: 640, height: 340 } as const;
const small = { width: 320, height: 220 } as const;
const edge = { left: 58, right: 14, top: 14, bottom: 50 } as const;
const titleHeight = 18;

/** A method has one shape and one colour everywhere; the shapes tell them apart without colour. */
const shapes = ["circle", "square", "diamond", "triangle"] as const;

/** Colours of the methods in their order, on light and on dark: each keeps 3:1 against the page, so that a thin line is seen. */
const light = ["#5A616E", "#0072B2", "#7B4FB5", "#A36A00", "#B0386E", "#1E8A6B", "#C8400B", "#3D4A9A"] as const;
const dark = ["#A7AEBB", "#5AB4F0", "#B99AF0", "#E0A93B", "#F088B4", "#5CCBA8", "#FF9466", "#A3B0FF"] as const;

/** Style of the plots; on the page, and inside files that stand alone. */
export const plotStyle = [
  ...light.map((colour, at) => `svg .m${at}{--ink:${colour}}`),
  `@media (prefers-color-scheme:dark){${dark.map((colour, at) => `svg .m${at}{--ink:${colour}}`).join("")}}`,
  `@media print{${light.map((colour, at) => `svg .m${at}{--ink:${colour}}`).join("")}}`,
  "svg .line{fill:none;stroke:var(--ink);stroke-width:2;stroke-linejoin:round}svg .bar{stroke:var(--ink);stroke-width:1.5;stroke-opacity:.7}svg .mark{fill:var(--ink)}svg .base .line{stroke-dasharray:5 4}svg .panel-title{font-weight:700;fill:var(--text)}",
].join("\n");

/** What a file needs that the page's own style sheet has. */
const fileStyle = `:root{color-scheme:light dark;--page:#fff;--text:#1A1C20;--quiet:#555B66;--hair:#D9DCE2}@media (prefers-color-scheme:dark){:root{--page:#16181D;--text:#ECEEF2;--quiet:#A7AEBB;--hair:#343944}}
svg text{font:14px system-ui,sans-serif;fill:var(--quiet)}svg .grid{stroke:var(--hair)}svg .zero{stroke:var(--text);stroke-width:1.5}svg .page{fill:var(--page)}
${plotStyle}`;

export function hasPoints(figure: Figure): boolean {
  return figure.panels.some((panel) => panel.series.some((one) => one.points.length > 0));
}

/** The panels as SVG elements, to be laid out by the page; `phone` draws a single one small too, so that its text stays readable. */
export function panelDrawings(figure: Figure, phone = false): string[] {
  const size = sizeOf(figure, phone);
  const scales = scalesOf(figure, size);
  return figure.panels.map((panel) => {
    const label = `${panel.title === null ? "" : `${panel.title}: `}${figure.vertical.label} against ${figure.horizontal.label}`;
    return `<svg role="img" class="plot" aria-label="${escapeText(label)}" viewBox="0 0 ${size.width} ${size.height}" style="max-width:${size.width}px">${drawing(figure, panel, scales, size)}</svg>`;
  });
}

/** Methods of the figure with a piece of their line, as list items. */
export function legend(figure: Figure): string {
  return methodsOf(figure)
    .map((method) => `<li><svg class="key" width="36" height="14" viewBox="0 0 36 14" aria-hidden="true">${sample(method, 0, 7)}</svg>${escapeText(method)}</li>`)
    .join("");
}

/** The whole figure in one file: legend above, panels in rows of three. Null where there is nothing to draw. */
export function plotFile(figure: Figure): string | null {
  if (!hasPoints(figure)) return null;
  const size = sizeOf(figure);
  const columns = Math.min(3, figure.panels.length);
  const width = columns * size.width;
  const entries: string[] = [];
  let [x, y] = [edge.left, 20];
  for (const method of methodsOf(figure)) {
    const length = 42 + letter * method.length + 18;
    if (x > edge.left && x + length > width) [x, y] = [edge.left, y + 22];
    entries.push(`${sample(method, x, y)}<text x="${x + 42}" y="${y + 5}">${escapeText(method)}</text>`);
    x += length;
  }
  const top = y + 18;
  const scales = scalesOf(figure, size);
  const panels = figure.panels.map((panel, at) => `<g transform="translate(${(at % columns) * size.width} ${top + Math.floor(at / columns) * size.height})">${drawing(figure, panel, scales, size)}</g>`);
  const height = top + Math.ceil(figure.panels.length / columns) * size.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>${escapeText(figure.title)}</title><style>${fileStyle}</style><rect class="page" width="${width}" height="${height}"/>${entries.join("")}${panels.join("")}</svg>\n`;
}

function methodsOf(figure: Figure): string[] {
  const found = new Set(figure.panels.flatMap((panel) => panel.series.map((one) => one.method)));
  return experimentMethods.filter((method) => found.has(method));
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly left: number;
}

const rowHeight = 26;

function sizeOf({ panels, rows }: Figure, phone = false): Size {
  const { width, height } = panels.length > 1 || phone ? small : large;
  if (rows === null) return { width, height, left: edge.left };
  return { width, height: edge.top + edge.bottom + rowHeight * rows.length, left: 16 + letter * Math.max(...rows.map((row) => row.length)) };
}

/** About what a letter of the plots' type takes. */
const letter = 7.6;

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

function scalesOf({ panels, horizontal, vertical, zero, rows }: Figure, { width, height, left }: Size): Scales {
  const top = panels.length > 1 ? edge.top + titleHeight : edge.top;
  const points = panels.flatMap((panel) => panel.series.flatMap((one) => one.points));
  const across = points.map((point) => point.x);
  if (rows !== null) {
    const reach = points.flatMap(({ x, error }) => [x - (error ?? 0), x + (error ?? 0)]);
    const at = (row: number): string => tenth(top + (row + 0.5) * rowHeight);
    return { x: scale(zero ? [...reach, 0] : reach, left, width - edge.right, horizontal), y: { ticks: rows.map((name, row) => [row, name]), at } };
  }
  const reach = points.flatMap(({ y, error }) => [y - (error ?? 0), y + (error ?? 0)]);
  return { x: scale(across, left, width - edge.right, horizontal), y: scale(zero ? [...reach, 0] : reach, height - edge.bottom, top, vertical) };
}

function drawing({ horizontal, vertical, zero, rows }: Figure, panel: Panel, { x, y }: Scales, { width, height, left }: Size): string {
  const top = panel.title === null ? edge.top : edge.top + titleHeight;
  const bottom = height - edge.bottom;
  const right = width - edge.right;
  const nought = rows === null ? `<line class="zero" x1="${left}" x2="${right}" y1="${y.at(0)}" y2="${y.at(0)}"/>` : `<line class="zero" x1="${x.at(0)}" x2="${x.at(0)}" y1="${top}" y2="${bottom}"/>`;
  const grid = [
    ...x.ticks.map(([value, text]) => `<line class="grid" x1="${x.at(value)}" x2="${x.at(value)}" y1="${top}" y2="${bottom}"/>${text === "" ? "" : `<text class="tick" x="${x.at(value)}" y="${bottom + 17}" text-anchor="middle">${text}</text>`}`),
    ...y.ticks.map(([value, text]) => `<line class="grid" x1="${left}" x2="${right}" y1="${y.at(value)}" y2="${y.at(value)}"/><text class="tick" x="${left - 7}" y="${Number(y.at(value)) + 4.5}" text-anchor="end">${escapeText(text)}</text>`),
    zero ? nought : "",
  ].join("");
  // The first drawn is the lowest: what is compared with lies under what is compared.
  const marks = panel.series.map(({ method, points }) => `<g class="${classOf(method)}">${rows === null ? line(points, x, y) : ""}${points.map((point) => `${bar(point, x, y, rows !== null)}${mark(method, Number(x.at(point.x)), Number(y.at(point.y)))}`).join("")}</g>`).join("");
  return (
    `${panel.title === null ? "" : `<text class="panel-title" x="${left}" y="${edge.top + 4}">${escapeText(panel.title)}</text>`}${grid}` +
    `<text class="axis" x="${tenth((left + right) / 2)}" y="${height - 9}" text-anchor="middle">${escapeText(width === small.width ? shortened(horizontal.label) : horizontal.label)}</text>` +
    `<text class="axis" transform="translate(15 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeText(width === small.width ? shortened(vertical.label) : vertical.label)}</text>${marks}`
  );
}

/** A small panel has no room for the long name of a metric. */
function shortened(label: string): string {
  return label.replace("mean average precision", "mAP").replace("mean area under the ROC curve", "mean AUROC");
}

function line(points: readonly Point[], x: Scale, y: Scale): string {
  return points.length < 2 ? "" : `<polyline class="line" points="${points.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(" ")}"/>`;
}

function bar({ x: across, y: up, error }: Point, x: Scale, y: Scale, lying: boolean): string {
  if (error === null) return "";
  const [left, right] = lying ? [across - error, across + error] : [across, across];
  const [low, high] = lying ? [up, up] : [up - error, up + error];
  return `<line class="bar" x1="${x.at(left)}" x2="${x.at(right)}" y1="${y.at(low)}" y2="${y.at(high)}"/>`;
}

function classOf(method: string): string {
  return `m${indexOf(method)}${method === "base" ? " base" : ""}`;
}

function indexOf(method: string): number {
  return Math.max(0, (experimentMethods as readonly string[]).indexOf(method));
}

function mark(method: string, x: number, y: number): string {
  const at = (...steps: readonly (readonly [number, number])[]): string => steps.map(([dx, dy]) => `${tenth(x + dx)},${tenth(y + dy)}`).join(" ");
  const shape = shapes[indexOf(method) % shapes.length]!;
  if (shape === "circle") return `<circle class="mark" cx="${tenth(x)}" cy="${tenth(y)}" r="3.5"/>`;
  if (shape === "square") return `<rect class="mark" x="${tenth(x - 3.2)}" y="${tenth(y - 3.2)}" width="6.4" height="6.4"/>`;
  const corners = shape === "diamond" ? at([0, -4.6], [4.6, 0], [0, 4.6], [-4.6, 0]) : at([0, -4.6], [4.4, 3.4], [-4.4, 3.4]);
  return `<polygon class="mark" points="${corners}"/>`;
}

function sample(method: string, x: number, y: number): string {
  return `<g class="${classOf(method)}"><polyline class="line" points="${x},${y} ${x + 36},${y}"/>${mark(method, x + 18, y)}</g>`;
}

interface Scale {
  readonly ticks: readonly (readonly [number, string])[];
  at(value: number): string;
}

/** Ticks closer than this keep their line and lose their text. */
const roomForText = 24;

/** Maps the values' range, a little widened, onto from .. to; ticks as the axis has them, or at most seven round numbers. */
function scale(values: readonly number[], from: number, to: number, { logarithmic, ticks }: Axis): Scale {
  const map = logarithmic ? Math.log2 : (value: number): number => value;
  const [low, high] = [Math.min(...values), Math.max(...values)].map(map) as [number, number];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  const [first, last] = [low - room, high + room];
  const at = (value: number): string => tenth(from + ((map(value) - first) / (last - first)) * (to - from));
  if (ticks !== undefined) {
    let free = Number.NEGATIVE_INFINITY;
    return {
      ticks: ticks.map(([value, text]) => {
        const here = Number(at(value));
        if (here < free) return [value, ""];
        free = here + roomForText;
        return [value, text];
      }),
      at,
    };
  }
  return { ticks: (logarithmic ? powers(first, last) : roundNumbers(first, last)).map((value) => [value, String(Number(value.toPrecision(6))).replace("-", "−")]), at };
}

function powers(first: number, last: number): number[] {
  const step = Math.max(1, Math.ceil((last - first) / 6));
  const found: number[] = [];
  for (let power = Math.ceil(first); power <= last; power += step) found.push(2 ** power);
  return found;
}

function roundNumbers(first: number, last: number): number[] {
  const wide = (last - first) / 5;
  const unit = 10 ** Math.floor(Math.log10(wide));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((each) => each >= wide) ?? wide;
  const found: number[] = [];
  for (let i = Math.ceil(first / step); i * step <= last; i++) found.push(i * step);
  return found;
}

/** A tenth of a pixel is below what a screen shows, and the file stays small. */
function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
