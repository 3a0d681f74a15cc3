/** What a threshold costs, read from the thresholds that were tried. */
import type { Tradeoff } from "../../../server/contract/index.ts";
import { fewestOf100, outward, up } from "../gains/index.ts";

export type Point = Tradeoff["points"][number];

/** The tried threshold at which the same pictures are called yes: the least that is not under t; null where nothing was tried. Points ascend. */
export function pointAt(points: readonly Point[], t: number): Point | null {
  return points.find(({ threshold }) => threshold >= t - 1e-9) ?? points.at(-1) ?? null;
}

/** The next threshold that changes anything, up or down from t; t's own where there is none. */
export function neighbour(points: readonly Point[], t: number, direction: 1 | -1): number {
  const here = pointAt(points, t);
  if (here === null) return t;
  return points[points.indexOf(here) + direction]?.threshold ?? here.threshold;
}

/** So many of so many: of 100 with its range, or of all that were counted where those are too few for either. */
export interface Cost {
  readonly n: number;
  readonly of: number;
  readonly range: readonly [number, number] | null;
}

function cost(value: number, range: readonly [number, number], counted: number | undefined): Cost {
  if (counted !== undefined && counted < fewestOf100) return { n: Math.round((value * counted) / 100), of: counted, range: null };
  return { n: Math.min(100, up(value)), of: 100, range: outward(range) };
}

/** Costs of 100: each rounded up, ranges outwards; raw counts on a side of which fewer than 20 pictures were counted. */
export function costsOf(point: Point, counted: Tradeoff["counted"]): { readonly missed: Cost; readonly alarms: Cost } {
  return { missed: cost(point.missed, point.missedRange, counted?.with), alarms: cost(point.alarms, point.alarmsRange, counted?.without) };
}

/** Of 1,000 products of which `prevalence` show it: how many are missed, are false alarms, and are called yes and so looked at by hand. Rounded up. */
export function perThousand(point: Point, prevalence: number): { readonly with: number; readonly missed: number; readonly alarms: number; readonly byHand: number } {
  const missed = (prevalence * point.missed) / 100;
  const alarms = ((1000 - prevalence) * point.alarms) / 100;
  return { with: Math.round(prevalence), missed: up(missed), alarms: up(alarms), byHand: up(prevalence - missed + alarms) };
}

/** To a tenth of a percent. */
export function percentOf(probability: number): number {
  return Math.round(probability * 1000) / 10;
}

/** A percentage as it was typed, full width or not, with a comma or a point; null where it is none. */
export function typedPercent(text: string): number | null {
  const plain = text.normalize("NFKC").replace("%", "").replace(",", ".").trim();
  const value = Number(plain);
  return plain === "" || !(value >= 0 && value <= 100) ? null : value / 100;
}
