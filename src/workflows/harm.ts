/** Pseudo-label harm as commands tell it: how many answers of a strategy, of the base and of the tuned head for unknown cells are probably wrong. */
import { expected } from "../errors.ts";
import { FIT, partNames, REPORT, SELECTION, UNCERTAIN, type PartialLabels, type PartName, type Parts } from "../labels/index.ts";
import { fixedPseudoLabels, overallHarm, pretrain, pseudoLabelHarm, usesUnknown, strategies, type CategoryHarm, type Checkpoint, type Estimate, type Features, type HarmPrevalence, type HarmTaker, type Head, type OverallHarm, type PseudoLabels } from "../learn/index.ts";
import type { Kernels } from "../math/index.ts";

/** Where the share of positives among unknown cells comes from; absent: given where a prevalence is stated, else known-at-random. */
export type HarmSource = HarmPrevalence["kind"];

/** One category of one taker: how many answers it gives, and which share of them is probably wrong. */
export interface HarmCategory {
  readonly name: string;
  /** Unknown cells judged, by what they are taken for. */
  readonly taken: CategoryHarm["taken"];
  /** Held-out known cells the estimate rests on. */
  readonly heldOut: CategoryHarm["heldOut"];
  /** known-at-random for categories without a stated prevalence. */
  readonly source: HarmSource;
  /** Of the cells taken as negative, the share that is positive; 95 % interval. */
  readonly falseNegative: Estimate | null;
  readonly falsePositive: Estimate | null;
  /** Share of positives among the unknown cells. */
  readonly prevalence: Estimate | null;
  /** Why a rate is null; null where neither is. */
  readonly reason: string | null;
}

/** Whose answers for unknown cells are judged, on which cells, and what was found. */
export interface JudgedTaker {
  readonly who: "strategy" | "base" | "tuned";
  readonly strategy: string | null;
  /** Parts whose unknown cells are judged, and the part whose known cells tell how. */
  readonly judged: readonly PartName[];
  readonly heldOut: PartName | null;
  /** All categories that have an estimate together. */
  readonly overall: { readonly negative: OverallHarm; readonly positive: OverallHarm };
  readonly categories: readonly HarmCategory[];
  /** Why nothing is estimated; null where something is. */
  readonly reason: string | null;
}

/** Part of the documents of pretrain and tune. */
export interface HarmJson {
  readonly source: HarmSource;
  /** In the order of what happened: strategy, base, tuned. */
  readonly takers: readonly JudgedTaker[];
}

export interface HarmSetting {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly kernels: Kernels;
  /** The guide the base was trained with, where its strategy goes by one. */
  readonly guide?: Float32Array;
  readonly seed: number;
  readonly source?: HarmSource | "none" | undefined;
  /** (C): as stated; null: not known. */
  readonly stated: readonly (number | null)[];
  /** The base was trained on the selection images too. */
  readonly selectionSeen?: boolean | undefined;
  readonly checkpoint: Checkpoint;
}

/** Errors: usage.invalid-value for `given` without a prevalence. */
export function requireHarmSource(source: HarmSetting["source"], prevalence: string | undefined): void {
  if (source === "given" && prevalence === undefined) throw expected("--harm", "given together with --prevalence FILE", "given alone", { remedy: "State how common the categories are with --prevalence, or give another --harm." });
}

/** Stage 1: the strategy on the fit images, and the head it made on images it has not seen. */
export async function harmOfPretraining(setting: HarmSetting, strategy: string, { head, pseudoLabels }: { readonly head: Head; readonly pseudoLabels: PseudoLabels }): Promise<HarmJson | undefined> {
  if (setting.source === "none") return undefined;
  const heldOut = firstWithKnown(setting, [SELECTION, REPORT]);
  return judge(setting, [
    { who: "strategy", strategy, taker: { kind: "strategy", pseudoLabels, head }, judged: [FIT], heldOut },
    { who: "base", strategy, taker: { kind: "head", head }, judged: [SELECTION, REPORT], heldOut },
  ]);
}

/**
 * Stage 2: the strategy where it is known, then both heads on the same images: unknown selection and report cells, of which neither head has seen one; known report cells tell how often they err.
 * Without a known report cell the tuned head, fitted on the selection cells too, is not judged; the base still is.
 * A strategy that decides in rounds is run again, by the seed of this run, to learn what it decided.
 */
