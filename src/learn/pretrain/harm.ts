import { CatwiseError, expected } from "../../errors.ts";
import { quantile, type Kernels } from "../../math/index.ts";
import { FIT, POSITIVE, SELECTION, UNCERTAIN, type PartialLabels, type Parts } from "../../labels/index.ts";
import { imageScores, rawMatrix, type FeatureMatrix } from "../features.ts";
import type { Features, Head } from "../types.ts";
import { estimateHarm, type Estimate, type HarmCounts, type PrevalenceCounts, type Taken, type WrongDraws } from "./harm-estimate.ts";
import type { PseudoLabels } from "./pseudo-labels.ts";
import { takenByHead, takenByStrategy, type CategoryTaken } from "./harm-taken.ts";

/** Whose answers for unknown cells are judged. */
export type HarmTaker =
  /** A strategy's, on the images it was trained on; the head it gave places held-out cells among them. */
  | { readonly kind: "strategy"; readonly pseudoLabels: PseudoLabels; readonly head: Head }
  /** A head's, on images it was not trained on: positive where its logit is above the threshold (C, logits; 0 when absent). */
  | { readonly kind: "head"; readonly head: Head; readonly thresholds?: Float64Array };

/** How the share of positives among unknown cells is come by: taken from the known ones, given, or estimated. */
export type HarmPrevalence =
  | { readonly kind: "known-at-random" }
  /** (C): share of positives among all cells of the category; NaN where it is not known: such a category has no estimate, or that of `otherwise`. */
  | { readonly kind: "given"; readonly shares: Float64Array; readonly otherwise?: "known-at-random" }
  /** From the answers of the taker's head, corrected by how often it errs on held-out known cells. */
  | { readonly kind: "adjusted-count" };

/** Whose answers are judged, and by what. */
export interface HarmInput {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly kernels: Kernels;
  readonly taker: HarmTaker;
  /** The part whose known cells the taker's head has not seen. Default SELECTION; REPORT for a head that was fitted on selection cells too. */
  readonly heldOut?: number;
  /**
   * Parts whose unknown cells are judged, where the taker is a head; default the held-out one. A tuned head may be judged on the unknown selection cells beside the report ones: it was
   * fitted on known cells of those images and has seen none of the unknown ones.
   */
  readonly judged?: readonly number[];
  /** Default known-at-random. */
  readonly prevalence?: HarmPrevalence;
  /** Of the intervals. Default .95. */
  readonly coverage?: number;
  readonly seed: number;
}

/** What the answers for one category's unknown cells are estimated to have got wrong. */
export interface CategoryHarm {
  readonly name: string;
  /** The unknown cells judged, by what they are taken for. */
  readonly taken: Taken;
  /** Held-out known cells the estimate rests on. */
  readonly heldOut: { readonly positive: number; readonly negative: number };
  /** Of the cells taken as negative, the share estimated to be positive; null with a reason. */
  readonly falseNegative: Estimate | null;
  /** Of the cells taken as positive, the share estimated to be negative; null with a reason. */
  readonly falsePositive: Estimate | null;
  /** The estimated share of positives among the unknown cells. */
  readonly prevalence: Estimate | null;
  /** How that share was come by. */
  readonly source: HarmPrevalence["kind"];
  /** Draws of how many of the cells taken are wrong (see overallHarm); null where nothing is estimated. */
  readonly wrong: WrongDraws | null;
  /** Why rates are null: no unknown cell; no cell to tell the prevalence from; the known cells themselves are not of the prevalence given; none of the kind taken (then only that rate is null). */
  readonly reason: "nothing-unknown" | "prevalence-unknown" | "prevalence-contradicted" | "none-taken-as-negative" | "none-taken-as-positive" | "no-answers" | null;
}

