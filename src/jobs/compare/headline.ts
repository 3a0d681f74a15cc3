/** The one sentence above a comparison: a code of the message catalogue with its figures, rounded against ourselves (APP 6). */
import type { Told } from "../told.ts";
import type { CategoryCompared } from "./compared.ts";
import { dots } from "./gain.ts";

/** What the choice of the sentence goes by. */
export interface HeadlineChoice {
  /** Names that matter most, the first first. */
  readonly priority: readonly string[];
  readonly leak: Told | null;
  /** There was nothing before. */
  readonly none: boolean;
}

/**
 * A leak replaces everything. Then a category that is worse; then the one that matters most; among equals the largest gain that is 95 % sure, then the largest that is seen. Kept and skipped ones speak only where no
 * other does.
 */
export function headline(categories: readonly CategoryCompared[], { priority, leak, none }: HeadlineChoice): Told {
  if (leak !== null) return leak;
  const rank = (one: CategoryCompared): number => {
    const at = priority.indexOf(one.category);
    return at < 0 ? priority.length : at;
  };
  const spoken = categories.filter(({ verdict }) => verdict !== "kept" && verdict !== "skipped");
  const worse = spoken.filter(({ verdict }) => verdict === "worse");
  const order = (one: CategoryCompared, other: CategoryCompared): number => rank(one) - rank(other) || (other.atLeast ?? -Infinity) - (one.atLeast ?? -Infinity) || seen(other) - seen(one);
  const [first] = (worse.length > 0 ? worse : spoken).toSorted(order);
  if (first !== undefined) return sentenceOf(first, none);
  return { code: "compare.nothing-changed", params: { kept: categories.filter(({ verdict }) => verdict === "kept").length, skipped: categories.filter(({ verdict }) => verdict === "skipped").length } };
}

/** The sentence of one category; c: its name, f: false alarms among w without it. Counts of 100 are rounded, a gain we are sure of down, a range outwards. */
export function sentenceOf(one: CategoryCompared, none: boolean): Told {
  const { category: c, verdict, before, after, quantiles, atLeast, range } = one;
  const [a, b] = [of100(after), of100(before)];
  const d = Math.round(Math.abs(seen(one)));
  switch (verdict) {
    case "better":
      return none || before === null ? { code: "gain.first", params: { c, a, k: Math.floor(atLeast!) } } : { code: "gain.better", params: { c, a, b, k: Math.floor(atLeast!) } };
    case "probably":
      return { code: "gain.probably", params: { c, d, m: quantiles!.filter((value) => value <= 0).length, of: dots } };
    case "worse":
      return { code: "gain.worse", params: { c, d } };
    case "none":
      return { code: "gain.none", params: { c, x: Math.max(0, Math.ceil(-range![0])), y: Math.max(0, Math.ceil(range![1])) } };
    case "few":
      return { code: `gain.few${before === null ? ".first" : ""}${one.moreYes === null ? ".settled" : ""}`, params: { c, a: after?.found ?? 0, b: before?.found ?? null, n: after?.of ?? 0, q: one.moreYes, f: one.alarms, w: one.without } };
    case "kept":
    case "skipped":
      return { code: `gain.${verdict}`, params: { c } };
    default:
      throw new TypeError(`unknown verdict ${String(verdict satisfies never)}`);
  }
}

/** The gain seen, of 100. */
function seen({ before, after, without, alarms }: CategoryCompared): number {
  if (after === null || after.of === 0) return 0;
  const guessed = without === 0 ? 0 : alarms / without;
  return 100 * (after.found / after.of - (before === null ? guessed : before.found / after.of));
}

function of100(counts: { readonly found: number; readonly of: number } | null): number | null {
  return counts === null || counts.of === 0 ? null : Math.round((100 * counts.found) / counts.of);
}
