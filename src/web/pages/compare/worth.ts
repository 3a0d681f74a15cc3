/** The figures of what further answers are worth, rounded against ourselves. */
import type { Worth } from "../../../server/contract/index.ts";
import { down, up } from "../../services/gains/index.ts";

/** What is said of a learning curve. */
export type Said = NonNullable<Worth["said"]>;

/** q more yes bring d more of 100, x to y, in t minutes or hours; or even g times as many bring d more at most. */
export type WorthFigures = { readonly kind: "worth"; readonly q: number; readonly d: number; readonly x: number; readonly y: number; readonly t: number; readonly hours: boolean } | { readonly kind: "limit"; readonly g: number; readonly d: number };

/** From so many minutes on, hours are told. */
const manyMinutes = 120;

/** The lower end down, and never under nothing; the upper end and what it takes up; yes in two digits, up, as no count is known better than that. */
export function worthFigures(said: Said): WorthFigures {
  if (said.kind === "limit") return { kind: "limit", g: said.growth, d: Math.max(1, up(said.most)) };
  const { yes, gain, range, minutes } = said;
  const hours = minutes >= manyMinutes;
  return { kind: "worth", q: inTwoDigits(yes), d: Math.round(gain), x: Math.max(0, down(range[0])), y: Math.min(100, up(range[1])), t: hours ? up(minutes / 60) : minutes, hours };
}

function inTwoDigits(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / step) * step;
}
