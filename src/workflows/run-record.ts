/**
 * What a tuning run leaves behind, as plain JSON: the document of `--json` (DESIGN 5.3), and beside it what the report
 * needs to draw. `catwise report RUN` makes the HTML from this alone. A number that cannot be computed is null, with a reason.
 */
import type { CalibrationJson } from "./calibration.ts";
import type { HarmJson } from "./harm.ts";
import type { LearningCurveJson } from "./learning-curves.ts";
import type { ThresholdJson } from "./thresholds/index.ts";
import type { CategoryStatus, PooledStory, Reason } from "../learn/index.ts";

/** A figure of base and tuned head; null where it is undefined. */
export interface BeforeAfter {
  readonly before: number | null;
  readonly after: number | null;
}

/** A figure of the report part, with the interval of its change. */
export interface MetricChange extends BeforeAfter {
  /** 95 % interval of after - before: paired bootstrap over images (groups where given); null when undefined. */
  readonly gainInterval: readonly [number, number] | null;
  /** Why any of the three is null, e.g. "no known positive in this part". */
  readonly reason?: string;
}

/**
 * How the figures under `report` came about where no part was given away to report on: by outer cross-validation, docs/methods/nested.md. `images`: those scored, each by
 * heads that were made without its fold. `parts` then counts the images that the head handed over was made of; its `report` is 0.
 */
export interface NestedEstimateJson {
  readonly kind: "nested";
  readonly folds: number;
  readonly images: number;
  /** Of the outer runs together. */
  readonly seconds: number;
}

/** One category of the document of `tune --json`. */
export interface TunedCategory {
  readonly name: string;
  readonly status: CategoryStatus;
  /** One plain sentence, made from `reasonCode`. */
  readonly reason: string;
  readonly reasonCode: Reason;
  readonly method: string;
  readonly strength: number | null;
  readonly known: { readonly positive: number; readonly negative: number; readonly unknown: number };
  /** Known cells of the report part (of the scored images, where summary.estimate is there), on which the figures under `report` stand. */
  readonly reportKnown: { readonly positive: number; readonly negative: number };
  /** The metric of selection, on its known cells; `reason` where it is null. */
  readonly selection: BeforeAfter & { readonly reason?: string };
  readonly report: {
    readonly ap: MetricChange;
    readonly auroc: MetricChange;
    readonly ece: MetricChange;
    readonly brier: MetricChange;
  };
  readonly probabilityOfGain: number | null;
  /** null where the heads of all categories are fitted together, so that no category has a time of its own. */
  readonly seconds: number | null;
}

/** A warning as `--json` has it. */
export interface RunWarning {
  readonly code: string;
  readonly message: string;
}

/** By what a run can be repeated: version, seed, options, and the inputs by their hashes. */
export interface Provenance {
  readonly catwise: string;
  readonly seed: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
}

/** The document of `tune --json`. */
export interface TuneJson {
  readonly summary: {
    readonly metric: "ap" | "auroc";
    readonly parts: { readonly fit: number; readonly selection: number; readonly report: number };
    /** Absent where the figures are those of the report part. */
    readonly estimate?: NestedEstimateJson;
    readonly mean: { readonly before: number | null; readonly after: number | null; readonly gain: number | null; readonly interval: readonly [number, number] | null; readonly reason?: string };
    /** Categories that enter the mean (both kinds known in the report part), and those that do not. */
    readonly scored: number;
    readonly undefined: number;
    readonly tuned: number;
    readonly kept: number;
    readonly skipped: number;
    readonly seconds: { readonly extract: number; readonly tune: number };
    readonly warnings: readonly RunWarning[];
  };
  readonly categories: readonly TunedCategory[];
  /** Absent in records of version 0.1.0. */
  readonly calibration?: CalibrationJson;
  /** One per category, in their order; absent where no target was given. */
  readonly thresholds?: readonly ThresholdJson[];
  /** How many answers for unknown cells are probably wrong, before and after; absent where it was not asked for. */
  readonly harm?: HarmJson;
  /** One per category, in their order: what further labels are worth; absent where it was not asked for. */
  readonly learningCurves?: readonly LearningCurveJson[];
  readonly provenance: Provenance;
}

/** At most 200 points, recall ascending. */
export interface PrecisionRecallCurve {
  readonly recall: readonly number[];
  readonly precision: readonly number[];
}

/** Bins of equal width over [0, 1] that hold at least one cell. */
export interface ReliabilityBins {
  readonly count: readonly number[];
  readonly meanProbability: readonly number[];
  readonly fractionPositive: readonly number[];
}

/** What the report draws for one category. */
export interface CategoryCurves {
  readonly name: string;
  readonly precisionRecall: { readonly before: PrecisionRecallCurve | null; readonly after: PrecisionRecallCurve | null };
  readonly reliability: { readonly before: ReliabilityBins | null; readonly after: ReliabilityBins | null };
}

/** Everything a run leaves behind, from which the report is made. */
export interface RunRecord {
  readonly format: "catwise-run";
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly kind: "tune" | "demo";
  readonly title: string;
  readonly result: TuneJson;
  readonly curves: readonly CategoryCurves[];
  /** All report cells of all categories together, before and after. */
  readonly overallReliability: { readonly before: ReliabilityBins | null; readonly after: ReliabilityBins | null };
  readonly pooled: PooledStory | null;
  /** What was done, one plain sentence per step. */
  readonly steps: readonly string[];
  /** What the figures do and do not show (the demo's drawn images, for one). */
  readonly notes: readonly string[];
}