/**
 * Estimates for each category how many of the answers a strategy, or a head at its threshold, gives for unknown cells are wrong. Definitions, assumptions and limits:
 * docs/methods/pseudo-label-harm.md. Uncertain cells count as unknown. Deterministic by the seed and the categories' names.
 *
 * Errors: labels.count-mismatch, head.width-mismatch, head.category-mismatch, usage.invalid-value.
 */
export function pseudoLabelHarm(input: HarmInput): CategoryHarm[] {
  validate(input);
  const { labels, parts, taker, heldOut = SELECTION, prevalence = { kind: "known-at-random" }, coverage = 0.95, seed } = input;
  const heldOutRows = rowsOfParts(parts, [heldOut]);
  const judgedRows = taker.kind === "strategy" ? taker.pseudoLabels.rows : rowsOfParts(parts, input.judged ?? [heldOut]);
  const known = countKnown(labels, [...new Set([...rowsOfParts(parts, [FIT, heldOut]), ...judgedRows])]);
  const judged = prevalence.kind === "given" ? countWhereUnknown(labels, parts, judgedRows) : null;
  const taken = takenByCategory(input, judgedRows, heldOutRows, prevalence.kind === "adjusted-count");
  return labels.categories.map((name, c): CategoryHarm => {
    const { unknown, held, called } = taken[c];
    const kind = prevalence.kind === "given" && Number.isNaN(prevalence.shares[c]) ? (prevalence.otherwise ?? "given") : prevalence.kind;
    const card = { name, taken: unknown, heldOut: { positive: Math.round(total(held.positive)), negative: Math.round(total(held.negative)) }, source: kind };
    const nothing = { ...card, falseNegative: null, falsePositive: null, prevalence: null, wrong: null };
    if (total(unknown) === 0) return { ...nothing, reason: "nothing-unknown" };
    const source = prevalenceCounts(prevalence, c, { known, judged, unknown: total(unknown), called });
    if (source === null) return { ...nothing, reason: "prevalence-unknown" };
    if (source.kind === "given" && contradicted(source)) return { ...nothing, reason: "prevalence-contradicted" };
    const counts: HarmCounts = { unknown, heldOut: held, prevalence: source };
    const { falseNegative, falsePositive, prevalence: share, wrong } = estimateHarm(counts, { coverage, seed: `${seed}\u0000${name}` });
    return { ...card, falseNegative, falsePositive, prevalence: share, wrong, reason: reasonOf(unknown) };
  });
}

/** All categories together: cells taken, and how many of them are wrong. */
export interface OverallHarm {
  readonly taken: number;
  /** Cells; null where none was taken. */
  readonly wrong: Estimate | null;
}

/**
 * The sums over the categories that have an estimate, by what cells are taken for. The interval takes the categories' draws as independent: what they share (images, a wrong assumption)
 * is not in it.
 */
export function overallHarm(categories: readonly CategoryHarm[], coverage = 0.95): Readonly<Record<"negative" | "positive", OverallHarm>> {
  const sum = (side: "negative" | "positive"): OverallHarm => {
    const judged = categories.filter((one) => one.wrong !== null && one.taken[side] > 0);
    const taken = judged.reduce((cells, one) => cells + one.taken[side], 0);
    if (taken === 0) return { taken, wrong: null };
    const draws = judged[0].wrong![side].map((_, draw) => judged.reduce((cells, one) => cells + one.wrong![side][draw], 0));
    return { taken, wrong: { value: quantile(draws, 0.5), low: quantile(draws, (1 - coverage) / 2), high: quantile(draws, (1 + coverage) / 2) } };
  };
  return { negative: sum("negative"), positive: sum("positive") };
}

interface Known {
  readonly positive: Uint32Array;
  readonly negative: Uint32Array;
}

interface KnownAmong extends Known {
  /** (C): images counted. */
  readonly images: Uint32Array;
}

interface PrevalenceSetting {
  readonly known: Known;
  /** Null unless the prevalence is given. */
  readonly judged: KnownAmong | null;
  readonly unknown: number;
  readonly called: CategoryTaken["called"];
}

