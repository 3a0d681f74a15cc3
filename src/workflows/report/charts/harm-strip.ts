/** One category's share of wrong answers, a lane each for strategy, base and tuned head: a mark for the value, a line with end ticks for its interval. */
import type { Estimate } from "../../../learn/index.ts";
import { trim } from "./frame.ts";

export interface HarmLane {
  readonly mark: "small" | "open" | "tuned";
  readonly rate: Estimate | null;
}

const lane = 18;
const mostTicks = 6;
const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

/** From 0 to a round number above every interval: `high` in steps of `step`. */
export function harmScale(rates: Iterable<Estimate | null>): { readonly high: number; readonly step: number } {
  let most = 0.01;
  for (const rate of rates) most = Math.max(most, rate?.high ?? 0);
  const step = steps.find((each) => most / each <= mostTicks - 1) ?? 0.25;
  return { high: Math.min(1, Math.ceil(most / step - 1e-9) * step), step };
}

/** The ticks with their values, in percent. */
export function harmAxis({ high, step }: ReturnType<typeof harmScale>): string {
  const count = Math.round(high / step);
  const marks = Array.from({ length: count + 1 }, (_, at) => {
    const x = percent(at / count);
    const anchor = at === 0 ? "start" : at === count ? "end" : "middle";
    return `<text x="${x}" y="12" text-anchor="${anchor}">${trim(at * step * 100)}\u00A0%</text>${line(x, x, 17, 22, "tick-mark")}`;
  });
  return `<svg class="strip axis-strip" height="22" aria-hidden="true">${marks.join("")}</svg>`;
}

/** Drawn in percent of the width; the figures stand beside it as text. */
export function harmStrip({ high, step }: ReturnType<typeof harmScale>, lanes: readonly HarmLane[]): string {
  const height = lane * lanes.length + 8;
  const count = Math.round(high / step);
  const grid = Array.from({ length: count + 1 }, (_, at) => line(percent(at / count), percent(at / count), 0, height, at === 0 ? "zero" : "grid")).join("");
  const marks = lanes.map(({ mark, rate }, at) => {
    if (rate === null) return "";
    const y = 4 + lane * (at + 0.5);
    const [low, value, top] = [rate.low, rate.value, rate.high].map((share) => percent(Math.min(1, share / high))) as [string, string, string];
    const whisker = line(low, top, y, y, "range") + line(low, low, y - 4, y + 4, "range") + line(top, top, y - 4, y + 4, "range");
    return whisker + (mark === "small" ? `<circle class="strategy" cx="${value}" cy="${trim(y)}" r="3"/>` : `<circle class="${mark}" cx="${value}" cy="${trim(y)}" r="5"/>`);
  });
  return `<svg class="strip" height="${String(height)}" aria-hidden="true">${grid}${marks.join("")}</svg>`;
}

function percent(share: number): string {
  return `${trim(share * 100)}%`;
}

function line(x1: string, x2: string, y1: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${x1}" x2="${x2}" y1="${trim(y1)}" y2="${trim(y2)}"/>`;
}
