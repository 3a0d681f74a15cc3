/** What may be said of a category's learning curve: how many more yes should bring how much, or that more answers hardly help (APP 6, labels.worth and limit.features). */
import type { LearningCurve } from "../../learn/index.ts";

/** So many more pictures that show the category are expected to bring so much. It is told because its 95 % range looked good; so the gain is the lower quartile of what is expected, and the range that of 99 %, which hold of what is picked out so (docs/decisions/0095). */
export interface WorthLabelling {
  readonly kind: "worth";
  /** Pictures that show it, to be answered by people: some of them land where nothing learns from them. */
  readonly yes: number;
  /** More found of 100. */
  readonly gain: number;
  readonly range: readonly [number, number];
  /** What answering takes, at the pace and with the share of yes there have been. */
  readonly minutes: number;
}

/** Even `growth` times as many answers would find at most so many more of 100 (the upper end of the 99 % range). */
export interface FeaturesLimit {
  readonly kind: "limit";
  readonly growth: number;
  readonly most: number;
}

/** The learning curve of a category as the app keeps it; counts and gains are of 100. */
export interface Worth {
  /** Pictures that show the category and were learnt from, and those the curve was judged on. */
  readonly learnt: number;
  readonly judged: number;
  /** Found of 100 with a share of the answers (1: all). */
  readonly points: readonly { readonly share: number; readonly found: number }[];
  /** With `growth` times as many answers: so many more yes to give, the gain that is expected, and its 95 % range. */
  readonly gains: readonly { readonly growth: number; readonly yes: number; readonly gain: number; readonly range: readonly [number, number] }[];
  /** The one thing that may be said; null: nothing is sure enough. */
  readonly said: WorthLabelling | FeaturesLimit | null;
}

/** What people have answered of a category. */
export interface Answered {
  /** Pictures that show it, in all parts. */
  readonly yes: number;
  /** What it takes to find and answer so many more yes. */
  readonly minutesFor: (yes: number) => number;
}

/** A gain is told from the number of answers on with which it is at least this (of 100). */
const leastWorth = 1;
/** A category for which even the most answers bring no more than this (of 100) is not helped by them. */
const hardly = 5;
/** Where more than this (of 100) are found there is little left to find, and nothing wrong with the pictures. */
const foundWell = 90;

/**
 * The least growth is told whose gain is 1 of 100 or more at the lower end of its 95 % range. Otherwise, where the range ends at 5 of 100 or under even at the largest growth, and under 90 are found now: that more answers hardly help.
 * Of `answered.yes` pictures that show it only those learnt from count for the curve, so that more must be answered than are needed, in proportion. null without a curve.
 */
export function furtherLabels(curve: LearningCurve, answered: Answered): Worth | null {
  if (curve.reason !== null) return null;
  const learnShare = Math.min(1, curve.learnt.positive / Math.max(1, answered.yes));
  const gains = curve.gains.map(({ growth, furtherPositives, gain, low, high }) => ({ growth, yes: Math.ceil(furtherPositives / learnShare), gain: 100 * gain, range: [100 * low, 100 * high] as const }));
  const points = curve.points.map(({ share, value }) => ({ share, found: 100 * value }));
  return { learnt: curve.learnt.positive, judged: curve.judged.positive, points, gains, said: saidOf(curve, gains, points.at(-1)!.found, answered.minutesFor) };
}

function saidOf(curve: LearningCurve, gains: Worth["gains"], found: number, minutesFor: Answered["minutesFor"]): Worth["said"] {
  const first = gains.findIndex(({ range }) => range[0] >= leastWorth);
  if (first >= 0) {
    const { yes } = gains[first]!;
    const { gain, low, high } = curve.gains[first]!.picked;
    return { kind: "worth", yes, gain: 100 * gain, range: [100 * low, 100 * high], minutes: minutesFor(yes) };
  }
  const last = gains.at(-1);
  return last !== undefined && last.range[1] <= hardly && found < foundWell ? { kind: "limit", growth: last.growth, most: Math.max(0, 100 * curve.gains.at(-1)!.picked.high) } : null;
}

/** What is left of it after more yes were given: so many fewer are needed; nothing is said any more once they are there, or where answers were taken back. */
export function afterMoreYes(worth: Worth, yesThen: number, yesNow: number): Worth {
  const { said } = worth;
  if (said === null || yesNow === yesThen) return worth;
  if (said.kind === "limit") return yesNow < yesThen ? { ...worth, said: null } : worth;
  const left = said.yes - (yesNow - yesThen);
  if (yesNow < yesThen || left <= 0) return { ...worth, said: null };
  return { ...worth, said: { ...said, yes: left, minutes: Math.max(1, Math.ceil((said.minutes * left) / said.yes)) } };
}
