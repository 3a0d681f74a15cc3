/**
 * Improving: a head for every category, from the answers people gave. A category whose layer came with a model is tuned from that layer; any other from one trained here, by which unknown cells count as negative
 * (what `tune` then makes good on the known ones). Pure: features and labels in, head and story out.
 */
import { CatwiseError } from "../../errors.ts";
import { FIT, SELECTION, alignToCategories, categoryCells, knownCounts, type PartialLabels, type Parts } from "../../labels/index.ts";
import { chooseThresholds, pretrain, tune, type Checkpoint, type Features, type Head, type HeldOutScores, type TuneResult, type TuneWarning } from "../../learn/index.ts";
import type { Kernels } from "../../math/index.ts";
import { tradeoffPoints, type TradeoffPoint } from "../compare/tradeoff.ts";
import { outcomeOf, type CategoryOutcome } from "./outcome.ts";
import { taughtAbsent, type TaughtAbsent } from "./taught-absent.ts";

/** The stage-1 strategy of bases made here: what `pretrain` does unless told otherwise. */
export const baseStrategy = "assume-negative";

export interface ImproveRequest {
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** N x D, row i the features of labels.imageIds[i]. */
  readonly features: Features;
  /** The classification layer that came with a model, its rows named by the categories they were matched to; null: none came. Only rows named by a category of the labels are used. */
  readonly own: Head | null;
  /** Names of the categories to improve; null: all. The others keep their base. */
  readonly only: readonly string[] | null;
  /** Names that matter most: finished first. */
  readonly priority: readonly string[];
  /** By category: the share of all pictures that show it, in (0, 1), where people said it. Probabilities are then meant for all pictures, not for those that were labelled (METHOD 5). */
  readonly prevalence?: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly kernels: Kernels;
  readonly checkpoint: Checkpoint;
  /** Asked before each category is finished; false: what is finished is kept, the others keep their base. */
  readonly more: () => boolean;
  /** Told of categories whose new head is finished, while others are still being worked on; `told` tells them again, with the reason. */
  readonly finished?: (names: readonly string[]) => void;
  /** Told as each category's outcome is known. */
  readonly told?: (outcome: CategoryOutcome) => void | Promise<void>;
}

/** A category's place in a version. */
export interface ImprovedCategory extends CategoryOutcome {
  /** Where its base came from. */
  readonly base: "own" | "made-here";
  /** False where nothing was there to learn from: the head says nothing of it. */
  readonly usable: boolean;
  /** Yes where the logit is at least this: where misses of 100 and false alarms of 100 are fewest together, on held-out scores; 0 (a probability of one half) where there are none, or where no threshold is better than always saying no. */
  readonly threshold: number;
  readonly thresholdFrom: HeldOutScores["source"] | "one-half";
  readonly strength: number | null;
  /** P(gain > 0) after pooling; null where it could not be judged. */
  readonly probability: number | null;
  /** What its base, made here, was taught wrongly; null where it came with a model, or cannot be told. */
  readonly taughtAbsent: TaughtAbsent | null;
  /** What other thresholds would cost, on held-out scores; empty where there are none. */
  readonly tradeoff: readonly TradeoffPoint[];
  /** Known cells they were counted on, with the category and without it. Absent in versions that were made before it was kept. */
  readonly counted?: { readonly with: number; readonly without: number };
}

export interface Improved {
  readonly head: Head;
  /** (C) */
  readonly categories: readonly ImprovedCategory[];
  readonly warnings: readonly TuneWarning[];
  /** What was tuned together. */
  readonly runs: readonly ImprovedRun[];
}

/** Categories with one kind of base, the base itself, and the strength (kappa) they were tuned with. */
export interface ImprovedRun {
  readonly names: readonly string[];
  readonly base: Head;
  readonly madeHere: boolean;
  readonly strength: number;
}

/**
 * Improves what can be. With few answers that is little, and every category says why. Errors: tune.nothing-eligible where no category has a yes and a no in the fit part; split.empty-part; what `checkpoint` throws (then nothing was finished).
 */
export async function improve(request: ImproveRequest): Promise<Improved> {
  const { labels, own } = request;
  const known = knownCounts(labels);
  if (!labels.categories.some((_, c) => known.positive[c]! > 0 && known.negative[c]! > 0)) {
    throw new CatwiseError("tune.nothing-eligible", "no category has both a yes and a no among the answers.", { remedy: "Answer more pictures, yes and no." });
  }
  const matched = labels.categories.filter((name) => own?.categories.includes(name) === true);
  const others = labels.categories.filter((name) => !matched.includes(name));
  const runs: Run[] = [];
  if (matched.length > 0) runs.push({ names: matched, base: rowsOf(own!, matched), madeHere: false, learned: null, taught: null });
  if (others.length > 0) runs.push(await makeBase(request, others));
  const results: { run: Run; result: TuneResult; improved: ImprovedCategory[] }[] = [];
  for (const run of runs) {
    const result = await tuneRun(request, run);
    results.push({ run, result, improved: await categoriesOf(request, run, result) });
  }
  return {
    head: assemble(labels.categories, results.map(({ result }) => result.head)),
    categories: labels.categories.map((name) => results.flatMap(({ improved }) => improved).find(({ category }) => category === name)!),
    warnings: results.flatMap(({ result }) => result.warnings),
    runs: results.map(({ run: { names, base, madeHere }, result: { pooled } }) => ({ names, base, madeHere, strength: pooled!.kappas[pooled!.chosenIndex]! })),
  };
}

