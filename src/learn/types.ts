/**
 * What goes into the method and what comes out: plain data, no file, clock, thread or screen.
 * Everything a person reads (table, JSON, report) is made from these stories.
 */
import type { Kernels } from "../math/index.ts";
import type { PartialLabels, Parts } from "../labels/index.ts";
import type { PretrainStrategy } from "./pretrain/strategy.ts";

/** A linear classification layer: weight (C*D, row-major), bias (C). s_c = weight_c . z + bias_c. */
export interface Head {
  readonly categories: readonly string[];
  readonly columns: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * N x D float32 features, or N x C x D where every category has features of its own (s_c = weight_c . z_c + bias_c); read in blocks of
 * rows so that they need not all be in memory. Row i belongs to labels.imageIds[i].
 */
export interface Features {
  readonly rows: number;
  /** D: what one category sees of one image. */
  readonly columns: number;
  /** C where every category has features of its own, in the order of the labels' categories; absent where all share the image's. */
  readonly categories?: number;
  /** Row-major (count*D), or (count*C*D); may be a view, which the next call may overwrite; must not be written to. */
  block(first: number, count: number): Float32Array;
}

/** How far a phase of the work has come. */
export interface ProgressEvent {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly detail?: string;
}

/** Called often. Awaited, so the caller may let other work run, and may throw to stop; nothing is half-done by that. */
export type Checkpoint = (event: ProgressEvent) => void | Promise<void>;

/** How heads are tuned: the product's own way, or one of the paper's variants. */
export type TuneMethod = "auto" | "bp-bce" | "bp-asl" | "ga" | "greedy";
/** What methods, strengths and acceptance are decided by. */
export type SelectionMetric = "ap" | "auroc";

/**
 * A metric of one's own to tune by. Selection, the bootstrap and acceptance use nothing but `value` and `direction`.
 *
 * Acceptance takes differences of about .01 for small (METHOD 4.2.5), as they are for AP: a metric on another scale should be brought to 0 .. 1 first.
 */
export interface OwnMetric {
  readonly name: string;
  /** Which way is better. */
  readonly direction: "higher" | "lower";
  /**
   * All it sees of the scores: their order, so that any increasing map of all of them leaves it alone; or the values themselves (a threshold,
   * a probability). `auto` scores held-out cells without the intercepts of their folds, which would leak class counts, and so takes "order" alone.
   */
  readonly reads: "order" | "values";
  /**
   * The value on (n) known cells of one category: logits; labels, 1 positive and 0 negative; weights, how often each counts (whole numbers from 0, of a
   * bootstrap replicate), null where each counts once. Called only where a positive and a negative count. NaN where it is undefined. The same
   * arguments must give the same number, and none of them may be changed or kept.
   */
  readonly value: (logits: Float32Array, labels: Uint8Array, weights: Float64Array | null) => number;
}

/** What to tune and how. Nothing here has a hidden default except where it says so. */
export interface TuneOptions {
  readonly method: TuneMethod;
  readonly metric: SelectionMetric | OwnMetric;
  /** auto: keep selection cells out of fitting. */
  readonly fitOnly: boolean;
  /** auto: accept on evidence of gain (P >= .80) instead of rejecting on evidence of harm (P < .35). */
  readonly strict: boolean;
  /** Names of the categories to tune; all when absent. */
  readonly only?: readonly string[];
  readonly seed: number;
  /**
   * A confirmed leak: the base was trained on the selection images too. Nothing measured on them is then believed: `auto` cross-fits where
   * it knows the base's strategy (TuneInput.baseStrategy), selection images joining the fit images unless `fitOnly`; otherwise it uses
   * the default strength for every eligible category, without selection or acceptance, and calls the gain unverified. The paper's
   * variants select as ever, under a warning. Default false.
   */
  readonly selectionSeen?: boolean;
  /**
   * Which cells are known was drawn by lot, cell by cell, whatever their value (as `mask` with a uniform protocol does). Allows the
   * second test for a leak, which would raise false alarms where, say, positives are known more often. Default false.
   */
  readonly missingAtRandom?: boolean;
  /**
   * Which heads to calibrate by Platt scaling: those tuned; kept and skipped ones too, which then no longer keep their bits; or none. When
   * absent, `auto` calibrates those it tunes, and the paper's variants none.
   */
  readonly calibrate?: "all" | "tuned" | "none";
  /** By category: the share of all images that show it, in (0, 1). Shifts the bias of heads whose probabilities were matched to known cells. */
  readonly prevalence?: Readonly<Record<string, number>>;
}

/** Cells of one category by what is known of them. */
export interface KnownCounts {
  readonly positive: number;
  readonly negative: number;
  readonly unknown: number;
}

/** Changed; left alone on the evidence; or not eligible, with a reason in each case. */
export type CategoryStatus = "tuned" | "kept" | "skipped";

/** Why a category ended as it did: a stable code with its parameters; words are made elsewhere. */
export interface Reason {
  readonly code:
    | "accepted"
    | "accepted-pooled"
    | "improved-on-selection"
    | "no-improvement-on-selection"
    | "likely-harm"
    | "not-enough-evidence"
    | "no-positive-in-fit"
    | "no-negative-in-fit"
    | "no-positive-in-selection"
    | "no-negative-in-selection"
    | "not-asked-for"
    | "unverified-default"
    | "not-finished"
    | "best-candidate";
  readonly params: Readonly<Record<string, number | string>>;
}

/** What became of one category, and why. */
export interface CategoryStory {
  readonly name: string;
  readonly status: CategoryStatus;
  readonly reason: Reason;
  /** The method whose head is installed; "base" when kept or skipped. */
  readonly method: string;
  /** auto: kappa = 10^(-k/2) of METHOD 4.2.2; null otherwise. */
  readonly strength: number | null;
  /** Known cells in the whole label matrix. */
  readonly known: KnownCounts;
  /** Known positive / negative cells used to fit, and to select. */
  readonly fit: { readonly positive: number; readonly negative: number };
  readonly selectionCells: { readonly positive: number; readonly negative: number };
  /** The selection metric of base and tuned head (auto: held-out), null when it cannot be scored. */
  readonly selection: { readonly before: number | null; readonly after: number | null };
  /** auto: held-out gain (positive is better, whichever way the metric points), its bootstrap standard deviation, and P(gain > 0) after pooling. */
  readonly evidence: { readonly gain: number | null; readonly deviation: number | null; readonly probability: number | null } | null;
  /** s -> slope * s + shift, folded into the head (METHOD 4.2.7); null where it was not asked for, or there was too little to calibrate on. */
  readonly calibration: { readonly slope: number; readonly shift: number } | null;
  /** Where a prevalence was stated. */
  readonly prior?: PriorShift;
  readonly iterations: number;
}

/** b += shift = logit(stated) - logit(known). known: the share of positives the head's probabilities were matched to; null where they were matched to none, and shift is 0. */
export interface PriorShift {
  readonly stated: number;
  readonly known: number | null;
  readonly shift: number;
}

/** Something that may make the result worth less: a stable code with its parameters, and a sentence. */
export interface TuneWarning {
  readonly code: "leak-suspected" | "leak-confirmed" | "too-few-labels" | "features-are-the-limit" | "memorised" | "no-selection-part" | "base-undoes-nothing" | "not-converged";
  readonly message: string;
  readonly params: Readonly<Record<string, number | string>>;
}

/** The pooled choices of `auto`. */
export interface PooledStory {
  readonly kappas: readonly number[];
  readonly defaultIndex: number;
  readonly chosenIndex: number;
  /** Mean selection metric over the categories that can be scored, per strength; NaN when none can. */
  readonly meanByStrength: readonly number[];
  /** Mean and spread of the categories' true gains (METHOD 4.2.5). */
  readonly gainMean: number;
  readonly gainSpread: number;
  readonly folds: number;
  readonly verified: boolean;
  /**
   * What strength and acceptance were decided on: held-out selection cells; held-out fit cells, the base refitted for each fold; or
   * nothing (then `verified` is false). Absent in records of version 0.1.0.
   */
  readonly decidedOn?: "selection" | "cross-fitting" | "nothing";
}

/** Scores of known cells (M) by heads that were not fitted to them, on the scale of the installed heads: intercepts and calibration included. */
export interface HeldOutScores {
  /** Folds of the selection part, the selection part as it is, or folds of the fit part with the base refitted. */
  readonly source: "folds" | "selection" | "cross-fitting";
  /** (C+1): the cells of category c are start[c] .. start[c+1]-1. */
  readonly start: Uint32Array;
  /** (M): index into labels.imageIds, ascending within a category. */
  readonly image: Uint32Array;
  /** (M): 1 positive, 0 negative. */
  readonly positive: Uint8Array;
  readonly logit: Float32Array;
}

/** The tuned head and the story of how it came about. */
export interface TuneResult {
  readonly head: Head;
  /** What `auto` decided by; null where it had nothing clean. Absent for methods that fit on the fit part alone: see `heldOutScores`. */
  readonly heldOut?: HeldOutScores | null;
  readonly categories: readonly CategoryStory[];
  readonly pooled: PooledStory | null;
  readonly warnings: readonly TuneWarning[];
  readonly kernels: string;
}

/** What tuning starts from: features, labels, parts and the base head, with kernels to compute by. */
export interface TuneInput {
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  readonly base: Head;
  readonly kernels: Kernels;
  readonly options: TuneOptions;
  /**
   * One of `strategyNames`, or a strategy of one's own: says that `base` is what `pretrain` makes of these features, labels and fit images (and selection images,
   * where options.selectionSeen) by this strategy. Allows `auto` to choose and accept without a clean selection part, by refitting the
   * base for each fold. Absent for a base that was brought along.
   */
  readonly baseStrategy?: string | PretrainStrategy;
  /** Targets of uncertain cells that a base made by `baseStrategy` was trained with (PretrainInput.softTargets): used to refit it, and for nothing else. */
  readonly softTargets?: Float32Array;
  /** The guide that a base made by `baseStrategy` was trained with (PretrainInput.guide): used to refit it, and for nothing else. */
  readonly guide?: Float32Array;
  readonly checkpoint?: Checkpoint;
  /** `auto`: who may stop it after the decisions, and what to finish first. */
  readonly finish?: Finish;
}

/**
 * The final fits in an order of one's own, a few categories at a time, so that whoever stops or runs out of time keeps whole categories. The heads are the same as without it. A category that was not reached
 * keeps the base's bits, with the reason not-finished.
 */
export interface Finish {
  /** Names of categories, the first finished first; those that are not named come behind them, in the labels' order. */
  readonly order: readonly string[];
  /** Asked before each step; false: nothing more is finished. */
  readonly more: () => boolean;
  /** Told after each step which of the accepted categories are finished by it. */
  readonly done?: (names: readonly string[]) => void | Promise<void>;
}
