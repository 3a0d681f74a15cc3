/** The plot of cost curves: a panel for each axis, size and costs as multiples of the middle size's, on logarithmic scales that all panels share. */
import type { Curve } from "./harness/bench.ts";

const panel = { width: 250, height: 230, left: 46, right: 12, top: 30, bottom: 46 } as const;
const style = `:root{color-scheme:light dark;--page:#fff;--text:#1A1C20;--quiet:#555B66;--hair:#D9DCE2;--time:#0072B2;--memory:#A36A00}
@media (prefers-color-scheme:dark){:root{--page:#16181D;--text:#ECEEF2;--quiet:#A7AEBB;--hair:#343944;--time:#5AB4F0;--memory:#E0A93B}}
text{font:13px system-ui,sans-serif;fill:var(--quiet)}.title{font-weight:700;fill:var(--text)}.grid{stroke:var(--hair)}.linear{stroke:var(--quiet);stroke-dasharray:3 4}.page{fill:var(--page)}
polyline{fill:none;stroke-width:2;stroke-linejoin:round}.time polyline{stroke:var(--time)}.time circle{fill:var(--time)}.memory polyline{stroke:var(--memory);stroke-dasharray:7 3}.memory rect{fill:var(--memory)}`;

/** Both scales in powers of two. */
interface Range {
  readonly low: number;
  readonly high: number;
}

interface Line {
  readonly kind: "time" | "memory";
  /** (multiple of the middle size, multiple of its cost). */
  readonly points: readonly (readonly [number, number])[];
}

/** One SVG file that stands alone. */
export function costPlot(curves: readonly Curve[]): string {
  const drawn = curves.map((curve) => ({ curve, lines: linesOf(curve) }));
  const all = drawn.flatMap(({ lines }) => lines.flatMap(({ points }) => points));
  const [x, y] = [rangeOf(all.map(([size]) => size)), rangeOf(all.map(([, cost]) => cost))];
  const columns = Math.min(3, curves.length);
  const [width, height] = [columns * panel.width, 28 + Math.ceil(curves.length / columns) * panel.height];
  const panels = drawn.map(({ curve, lines }, at) => `<g transform="translate(${(at % columns) * panel.width} ${28 + Math.floor(at / columns) * panel.height})">${drawing(curve, lines, x, y)}</g>`);
  const key = `<g class="time"><polyline points="46,16 82,16"/><circle cx="64" cy="16" r="3.5"/></g><text x="90" y="20">time</text><g class="memory"><polyline points="150,16 186,16"/><rect x="164.8" y="12.8" width="6.4" height="6.4"/></g><text x="194" y="20">memory</text><line class="linear" x1="276" x2="312" y1="16" y2="16"/><text x="320" y="20">in proportion</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>Time and memory of tuning as one measure of size grows</title><style>${style}</style><rect class="page" width="${width}" height="${height}"/>${key}${panels.join("")}</svg>\n`;
}

function linesOf({ points, middle }: Curve): readonly Line[] {
  const own = points.find(({ size }) => size === middle);
  if (own === undefined) throw new Error(`The middle size ${middle} is not among ${points.map(({ size }) => size).join(", ")}.`);
  return [
    { kind: "time", points: points.map(({ size, milliseconds }) => [size / middle, milliseconds / own.milliseconds]) },
    { kind: "memory", points: points.map(({ size, bytes }) => [size / middle, bytes / own.bytes]) },
  ];
}

/** Whole powers of two around the values, 1 among them. */
function rangeOf(values: readonly number[]): Range {
  return { low: Math.floor(Math.log2(Math.min(1, ...values))), high: Math.ceil(Math.log2(Math.max(1, ...values))) };
}

const bottom = panel.height - panel.bottom;
const right = panel.width - panel.right;
const across = (value: number, { low, high }: Range): number => tenth(panel.left + ((Math.log2(value) - low) / (high - low || 1)) * (right - panel.left));
const up = (value: number, { low, high }: Range): number => tenth(bottom - ((Math.log2(value) - low) / (high - low || 1)) * (bottom - panel.top));

function drawing({ axis, exponents }: Curve, lines: readonly Line[], x: Range, y: Range): string {
  const grid = [
    ...powers(x).map((value) => `<line class="grid" x1="${across(value, x)}" x2="${across(value, x)}" y1="${panel.top}" y2="${bottom}"/><text x="${across(value, x)}" y="${bottom + 16}" text-anchor="middle">${fraction(value)}</text>`),
    ...powers(y).map((value) => `<line class="grid" x1="${panel.left}" x2="${right}" y1="${up(value, y)}" y2="${up(value, y)}"/><text x="${panel.left - 7}" y="${up(value, y) + 4}" text-anchor="end">${fraction(value)}</text>`),
  ];
  const [from, to] = [2 ** Math.max(x.low, y.low), 2 ** Math.min(x.high, y.high)];
  // More threads should take time away in proportion.
  const cost = (size: number): number => (axis === "threads" ? 1 / size : size);
  const shown = axis === "threads" ? [Math.max(from, 1 / to), 1] : [from, to];
  const linear = `<line class="linear" x1="${across(shown[0], x)}" y1="${up(cost(shown[0]), y)}" x2="${across(shown[1], x)}" y2="${up(cost(shown[1]), y)}"/>`;
  const marks = lines.map(({ kind, points }) => {
    const places = points.map(([size, value]) => [across(size, x), up(value, y)] as const);
    const dots = places.map(([cx, cy]) => (kind === "time" ? `<circle cx="${cx}" cy="${cy}" r="3.5"/>` : `<rect x="${tenth(cx - 3.2)}" y="${tenth(cy - 3.2)}" width="6.4" height="6.4"/>`));
    return `<g class="${kind}"><polyline points="${places.map((place) => place.join(",")).join(" ")}"/>${dots.join("")}</g>`;
  });
  const title = `<text class="title" x="${panel.left}" y="14">${axis}: ${exponents.time.toFixed(2)}, ${exponents.memory.toFixed(2)}</text>`;
  const label = `<text x="${(panel.left + right) / 2}" y="${panel.height - 10}" text-anchor="middle">times the middle size</text>`;
  return [title, ...grid, linear, label, ...marks].join("");
}

function powers({ low, high }: Range): number[] {
  return Array.from({ length: high - low + 1 }, (_, at) => 2 ** (low + at));
}

const fraction = (value: number): string => (value < 1 ? `1/${1 / value}` : String(value));

/** A tenth of a pixel is below what a screen shows. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
