/** What further labels are worth: how well each category would do with more of them, from how it does with fewer (METHOD 8). */
import { expected } from "../../errors.ts";
import { REPORT } from "../../labels/index.ts";
import { bootstrapReplicates, inScope, type Multiplicity, type Replicates, type ScoredLabels } from "../../math/index.ts";
import { countClasses, knownCellsIn, rowsOf, type KnownCells } from "../cells.ts";
import { requireCategories } from "../features.ts";
import { groupNames } from "../groups.ts";
import { knownLogits } from "../evaluate/index.ts";
import type { Checkpoint, TuneInput } from "../types.ts";
import { expectedGains } from "./expected-gains.ts";
import { shares, subsets } from "./quarters.ts";
import { meansOf, type Readings } from "./readings.ts";
import { quarteredCells, refitHeads } from "./refits.ts";

/**
 * What a head is judged by: the scored cells (n) of a category are taken once, to be read many times, each time with how often every cell counts. Higher is better, 1 the best there is; NaN where it is undefined. It must hang on the
 * order of the scores alone.
 */
export type CurveMeasure = (category: number, cells: ScoredLabels) => (times: Multiplicity) => number;

/** Features, labels and parts as for `tune`, with the base that was tuned. */
export interface LearningCurveInput extends Pick<TuneInput, "features" | "labels" | "parts" | "base" | "kernels" | "baseStrategy" | "softTargets" | "guide"> {
  /** kappa of METHOD 4.2.2: the strength the heads were tuned with. */
  readonly strength: number;
  /** Selection cells were kept out of fitting. Default false. */
  readonly fitOnly?: boolean;
  readonly measure: CurveMeasure;
  /** Names of the categories a curve is wanted of; all when absent. */
  readonly only?: readonly string[];
  /** How many times as many labels as now, each above 1 and at most `mostGrowth`. Default 1.5, 2, 3, 4. */
  readonly growths?: readonly number[];
  /** Bootstrap draws of the report images, 50 or more. Default 400. */
  readonly repeats?: number;
  readonly seed: number;
  readonly checkpoint?: Checkpoint;
}

/** What is expected of `growth` times as many labels; gains in units of the measure. */
export interface ExpectedGain {
  readonly growth: number;
  /** Positives to learn from beyond those there are. */
  readonly furtherPositives: number;
  /** The median, and the central 95 % interval of what will be gained. */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  /** For what is picked out because its 95 % looked good, which the median and the 95 % flatter: the lower quartile, and the central 99 % (docs/decisions/0095). */
  readonly picked: { readonly gain: number; readonly low: number; readonly high: number };
}

/** Why nothing is said of a category. */
export type NoCurve = "not-asked-for" | "few-to-learn-from" | "few-to-judge-on" | "undefined";

/** The learning curve of one category. */
export interface LearningCurve {
  readonly category: string;
  /** null: there is a curve. */
  readonly reason: NoCurve | null;
  /** Known cells that heads are fitted to, and those they are judged on. */
  readonly learnt: { readonly positive: number; readonly negative: number };
  readonly judged: { readonly positive: number; readonly negative: number };
  /** The mean measure at each share of the cells, ascending; the last is all of them. Empty without a curve. */
  readonly points: readonly { readonly share: number; readonly value: number }[];
  /** In the order of the growths; empty without a curve. */
  readonly gains: readonly ExpectedGain[];
}

/** Fewer positives, or negatives, than this give quarters that teach nothing, and a measure that is mostly chance. */
export const fewestForACurve = 20;
/** No curve is followed further than to so many times as many labels as there are. */
export const mostGrowth = 4;

const usualGrowths: readonly number[] = [1.5, 2, 3, 4];
const usualRepeats = 400;
const fewestRepeats = 50;

/**
 * A learning curve for every category (C): heads refitted on quarters, halves, three quarters and all of the known cells of the fit and selection part (13 refits, each of all categories in lockstep), judged on the known cells of the report part, which no head has seen.
 *
 * A power law goes through the means of the shares, bending as all categories together bend, and is followed beyond them, with an interval that holds what is not known: the images to judge on, how the curve bends, and which labels come next (expected-gains.ts). Categories tell on each other, as they do where tuning is
 * accepted; of one alone there is often too little to say anything.
 *
 * Nothing is said with under 20 positives or negatives to learn from or to judge on. Deterministic by the seed, which groups' and categories' names are hashed with: neither threads nor the order of the images change a curve. Errors: usage.invalid-value for growths and repeats out of range; those of the features; split.empty-part; what `checkpoint` throws.
 */
