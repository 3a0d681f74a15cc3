/** Harm for the example record: what a strategy leaves wrong, and what the heads make of it; one category without an estimate. */
import type { Estimate } from "../../learn/index.ts";
import type { HarmCategory, HarmJson, JudgedTaker } from "../harm.ts";

export function exampleHarm(names: readonly string[]): HarmJson {
  return { source: "known-at-random", takers: [taker("strategy", names, 1.4, false), taker("base", names, 1, true), taker("tuned", names, 0.6, true)] };
}

function taker(who: JudgedTaker["who"], names: readonly string[], size: number, both: boolean): JudgedTaker {
  const categories = names.map((name, index) => category(name, index, size, both));
  const sum = (rate: "falseNegative" | "falsePositive", side: "negative" | "positive"): JudgedTaker["overall"]["negative"] => {
    const taken = categories.reduce((cells, one) => cells + one.taken[side], 0);
    const of = (end: keyof Estimate): number => categories.reduce((cells, one) => cells + (one[rate]?.[end] ?? 0) * one.taken[side], 0);
    return { taken, wrong: taken === 0 ? null : { value: of("value"), low: of("low"), high: of("high") } };
  };
  return {
    who,
    strategy: who === "tuned" ? null : "assume-negative",
    judged: who === "strategy" ? ["fit"] : ["selection", "report"],
    heldOut: who === "strategy" ? "selection" : "report",
    overall: { negative: sum("falseNegative", "negative"), positive: sum("falsePositive", "positive") },
    categories,
    reason: null,
  };
}

const rate = (value: number): Estimate => ({ value, low: value * 0.7, high: Math.min(1, value * 1.5 + 0.01) });

function category(name: string, index: number, size: number, both: boolean): HarmCategory {
  const slot = index % 12;
  const card = { name, heldOut: { positive: 9 + slot, negative: 52 }, source: "known-at-random" as const };
  if (slot === 11) return { ...card, taken: { negative: 0, positive: 0, none: 0 }, falseNegative: null, falsePositive: null, prevalence: null, reason: "no cell of it is unknown" };
  return {
    ...card,
    taken: { negative: 500 - 20 * slot, positive: both ? 20 + slot : 0, none: 0 },
    falseNegative: rate((0.02 + 0.012 * slot) * size),
    falsePositive: both ? rate(0.5 - 0.03 * slot) : null,
    prevalence: rate(0.1),
    reason: both ? null : "no unknown cell is taken as positive",
  };
}
