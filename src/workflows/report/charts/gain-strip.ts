/** One category's gain: a dot for the gain, a line with end ticks for its interval, and the zero line; all strips share one scale. */
import { trim } from "./frame.ts";

export interface GainScale {
  readonly low: number;
  readonly high: number;
  /** Round values to mark, zero among them, ascending. */
  readonly ticks: readonly number[];
}

const mostTicks = 6;
const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** A common scale for all strips: zero always inside, at least .01 to either side, a little air at the ends. */
export function gainScale(changes: Iterable<{ gain: number | null; range: readonly [number, number] | null }>): GainScale {
  let low = -0.01;
  let high = 0.01;
  for (const { gain, range } of changes) {
    for (const value of [gain, range?.[0], range?.[1]]) {
      if (value === null || value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const air = (high - low) * 0.06;
  [low, high] = [low - air, high + air];
  const step = steps.find((each) => Math.floor(high / each) - Math.ceil(low / each) < mostTicks) ?? 1;
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
  return { low, high, ticks };
}

/** The scale's ticks with their values; a value too near an end is drawn inwards, so that none is cut off. */
export function gainAxis(scale: GainScale): string {
  const marks = scale.ticks.map((value) => {
    const share = shareOf(scale, value);
    const anchor = share < 0.08 ? "start" : share > 0.92 ? "end" : "middle";
    return `<text x="${percent(share)}" y="12" text-anchor="${anchor}">${tickText(value)}</text>${line(percent(share), percent(share), 17, 22, "tick-mark")}`;
  });
  return `<svg class="strip axis-strip" height="22" aria-hidden="true">${marks.join("")}</svg>`;
}

/** Drawn in percent of the width, so that one strip fits a desk and a phone with round dots. `certain`: drawn filled, else open. */
export function gainStrip(scale: GainScale, gain: number, range: readonly [number, number] | null, certain: boolean): string {
  const at = (value: number): string => percent(shareOf(scale, value));
  const grid = scale.ticks.map((value) => line(at(value), at(value), 0, 28, value === 0 ? "zero" : "grid")).join("");
  const whisker =
    range === null
      ? ""
      : line(at(range[0]), at(range[1]), 14, 14, "range") + line(at(range[0]), at(range[0]), 9, 19, "range") + line(at(range[1]), at(range[1]), 9, 19, "range");
  const dot = `<circle class="${certain ? "after" : "open"}" cx="${at(gain)}" cy="14" r="5"/>`;
  return `<svg class="strip${gain < 0 && certain ? " lost" : ""}" height="28" aria-hidden="true">${grid}${whisker}${dot}</svg>`;
}

function shareOf(scale: GainScale, value: number): number {
  return (value - scale.low) / (scale.high - scale.low);
}

function percent(share: number): string {
  return `${trim(share * 100)}%`;
}

/** Two decimals do, but for the finest step. */
function tickText(value: number): string {
  if (value === 0) return "0";
  const text = String(Math.abs(Math.round(value * 1000) / 1000));
  return `${value < 0 ? "−" : "+"}${text}`;
}

function line(x1: string, x2: string, y1: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${x1}" x2="${x2}" y1="${String(y1)}" y2="${String(y2)}"/>`;
}