function prevalenceCounts(prevalence: HarmPrevalence, c: number, { known, judged, unknown, called }: PrevalenceSetting): PrevalenceCounts | null {
  const share = prevalence.kind === "given" ? prevalence.shares[c] : 0;
  if (prevalence.kind === "known-at-random" || (prevalence.kind === "given" && Number.isNaN(share) && prevalence.otherwise !== undefined)) {
    const [positive, negative] = [known.positive[c], known.negative[c]];
    return positive + negative === 0 ? null : { kind: "known-at-random", positive, negative };
  }
  if (prevalence.kind === "given") {
    return Number.isNaN(share) || judged === null ? null : { kind: "given", share, cells: judged.images[c], known: judged.positive[c] + judged.negative[c], positive: judged.positive[c] };
  }
  if (called === null || called.heldOut?.positive === 0 || called.heldOut?.negative === 0) return null;
  return { kind: "adjusted-count", unknown, called: called.unknown, heldOut: called.heldOut };
}

function takenByCategory(input: HarmInput, judgedRows: Uint32Array, heldOutRows: Uint32Array, needsCalls: boolean): CategoryTaken[] {
  const { labels, taker } = input;
  const C = labels.categories.length;
  // What every unknown cell is taken for alike needs no scores, unless they are to tell the prevalence.
  if (taker.kind === "strategy" && "every" in taker.pseudoLabels && !needsCalls) return takenByStrategy(labels, taker.pseudoLabels, heldOutRows, null, 0, C);
  if (taker.kind === "head") return takenFromHead(input, taker, judgedRows, heldOutRows);
  const [heldOut, judged] = [new HeadScores(input, heldOutRows), new HeadScores(input, judgedRows)];
  const taken: CategoryTaken[] = [];
  for (let from = 0; from < C; from += headsAtOnce) {
    const to = Math.min(C, from + headsAtOnce);
    taken.push(...takenByStrategy(labels, taker.pseudoLabels, heldOutRows, { judged: judged.of(from, to), heldOut: heldOut.of(from, to) }, from, to));
  }
  heldOut.dispose();
  judged.dispose();
  return taken;
}

function takenFromHead(input: HarmInput, { thresholds }: HarmTaker & { kind: "head" }, judged: Uint32Array, heldOut: Uint32Array): CategoryTaken[] {
  const rows = Uint32Array.from(new Set([...judged, ...heldOut])).sort();
  const flags = (some: Uint32Array): Uint8Array => {
    const inside = new Set(some);
    return Uint8Array.from(rows, (row) => Number(inside.has(row)));
  };
  const headRows = { rows, judged: flags(judged), heldOut: flags(heldOut) };
  const scores = new HeadScores(input, rows);
  const C = input.labels.categories.length;
  const taken: CategoryTaken[] = [];
  for (let from = 0; from < C; from += headsAtOnce) {
    const to = Math.min(C, from + headsAtOnce);
    taken.push(...takenByHead(input.labels, headRows, scores.of(from, to), from, to, thresholds));
  }
  scores.dispose();
  return taken;
}

/** Scores are held for so many categories at a time. */
const headsAtOnce = 16;

/** Logits of some images under the taker's head. */
class HeadScores {
  private readonly matrix: FeatureMatrix;
  private readonly places: Uint32Array;
  private readonly input: HarmInput;

  constructor(input: HarmInput, rows: Uint32Array) {
    this.input = input;
    this.matrix = rawMatrix(input.kernels, input.features, rows);
    this.places = Uint32Array.from(rows.keys());
  }

  /** (rows x (to - from)). */
  of(from: number, to: number): Float32Array {
    const { head } = this.input.taker;
    const D = head.columns;
    return imageScores(this.input.kernels, this.matrix, Float64Array.from(head.weight.subarray(from * D, to * D)), Float64Array.from(head.bias.subarray(from, to)), this.places, from);
  }

  dispose(): void {
    this.matrix.dispose();
  }
}

