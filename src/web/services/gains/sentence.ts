/** The one sentence of a category that was compared, by its verdict: which sentence, and its figures, rounded against ourselves. */
import type { ComparedCategory } from "../../../server/contract/index.ts";
import { down, of100, share, up, type Share } from "./rounding.ts";

export type GainKey =
  | "gain.better"
  | "gain.first"
  | "gain.probably"
  | "gain.none"
  | "gain.none.same"
  | "gain.worse"
  | "gain.few"
  | "gain.few.settled"
  | "gain.few.first"
  | "gain.few.first.settled"
  | "gain.few.nothing"
  | "gain.few.nothing.settled"
  | "gain.few.no"
  | "gain.few.first.no"
  | "gain.few.groups"
  | "gain.few.first.groups"
  | "gain.unchecked"
  | "gain.kept"
  | "gain.kept.moved"
  | "gain.skipped";

export interface GainSentence {
  readonly key: GainKey;
  readonly values: Readonly<Record<string, number | Share>>;
}

/** The gain seen, of 100 pictures that show the category; null where one side was not counted. */
export function seenGain({ before, after }: Pick<ComparedCategory, "before" | "after">): number | null {
  const [a, b] = [after === null ? null : of100(after), before === null ? 0 : of100(before)];
  return a === null || b === null ? null : a - b;
}

/** In how many of the 20 equally likely cases it is not better. */
export function notBetter(quantiles: readonly number[]): number {
  return quantiles.filter((value) => value <= 0).length;
}

export function gainSentence(one: ComparedCategory): GainSentence {
  const { verdict, before, after, quantiles, range, atLeast } = one;
  if (verdict === "kept" && lineMoved(one)) return { key: "gain.kept.moved", values: { x: percent(one.thresholds[0]), y: percent(one.thresholds[1]) } };
  if (verdict === "kept" || verdict === "skipped") return { key: `gain.${verdict}`, values: {} };
  if (after === null || after.of === 0) return { key: "gain.unchecked", values: {} };
  if (verdict === "few" || quantiles === null || range === null || atLeast === null) return fewSentence(one, after);
  const a = share(of100(after) ?? 0);
  const b = share((before === null ? null : of100(before)) ?? 0);
  const d = Math.max(1, Math.round(Math.abs(seenGain(one) ?? 0)));
  switch (verdict) {
    case "better":
      return before === null ? { key: "gain.first", values: { a, k: down(atLeast) } } : { key: "gain.better", values: { a, b, k: down(atLeast) } };
    case "probably":
      // At most 4 of the 20 are not better, or it would not be probable; a gain of which none is, is no certain one either.
      return { key: "gain.probably", values: { d, m: Math.max(1, notBetter(quantiles)) } };
    case "worse":
      return { key: "gain.worse", values: { d } };
    case "none": {
      const [x, y] = [Math.max(0, up(-range[0])), Math.max(0, up(range[1]))];
      return x === 0 && y === 0 ? { key: "gain.none.same", values: { a } } : { key: "gain.none", values: { x, y } };
    }
    default:
      throw new TypeError(`unknown verdict ${String(verdict satisfies never)}`);
  }
}

/** Whether the head is as it was and its line alone is drawn elsewhere. */
export function lineMoved({ thresholds: [before, after] }: Pick<ComparedCategory, "thresholds">): boolean {
  return before !== null && after !== null && percent(before) !== percent(after);
}

/** To a tenth of a percent. */
function percent(probability: number | null): number {
  return Math.round(1000 * (probability ?? 0)) / 10;
}

/** What is missing decides what is asked for: more that show it, some that do not, or other parts. */
function fewSentence({ before, moreYes, lacks }: ComparedCategory, after: NonNullable<ComparedCategory["after"]>): GainSentence {
  const counted = { a: after.found, n: after.of, ...(before === null ? {} : { b: before.found }) };
  const stem = before === null ? "gain.few.first" : "gain.few";
  if (lacks !== null && lacks.kind !== "yes") return { key: `${stem}.${lacks.kind}`, values: { ...counted, q: lacks.answers } };
  const q = moreYes ?? lacks?.answers ?? null;
  // "It works" is not said of what has found nothing.
  if (before === null && after.found === 0) return q === null ? { key: "gain.few.nothing.settled", values: { n: after.of } } : { key: "gain.few.nothing", values: { n: after.of, q } };
  return q === null ? { key: `${stem}.settled`, values: counted } : { key: stem, values: { ...counted, q } };
}