export async function harmOfTuning(setting: HarmSetting, strategy: string | undefined, heads: { readonly base: Head; readonly tuned: Head }): Promise<HarmJson | undefined> {
  if (setting.source === "none") return undefined;
  const seen = setting.selectionSeen === true;
  const judged = seen ? [REPORT] : [SELECTION, REPORT];
  const clean = seen ? [REPORT] : [REPORT, SELECTION];
  return judge(setting, [
    ...(strategy === undefined ? [] : [{ who: "strategy", strategy, taker: await strategyAgain(setting, strategy, heads.base), judged: seen ? [FIT, SELECTION] : [FIT], heldOut: firstWithKnown(setting, seen ? [REPORT] : [SELECTION, REPORT]) } as const]),
    { who: "base", strategy: strategy ?? null, taker: { kind: "head", head: heads.base }, judged, heldOut: firstWithKnown(setting, clean) },
    { who: "tuned", strategy: null, taker: { kind: "head", head: heads.tuned }, judged, heldOut: firstWithKnown(setting, [REPORT]) },
  ]);
}

async function strategyAgain(setting: HarmSetting, name: string, base: Head): Promise<HarmTaker> {
  const { parts } = setting;
  const trained: Parts = setting.selectionSeen === true ? { ...parts, part: parts.part.map((part) => (part === SELECTION ? FIT : part)) } : parts;
  const fixed = fixedPseudoLabels(name, trained);
  if (fixed !== null) return { kind: "strategy", pseudoLabels: fixed, head: base };
  const { pseudoLabels, head } = await pretrain({ ...setting, parts: trained, strategy: name });
  return { kind: "strategy", pseudoLabels, head };
}

interface Asked {
  readonly who: JudgedTaker["who"];
  readonly strategy: string | null;
  readonly taker: HarmTaker;
  readonly judged: readonly number[];
  readonly heldOut: number | null;
}

async function judge(setting: HarmSetting, asked: readonly Asked[]): Promise<HarmJson> {
  const { source = setting.stated.some((share) => share !== null) ? "given" : "known-at-random" } = setting;
  const takers: JudgedTaker[] = [];
  for (const [done, one] of asked.entries()) {
    await setting.checkpoint({ phase: "estimating harm", done, total: asked.length });
    takers.push(judgeTaker(setting, one, prevalenceOf(source as HarmSource, setting.stated)));
  }
  await setting.checkpoint({ phase: "estimating harm", done: asked.length, total: asked.length });
  return { source: source as HarmSource, takers };
}

function judgeTaker({ features, labels, parts, kernels, seed }: HarmSetting, { who, strategy, taker, judged, heldOut }: Asked, prevalence: HarmPrevalence): JudgedTaker {
  const there = judged.filter((part) => parts.part.includes(part));
  const card = { who, strategy, judged: there.map((part) => partNames[part]!), heldOut: heldOut === null ? null : partNames[heldOut]! };
  const none = { ...card, overall: { negative: nothing, positive: nothing }, categories: [] };
  if (taker.kind === "strategy" && !usesUnknown(strategies.find((one) => one.name === strategy)!)) return { ...none, reason: "it gives unknown cells no answer" };
  if (heldOut === null) return { ...none, reason: who === "strategy" ? "no label is known outside the images it was trained on" : "no label is known that it has not seen" };
  const found = pseudoLabelHarm({ features, labels, parts, kernels, seed, taker, heldOut, judged: there, prevalence });
  const unknown = found.every((one) => one.reason === "nothing-unknown");
  if (unknown) return { ...none, reason: `no cell of the ${card.judged.join(" and ")} part is unknown` };
  return { ...card, overall: overallHarm(found), categories: found.map(told), reason: null };
}

/** Without the draws. */
function told({ name, taken, heldOut, source, falseNegative, falsePositive, prevalence, reason }: CategoryHarm): HarmCategory {
  return { name, taken, heldOut, source, falseNegative, falsePositive, prevalence, reason: reason === null ? null : reasons[reason] };
}

const nothing: OverallHarm = { taken: 0, wrong: null };

const reasons: Readonly<Record<NonNullable<CategoryHarm["reason"]>, string>> = {
  "nothing-unknown": "no cell of it is unknown",
  "prevalence-unknown": "nothing tells how common it is among the unknown cells",
  "prevalence-contradicted": "the known labels of the images judged contradict the prevalence stated",
  "none-taken-as-negative": "no unknown cell is taken as negative",
  "none-taken-as-positive": "no unknown cell is taken as positive",
  "no-answers": "no unknown cell is given an answer",
};

function prevalenceOf(source: HarmSource, stated: readonly (number | null)[]): HarmPrevalence {
  return source === "given" ? { kind: "given", shares: Float64Array.from(stated, (share) => share ?? Number.NaN), otherwise: "known-at-random" } : { kind: source };
}

/** The first of the parts in which a label is known. */
function firstWithKnown({ labels: { rowStart, value }, parts }: HarmSetting, wanted: readonly number[]): number | null {
  const known = (row: number): boolean => value.subarray(rowStart[row], rowStart[row + 1]).some((one) => one !== UNCERTAIN);
  return wanted.find((part) => parts.part.some((own, row) => own === part && known(row))) ?? null;
}