/** Categories with one kind of base, tuned together. */
interface Run {
  readonly names: readonly string[];
  readonly base: Head;
  readonly madeHere: boolean;
  /** Names the base was trained for; null: all, it came with the model. */
  readonly learned: ReadonlySet<string> | null;
  /** By category of `names`; null: it came with the model. */
  readonly taught: readonly (TaughtAbsent | null)[] | null;
}

async function makeBase(request: ImproveRequest, names: readonly string[]): Promise<Run> {
  const labels = alignToCategories(request.labels, names);
  const made = await pretrain({ ...request, labels, strategy: baseStrategy });
  const known = categoryCells(labels, request.parts, [FIT]);
  const learned = new Set(names.filter((_, c) => new Set(known.positive.subarray(known.start[c], known.start[c + 1])).size === 2));
  return { names, base: made.head, madeHere: true, learned, taught: taughtAbsent({ ...request, labels, made, prevalence: request.prevalence ?? {} }) };
}

async function tuneRun({ labels, parts, features, only, prevalence = {}, seed, kernels, checkpoint, more, finished, priority }: ImproveRequest, { names, base, madeHere }: Run): Promise<TuneResult> {
  const wanted = only === null ? null : names.filter((name) => only.includes(name));
  const stated = Object.fromEntries(names.flatMap((name) => (prevalence[name] === undefined ? [] : [[name, prevalence[name]]])));
  const options = { method: "auto", metric: "ap", fitOnly: false, strict: false, seed, prevalence: stated, ...(wanted === null ? {} : { only: wanted }) } as const;
  return tune({ features, labels: alignToCategories(labels, names), parts, base, kernels, options, checkpoint, finish: { order: priority, more, ...(finished === undefined ? {} : { done: finished }) }, ...(madeHere ? { baseStrategy } : {}) });
}

async function categoriesOf({ labels, parts, seed, told }: ImproveRequest, run: Run, result: TuneResult): Promise<ImprovedCategory[]> {
  const own = alignToCategories(labels, run.names);
  const scores = result.heldOut ?? null;
  // A miss costs as much as a false alarm, of as many pictures with the category as without: the largest F1 would say yes to everything where most labelled pictures show it.
  const chosen = chooseThresholds({ labels: own, parts, scores, targets: run.names.map(() => ({ kind: "cost", value: 1 })), prevalence: run.names.map(() => 0.5), seed });
  const improved: ImprovedCategory[] = [];
  for (const [c, story] of result.categories.entries()) {
    const threshold = chosen[c]!.threshold;
    const outcome = outcomeOf(story, partsOf(own, parts, c));
    improved.push({
      ...outcome,
      base: run.madeHere ? "made-here" : "own",
      usable: run.learned?.has(story.name) ?? true,
      threshold: threshold ?? 0,
      thresholdFrom: threshold === null ? "one-half" : scores!.source,
      strength: story.strength,
      probability: story.evidence?.probability ?? null,
      taughtAbsent: run.taught?.[c] ?? null,
      ...(scores === null ? { tradeoff: [] } : tradeoffOf(scores, parts, c)),
    });
    await told?.(outcome);
  }
  return improved;
}

function tradeoffOf(scores: HeldOutScores, parts: Parts, c: number): Required<Pick<ImprovedCategory, "tradeoff" | "counted">> {
  const [from, to] = [scores.start[c]!, scores.start[c + 1]!];
  const positives = scores.positive.slice(from, to);
  const yes = positives.reduce((sum, one) => sum + one, 0);
  const groups = Array.from(scores.image.subarray(from, to), (image) => parts.group[image]!);
  return { tradeoff: tradeoffPoints({ scores: scores.logit.slice(from, to), positives }, groups), counted: { with: yes, without: positives.length - yes } };
}

/** Answered cells of a category by part, for reasons that say what is missing and where. */
function partsOf(labels: PartialLabels, parts: Parts, c: number): { readonly fit: number; readonly selection: number; readonly all: number } {
  let [fit, selection, all] = [0, 0, 0];
  labels.imageIds.forEach((_, image) => {
    for (let cell = labels.rowStart[image]!; cell < labels.rowStart[image + 1]!; cell++) {
      if (labels.category[cell] !== c) continue;
      all += 1;
      if (parts.part[image] === FIT) fit += 1;
      else if (parts.part[image] === SELECTION) selection += 1;
    }
  });
  return { fit, selection, all };
}

/** Rows of a head by name, in the order of the names. */
function rowsOf(head: Head, names: readonly string[]): Head {
  const D = head.columns;
  const weight = new Float32Array(names.length * D);
  const bias = new Float32Array(names.length);
  names.forEach((name, c) => {
    const at = head.categories.indexOf(name);
    weight.set(head.weight.subarray(at * D, (at + 1) * D), c * D);
    bias[c] = head.bias[at]!;
  });
  return { categories: names, columns: D, weight, bias };
}

/** One head of the rows of several, in the order of the names. */
function assemble(names: readonly string[], heads: readonly Head[]): Head {
  const columns = heads[0]!.columns;
  const all = { categories: heads.flatMap((head) => head.categories), columns, weight: new Float32Array(names.length * columns), bias: new Float32Array(names.length) };
  let at = 0;
  for (const head of heads) {
    all.weight.set(head.weight, at * columns);
    all.bias.set(head.bias, at);
    at += head.categories.length;
  }
  return rowsOf(all, names);
}
