/** What may be said of a category, and how many answers would let more be said (APP 6). */
import { twentyOf, quantileOf, type Gain } from "./gain.ts";

export type Verdict = "better" | "probably" | "none" | "worse" | "few";

/** What the gain comes to, of 100. */
export interface Judged {
  readonly verdict: Verdict;
  /** 20 equally likely values, ascending; null where there are too few positives to count of 100. */
  readonly quantiles: readonly number[] | null;
  /** 95 % sure of at least this: the 5th percentile. */
  readonly atLeast: number | null;
  /** 95 %. */
  readonly range: readonly [number, number] | null;
}

/** Fewer pictures that show the category than this in the report part are told as they are, never of 100 (METHOD 6). */
export const fewestPositives = 20;
/** What keeps a verdict from being said, and about how many pictures a person must answer for it to be there. yes: pictures that show the category; no: pictures that do not; groups: pictures of parts (or persons) that are not among those checked. */
export interface Lack {
  readonly kind: "yes" | "no" | "groups";
  readonly answers: number;
}

/** Fewer images (groups) than this are too few to draw among: every replicate is nearly the same. */
const fewestToDraw = 10;

/**
 * few: under 20 positives, no negative, or fewer than 10 groups to draw among. Else better: the 5th percentile is 1 of 100 or more. worse: the 95th percentile is under 0. probably: at least 16 of the 20
 * values are over 0. none: anything else.
 */
export function judge(gain: Pick<Gain, "positives" | "negatives" | "replicates">, groups: number): Judged {
  const { positives, negatives, replicates } = gain;
  if (positives < fewestPositives || negatives === 0 || groups < fewestToDraw || replicates.length < 100) return { verdict: "few", quantiles: null, atLeast: null, range: null };
  const of100 = replicates.map((value) => 100 * value);
  const quantiles = twentyOf(of100);
  const atLeast = quantileOf(of100, 0.05);
  const verdict = atLeast >= 1 ? "better" : quantileOf(of100, 0.95) < 0 ? "worse" : quantiles.filter((value) => value > 0).length >= 16 ? "probably" : "none";
  return { verdict, quantiles, atLeast, range: [quantileOf(of100, 0.025), quantileOf(of100, 0.975)] };
}

/** 95 % sure, on one side. */
const z95 = 1.6448536269514722;
/** A difference this small (of 1) is not looked for: where even it would have been seen, "no difference" is the answer. */
const smallestOfInterest = 0.05;
/** With few positives the gain seen is mostly luck: nothing under this is hoped for. */
const hopedFor = 0.1;
/** More than this many answers is no advice. */
const mostAdvised = 100_000;

/** What the estimate of further labels goes by. */
export interface SettleRequest {
  readonly verdict: Verdict;
  readonly positives: number;
  readonly gain: number;
  /** Standard deviation of the gain over the replicates. */
  readonly deviation: number;
  /** Positives found by one of the heads alone; for the case of few, where the replicates say too little. */
  readonly differing: number;
  /** Share of answered pictures that land in the report part: a picture a person labels may not be one that the check can use. */
  readonly reportShare: number;
}

/**
 * What is missing where too little is known to say more (verdict few): 20 pictures that show the category in the report part, then 10 that do not, then 10 groups to draw among; in pictures to answer, as with `moreYes`. null
 * for every other verdict.
 */
export function lackOf({ verdict, positives, negatives, groups, reportShare }: Pick<SettleRequest, "verdict" | "positives" | "reportShare"> & { readonly negatives: number; readonly groups: number }): Lack | null {
  if (verdict !== "few") return null;
  const answers = (needed: number): number => Math.ceil(Math.max(1, needed) / shareOf(reportShare));
  if (positives < fewestPositives) return { kind: "yes", answers: answers(fewestPositives - positives) };
  if (negatives === 0) return { kind: "no", answers: answers(fewestToDraw) };
  return { kind: "groups", answers: answers(fewestToDraw - groups) };
}

function shareOf(reportShare: number): number {
  return Math.min(1, Math.max(0.05, reportShare));
}

/**
 * How many more pictures that show the category a person must label for the verdict to be settled; null where it is, or where more of them do not settle it (`lackOf` then says what would).
 *
 * With n report positives now, n' are needed for the 5th percentile to pass 0 at a gain of g: n' = n (z s / g)^2, as a standard deviation s falls with the root of n; where positives are few,
 * s^2 = (q - g^2) / n with q = (differing + 1) / (n + 2), and n' is 20 at least. g: the gain seen, not under .05 (few: .10). Answer: (n' - n) / reportShare, rounded up.
 */
export function moreYes({ verdict, positives: n, gain, deviation, differing, reportShare }: SettleRequest): number | null {
  if (verdict === "better" || verdict === "worse") return null;
  const few = verdict === "few";
  const g = Math.max(Math.abs(Number.isFinite(gain) ? gain : 0), few ? hopedFor : smallestOfInterest);
  const variance = few ? Math.max(0, (differing + 1) / (n + 2) - g * g) : n * deviation * deviation;
  const needed = Math.max(fewestPositives, Math.ceil((z95 * z95 * variance) / (g * g)));
  if (needed <= n) return null;
  const answers = Math.ceil((needed - n) / shareOf(reportShare));
  return answers > mostAdvised ? null : answers;
}