export async function learningCurves(input: LearningCurveInput): Promise<LearningCurve[]> {
  const { labels, parts, features, measure, only, growths = usualGrowths, repeats = usualRepeats, seed, fitOnly = false } = input;
  checkGrowths(growths);
  if (!(repeats >= fewestRepeats)) throw expected("repeats", `${fewestRepeats} or more`, repeats);
  requireCategories(features, labels.categories.length);
  const quartered = quarteredCells({ labels, parts, fitOnly, seed });
  const judgedRows = rowsOf(parts, [REPORT]);
  const judgedCells = knownCellsIn(labels, parts, [REPORT], judgedRows);
  const counted = labels.categories.map((category, c) => {
    const [learnt, judged] = [countClasses(quartered.cells, c), countClasses(judgedCells, c)];
    return { category, learnt, judged, reason: reasonOf(only?.includes(category) ?? true, learnt, judged) };
  });
  const wanted = Uint8Array.from(counted, ({ reason }) => (reason === null ? 1 : 0));
  const silent = { points: [], gains: [] };
  if (!wanted.includes(1)) return counted.map((one) => ({ ...one, ...silent }));
  const logits = await inScope(input.kernels, async (kernels) => {
    const pause = async (done: number): Promise<void> => input.checkpoint?.({ phase: "learning curve", done, total: subsets.length });
    const heads = await refitHeads({ ...input, kernels, fitOnly, pause }, quartered, wanted);
    await pause(subsets.length);
    return knownLogits({ ...input, kernels, part: REPORT }, heads).logits;
  });
  const names = groupNames(labels, parts);
  const draws = bootstrapReplicates(Array.from(judgedRows.rows, (image) => names[image]), repeats, seed);
  const readings = counted.map(({ category, learnt }, c) => (wanted[c] === 1 ? readCategory({ c, category, positives: learnt.positive }, { measure, cells: judgedCells, logits, draws }) : null));
  const defined = readings.map((one) => (one === null || one.draws.length < repeats / 2 || one.here.some(Number.isNaN) ? null : one));
  // What pooling adds up must not hang on the order of the categories.
  const pooled = defined.filter((one) => one !== null).toSorted((one, other) => (one.category < other.category ? -1 : 1));
  const expectations = new Map(expectedGains(pooled, growths, { seed, highest: 1 }).map((one, at) => [pooled[at].category, one]));
  return counted.map((one, c) => {
    const expectation = expectations.get(one.category);
    if (expectation === undefined) return { ...one, reason: one.reason ?? "undefined", ...silent };
    const means = meansOf(defined[c]!.here);
    const gains = growths.map((growth, at) => ({ growth, furtherPositives: Math.ceil(one.learnt.positive * (growth - 1)), ...expectation.gains[at] }));
    return { ...one, points: shares.map((share, at) => ({ share, value: means[at] })), gains };
  });
}

function checkGrowths(growths: readonly number[]): void {
  for (const growth of growths) if (!(growth > 1 && growth <= mostGrowth)) throw expected("growths", `numbers above 1 and at most ${mostGrowth}, as no curve is followed further`, growth);
}

function reasonOf(asked: boolean, learnt: LearningCurve["learnt"], judged: LearningCurve["judged"]): NoCurve | null {
  if (!asked) return "not-asked-for";
  if (Math.min(learnt.positive, learnt.negative) < fewestForACurve) return "few-to-learn-from";
  return Math.min(judged.positive, judged.negative) < fewestForACurve ? "few-to-judge-on" : null;
}

function readCategory({ c, ...named }: { readonly c: number; readonly category: string; readonly positives: number }, { measure, cells, logits, draws }: { readonly measure: CurveMeasure; readonly cells: KnownCells; readonly logits: readonly Float32Array[]; readonly draws: Replicates }): Readings {
  const [from, to] = [cells.start[c], cells.start[c + 1]];
  const [labels, rows] = [cells.positive.slice(from, to), cells.row.subarray(from, to)];
  const readers = logits.map((of) => measure(c, { scores: of.slice(from, to), positives: labels }));
  const read = (times: Multiplicity): number[] => readers.map((reader) => reader(times));
  const replicates = Array.from({ length: draws.count }, (_, r) => read((cell) => draws.multiplicity[rows[cell] * draws.count + r]));
  return { ...named, here: read(() => 1), draws: replicates.filter((values) => !values.some(Number.isNaN)) };
}
