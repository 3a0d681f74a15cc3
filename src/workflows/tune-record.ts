/** From what the method returns to the record of the run: the JSON of DESIGN 5.3 and what the report draws beside it. */
import { FIT, REPORT, SELECTION, type Parts } from "../labels/index.ts";
import type { CategoryStory, FigureChange, HeadComparison, ComparedCalibration, TuneResult } from "../learn/index.ts";
import type { NamedTuneOptions } from "./context.ts";
import { calibrationJson } from "./calibration.ts";
import { categoryCurves, pooledReliability, reliability } from "./curves.ts";
import { finite } from "./evaluate.ts";
import type { HarmJson } from "./harm.ts";
import type { LearningCurveJson } from "./learning-curves.ts";
import { catwiseVersion } from "./outputs.ts";
import { reasonSentence } from "./reasons.ts";
import type { MetricChange, NestedEstimateJson, Provenance, RunRecord, TunedCategory } from "./run-record.ts";
import type { ThresholdJson } from "./thresholds/index.ts";

export interface RunRecordParts {
  readonly kind: RunRecord["kind"];
  readonly title: string;
  readonly result: TuneResult;
  /** Base against tuned head on the report part, or in outer cross-validation. */
  readonly compared: HeadComparison;
  /** Those the head that is handed over was made with. */
  readonly parts: Parts;
  /** How `compared` came about, where not on the report part. */
  readonly estimate?: NestedEstimateJson;
  readonly tune: NamedTuneOptions;
  readonly seconds: { readonly extract: number; readonly tune: number };
  readonly inputs: Provenance["inputs"];
  /** How far both heads' probabilities are off on the report part. */
  readonly calibration: readonly ComparedCalibration[];
  readonly thresholds?: readonly ThresholdJson[];
  readonly harm?: HarmJson | undefined;
  readonly learningCurves?: readonly LearningCurveJson[] | undefined;
  /** Options beyond those of tuning, for the provenance. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly steps: readonly string[];
  readonly notes?: readonly string[];
}

/** The record of a run that tuned a head and compared it with the one it came from. */
export function makeRunRecord(run: RunRecordParts): RunRecord {
  const { result, compared, tune } = run;
  const among = run.estimate === undefined ? "in the report part" : "among the images scored";
  const tooFew = `too few known labels ${among} for an interval`;
  const categories = result.categories.map((story, at): TunedCategory => {
    const { before, ap, auroc, ece, brier } = compared.categories[at]!;
    const change = (figure: FigureChange): MetricChange => metricChange(figure, before.reason ?? tooFew);
    // Probabilities meant for all images are judged by the proportions stated for them, here as elsewhere on the page.
    const errors = story.prior === undefined ? { ece: change(ece), brier: change(brier) } : weighted(run.calibration[at]!, before.reason ?? tooFew);
    return {
      name: story.name,
      status: story.status,
      reason: reasonSentence(story.reason),
      reasonCode: story.reason,
      method: story.method,
      strength: story.strength,
      known: story.known,
      reportKnown: { positive: before.positive, negative: before.negative },
      selection: { ...story.selection, ...(story.selection.before === null ? { reason: selectionGap(story) } : {}) },
      report: { ap: change(ap), auroc: change(auroc), ...errors },
      probabilityOfGain: story.evidence?.probability ?? null,
      seconds: null,
    };
  });
  const mean = compared.mean[tune.metric];
  const scored = categories.filter((one) => one.report[tune.metric].before !== null).length;
  const size = (part: number): number => run.parts.part.filter((each) => each === part).length;
  const ended = (status: TunedCategory["status"]): number => categories.filter((one) => one.status === status).length;
  return {
    format: "catwise-run",
    version: 1,
    createdAt: new Date().toISOString(),
    kind: run.kind,
    title: run.title,
    result: {
      summary: {
        metric: tune.metric,
        parts: { fit: size(FIT), selection: size(SELECTION), report: size(REPORT) },
        ...(run.estimate === undefined ? {} : { estimate: run.estimate }),
        mean: { before: finite(mean.before), after: finite(mean.after), gain: finite(mean.after - mean.before), interval: mean.interval, ...(mean.interval === null ? { reason: scored === 0 ? `no category has a known positive and a known negative ${among}` : tooFew } : {}) },
        scored,
        undefined: categories.length - scored,
        tuned: ended("tuned"),
        kept: ended("kept"),
        skipped: ended("skipped"),
        seconds: run.seconds,
        warnings: result.warnings.map(({ code, message }) => ({ code, message })),
      },
      categories,
      calibration: calibrationJson(tune.calibrate ?? (tune.method === "auto" ? "tuned" : "none"), result.categories, run.calibration),
      ...(run.thresholds === undefined ? {} : { thresholds: run.thresholds }),
      ...(run.harm === undefined ? {} : { harm: run.harm }),
      ...(run.learningCurves === undefined ? {} : { learningCurves: run.learningCurves }),
      provenance: { catwise: catwiseVersion(), seed: tune.seed, options: { ...tune, ...run.options, kernels: result.kernels }, inputs: run.inputs },
    },
    curves: compared.categories.map((one, at) => (result.categories[at]!.prior === undefined ? categoryCurves(one) : { ...categoryCurves(one), reliability: run.calibration[at]!.reliability })),
    overallReliability: overallReliability(run),
    pooled: result.pooled,
    steps: run.steps,
    notes: run.notes ?? [],
  };
}

/** All cells together; where prevalences are stated, weighted as each category's own bins are. */
function overallReliability({ result, compared, calibration }: RunRecordParts): RunRecord["overallReliability"] {
  const stated = result.categories.some((story) => story.prior !== undefined);
  const [before, after] = (["before", "after"] as const).map((side) => (stated ? pooledReliability(calibration.map((one) => one.reliability[side])) : reliability(compared.categories.map((one) => one[side]))));
  return { before: before!, after: after! };
}

function weighted({ figures }: ComparedCalibration, reason: string): { ece: MetricChange; brier: MetricChange } {
  return { ece: metricChange(figures.ece, reason), brier: metricChange(figures.brier, reason) };
}

/** `reason`: why there is no figure, or no interval. */
function metricChange(figure: FigureChange, reason: string): MetricChange {
  const change = { before: finite(figure.before), after: finite(figure.after), gainInterval: figure.interval };
  return change.before === null || change.after === null || change.gainInterval === null ? { ...change, reason } : change;
}

/** Why the selection part does not score a category. */
function selectionGap({ selectionCells, status }: CategoryStory): string {
  if (selectionCells.positive === 0) return "no known positive in the selection part";
  if (selectionCells.negative === 0) return "no known negative in the selection part";
  return status === "skipped" ? "the category was not tried" : "the selection part was not used";
}