function rowsOfParts({ part }: Parts, wanted: readonly number[]): Uint32Array {
  return Uint32Array.from(Array.from(part.keys()).filter((row) => wanted.includes(part[row])));
}

function countKnown({ categories, rowStart, category, value }: PartialLabels, rows: ArrayLike<number>): Known {
  const known = { positive: new Uint32Array(categories.length), negative: new Uint32Array(categories.length) };
  for (let i = 0; i < rows.length; i++) {
    for (let cell = rowStart[rows[i]]; cell < rowStart[rows[i] + 1]; cell++) {
      if (value[cell] !== UNCERTAIN) known[value[cell] === POSITIVE ? "positive" : "negative"][category[cell]] += 1;
    }
  }
  return known;
}

/**
 * Per category the images, and the known cells, of those parts of `rows` in which a cell of it is unknown. A part that is known in full holds no cell to judge: what its own share of positives
 * happens to be says nothing of the unknown cells elsewhere, and a small error of the share given would be multiplied by its size.
 */
function countWhereUnknown(labels: PartialLabels, parts: Parts, rows: Uint32Array): KnownAmong {
  const C = labels.categories.length;
  const sum = { positive: new Uint32Array(C), negative: new Uint32Array(C), images: new Uint32Array(C) };
  for (const part of new Set(Array.from(rows, (row) => parts.part[row]))) {
    const own = rows.filter((row) => parts.part[row] === part);
    const { positive, negative } = countKnown(labels, own);
    for (let c = 0; c < C; c++) {
      if (positive[c] + negative[c] === own.length) continue;
      sum.positive[c] += positive[c];
      sum.negative[c] += negative[c];
      sum.images[c] += own.length;
    }
  }
  return sum;
}

/** Whether known cells of one class alone are more than four standard deviations above what a random sample of the prevalence given holds of that class in all. */
function contradicted({ share, cells, known, positive }: PrevalenceCounts & { readonly kind: "given" }): boolean {
  const margin = 4 * Math.sqrt(cells * share * (1 - share));
  return positive > cells * share + margin || known - positive > cells * (1 - share) + margin;
}

function total({ negative, positive, none }: Taken): number {
  return negative + positive + none;
}

function reasonOf({ negative, positive }: Taken): CategoryHarm["reason"] {
  if (negative === 0 && positive === 0) return "no-answers";
  if (negative === 0) return "none-taken-as-negative";
  return positive === 0 ? "none-taken-as-positive" : null;
}

function validate({ features, labels, parts, taker, prevalence, coverage = 0.95 }: HarmInput): void {
  const N = labels.imageIds.length;
  const C = labels.categories.length;
  if (features.rows !== N || parts.part.length !== N) {
    throw new CatwiseError("labels.count-mismatch", `Expected features and parts for ${N} labelled images, got ${features.rows} and ${parts.part.length}.`);
  }
  const { head } = taker;
  if (head.columns !== features.columns) throw new CatwiseError("head.width-mismatch", `The head expects ${head.columns} features, the features have ${features.columns}.`);
  if (head.categories.length !== C || head.categories.some((name, c) => name !== labels.categories[c])) {
    throw new CatwiseError("head.category-mismatch", `The head's categories (${head.categories.length}) and the labels' (${C}) differ or stand in another order.`);
  }
  if (!(coverage > 0 && coverage < 1)) throw expected("coverage", "a number in (0, 1)", coverage);
  if (taker.kind === "head" && taker.thresholds !== undefined && taker.thresholds.length !== C) throw expected("thresholds", `${C} logits`, taker.thresholds.length);
  if (prevalence?.kind !== "given") return;
  if (prevalence.shares.length !== C) throw expected("shares", `${C} shares, one for each category`, prevalence.shares.length);
  const wrong = prevalence.shares.find((share) => share < 0 || share > 1);
  if (wrong !== undefined) throw expected("shares", "shares in [0, 1], or NaN", wrong);
}
