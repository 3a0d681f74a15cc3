/** Harm in words, for the terminal and the report alike. */
import type { Estimate } from "../learn/index.ts";
import { some } from "./categories.ts";
import type { HarmJson, JudgedTaker } from "./harm.ts";

/** 'The base head: of 1,000 cells taken as "no", about 83 (60-110) are probably "yes"; ...' */
export function harmSentence(taker: JudgedTaker): string {
  const { overall, reason } = taker;
  if (reason !== null) return `${takerName(taker)}: not estimated, ${reason}.`;
  const sides = ([["negative", "no", "yes"], ["positive", "yes", "no"]] as const).flatMap(([side, answer, other]) => {
    const { taken, wrong } = overall[side];
    return wrong === null ? [] : [`of ${whole(taken)} cells taken as "${answer}", about ${cells(wrong)} are probably "${other}"`];
  });
  const left = leftOut(taker);
  const told = sides.length > 0 ? sides.join("; ") : left === "" ? "no unknown cell is given an answer" : "nothing is estimated";
  return `${takerName(taker)}: ${told}.${left}`;
}

/** " Not counted: x (why).", for categories of which cells are unknown and nothing is estimated. */
function leftOut({ categories }: JudgedTaker): string {
  const names = new Map<string, string[]>();
  for (const { name, taken, prevalence, reason } of categories) {
    if (prevalence !== null || reason === null || taken.negative + taken.positive + taken.none === 0) continue;
    names.set(reason, [...(names.get(reason) ?? []), name]);
  }
  return names.size === 0 ? "" : ` Not counted: ${Array.from(names, ([reason, list]) => `${some(list)} (${reason})`).join("; ")}.`;
}

export function takerName({ who, strategy }: JudgedTaker): string {
  if (who === "strategy") return `The strategy ${strategy}`;
  return who === "base" ? "The base head" : "The tuned head";
}

/** What the figures rest on: which cells, and what is taken for granted. */
export function harmAssumptions({ source, takers }: HarmJson): string[] {
  const estimated = takers.filter((taker) => taker.reason === null);
  if (estimated.length === 0) return [];
  const mixed = source === "given" && estimated.some((taker) => taker.categories.some((one) => one.source !== "given"));
  return [
    ...estimated.map((taker) => `${takerName(taker)} is judged on unknown cells of the ${taker.judged.join(" and ")} part, by known labels of the ${taker.heldOut} part.`).filter((text, at, all) => all.indexOf(text) === at),
    assumptions[source] + (mixed ? ` Categories without a stated prevalence: ${assumptions["known-at-random"].replace("Assumed: ", "")}` : ""),
    "In all cases, held-out known labels of a class are taken to look like unknown cells of that class. A head answers yes from a probability of one half.",
  ];
}

const assumptions: Readonly<Record<HarmJson["source"], string>> = {
  "known-at-random": "Assumed: which cells are known has nothing to do with their value, and all parts show the categories alike often (known-at-random). Where positives are known more often than negatives the figures are too high, else too low; state how common the categories are (--prevalence) to mend that.",
  given: "Assumed: the prevalences stated (given) are those of the images judged.",
  "adjusted-count": "How common a category is among the unknown cells is taken from the head's own answers, corrected by how often it errs on held-out labels (adjusted-count); nothing is assumed of which cells are known.",
};

/** "83 (60-110)" */
function cells({ value, low, high }: Estimate): string {
  return `${whole(value)} (${whole(low)}-${whole(high)})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
