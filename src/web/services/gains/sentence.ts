/** The one sentence of a category that was compared, by its verdict: which sentence, and its figures, rounded against ourselves. */
import type { ComparedCategory } from "../../../server/contract/index.ts";
import { down, of100, share, up, type Share } from "./rounding.ts";

export type GainKey =
  | "gain.better"
  | "gain.first"
  | "gain.probably"
  | "gain.none"
  | "gain.worse"
  | "gain.few"
  | "gain.few.settled"
  | "gain.few.first"
  | "gain.few.first.settled"
  | "gain.few.nothing"
  | "gain.few.nothing.settled"
  | "gain.unchecked"
  | "gain.kept"
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
  const { verdict, before, after, quantiles, range, atLeast, moreYes } = one;
  if (verdict === "kept" || verdict === "skipped") return { key: `gain.${verdict}`, values: {} };
  if (after === null || after.of === 0) return { key: "gain.unchecked", values: {} };
  if (verdict === "few" || quantiles === null || range === null || atLeast === null) return fewSentence(after, before, moreYes);
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
    case "none":
      return { key: "gain.none", values: { x: Math.max(0, up(-range[0])), y: Math.max(0, up(range[1])) } };
    default:
      throw new TypeError(`unknown verdict ${String(verdict satisfies never)}`);
  }
}

function fewSentence(after: NonNullable<ComparedCategory["after"]>, before: ComparedCategory["before"], moreYes: number | null): GainSentence {
  const counted = { a: after.found, n: after.of };
  // "It works" is not said of what has found nothing.
  if (before === null && after.found === 0) return moreYes === null ? { key: "gain.few.nothing.settled", values: { n: after.of } } : { key: "gain.few.nothing", values: { n: after.of, q: moreYes } };
  if (before === null) return moreYes === null ? { key: "gain.few.first.settled", values: counted } : { key: "gain.few.first", values: { ...counted, q: moreYes } };
  return moreYes === null ? { key: "gain.few.settled", values: { ...counted, b: before.found } } : { key: "gain.few", values: { ...counted, b: before.found, q: moreYes } };
}
