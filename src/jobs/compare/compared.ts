/** What is told of one category under two versions. */
import type { TaughtAbsent } from "../improve/taught-absent.ts";
import type { Told } from "../told.ts";
import type { Worth } from "../worth/further-labels.ts";
import type { Calibration } from "./calibration.ts";
import type { Lack, Verdict } from "./verdict.ts";

/** A picture whose answer is another. */
export interface ChangedPicture {
  readonly picture: string;
  readonly before: boolean;
  readonly after: boolean;
  readonly answer: "yes" | "no";
}

/** One category under both versions, on the same report cells. Counts of 100 and their ranges are of the pictures that show it. */
export interface CategoryCompared {
  readonly category: string;
  readonly verdict: Verdict | "kept" | "skipped";
  readonly before: { readonly found: number; readonly of: number } | null;
  readonly after: { readonly found: number; readonly of: number } | null;
  /** Pictures without it, and how many of them both versions may call yes at most: the number of false alarms they are compared at. */
  readonly without: number;
  readonly alarms: number;
  readonly quantiles: readonly number[] | null;
  readonly atLeast: number | null;
  readonly range: readonly [number, number] | null;
  readonly fixed: number;
  readonly spoilt: number;
  readonly moreYes: number | null;
  /** What is missing where the verdict is few; null else. */
  readonly lacks: Lack | null;
  /** Yes where the probability is at least this, before and after; null where there is no head. */
  readonly thresholds: readonly [number | null, number | null];
  readonly calibration: Calibration;
  /** Of the later version's base. */
  readonly taughtAbsent: TaughtAbsent | null;
  /** What further answers are worth; null: nothing can be said. Absent in comparisons that were kept before it was told, and of versions that were not compared when they were made. */
  readonly worth?: Worth | null;
  readonly reason: Told | null;
  readonly details: {
    readonly averagePrecision: readonly [number | null, number | null];
    readonly auroc: readonly [number | null, number | null];
    readonly calibrationError: readonly [number | null, number | null];
    readonly strength: number | null;
  };
}
