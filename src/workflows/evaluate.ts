import { basename } from "node:path";
import { CatwiseError } from "../errors.ts";
import { FIT, NO_PART, REPORT, SELECTION, type Parts } from "../labels/index.ts";
import { evaluateHead, judgeCalibration, judgeThresholds, targetText, type CalibrationFigure, type CategoryEvaluation, type Reliability } from "../learn/index.ts";
import { readPrevalence, statedPrevalence } from "./calibration.ts";
import { selectCategories } from "./categories.ts";
import { inputPaths, type FeatureSource, type LabelSource, type WorkflowContext } from "./context.ts";
import { joinLabels } from "./join.ts";
import { withKernels, type KernelRequest } from "./kernels.ts";
import { openLabels } from "./labels.ts";
import { judgeMetrics, resolveMetrics, type MetricEntry, type MetricMean, type MetricsAsked } from "./evaluated-metrics.ts";
import { catwiseVersion, inputSums } from "./outputs.ts";
import type { Provenance } from "./run-record.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";
import { judgedJson, readThresholds, type FigureJson, type JudgedJson } from "./thresholds/index.ts";

/** The part to judge on; "all" for every image that has one. */
export type EvaluatedPart = "fit" | "selection" | "report" | "all";

/** A head, and the labels and part to judge it on. */
export interface EvaluateRequest extends LabelSource, KernelRequest {
  readonly source: FeatureSource;
  readonly head?: string;
  readonly part: EvaluatedPart;
  /** A .thresholds.json to judge as well. */
  readonly thresholds?: string;
  /** Metrics of the table to compute beside the four figures. */
  readonly metrics?: MetricsAsked;
  /** Whether to judge the probabilities in full: ECE, Brier score, log-loss with intervals, reliability. */
  readonly calibration?: boolean;
  /** CSV file `category,prevalence`: the proportions to judge probabilities and precision by. */
  readonly prevalence?: string;
}

/** Figures on the known cells; null where undefined, with a reason. */
export interface EvaluatedFigures {
  readonly ap: number | null;
  readonly auroc: number | null;
  readonly ece: number | null;
  readonly brier: number | null;
}

/** One category of the document of `evaluate --json`. */
export interface EvaluatedCategory extends EvaluatedFigures {
  readonly name: string;
  /** Cells of the part. */
  readonly known: { readonly positive: number; readonly negative: number; readonly unknown: number };
  /** Why figures are null; null where none is. */
  readonly reason: string | null;
  /** By name; absent unless metrics were asked for. */
  readonly metrics?: Readonly<Record<string, MetricEntry>>;
}

/** The document of `--json` (DESIGN 5.3). */
export interface EvaluateDone {
  readonly summary: {
    readonly part: EvaluatedPart;
    readonly images: number;
    readonly mean: EvaluatedFigures;
    /** Categories whose AP is undefined. */
    readonly undefined: number;
    /** Why means are null; null where none is. */
    readonly reason: string | null;
    /** One per metric and average, in the order asked; absent unless metrics were asked for. */
    readonly metrics?: readonly MetricMean[];
  };
  readonly categories: readonly EvaluatedCategory[];
  /** One per category, in their order; absent unless thresholds were given. */
  readonly thresholds?: readonly EvaluatedThreshold[];
  /** One per category, in their order; absent unless asked for. */
  readonly calibration?: readonly EvaluatedCalibration[];
  readonly provenance: Provenance;
}

/** One category's probabilities, judged in full. */
export interface EvaluatedCalibration {
  readonly name: string;
  /** As stated; null: the known labels are taken as they are. */
  readonly prevalence: number | null;
  readonly ece: FigureJson;
  readonly brier: FigureJson;
  readonly logLoss: FigureJson;
  readonly reliability: Reliability | null;
}

/** One category's threshold, judged anew. */
export interface EvaluatedThreshold {
  readonly name: string;
  readonly target: string | null;
  /** The logit from which on the answer is yes; null where the file has none for it. */
  readonly threshold: number | null;
  readonly judged: JudgedJson | null;
}

const partNumber = { fit: FIT, selection: SELECTION, report: REPORT, all: REPORT } as const;

/**
 * Judges a head on the known labels of one part: AP, AUROC, ECE, Brier score and, where asked for, calibration and thresholds. Errors: split.empty-part,
 * and those of the inputs.
 */
export async function runEvaluate(request: EvaluateRequest, context: WorkflowContext): Promise<EvaluateDone> {
  const { source } = request;
  if (request.metrics !== undefined) resolveMetrics(request.metrics.names);
  const { file, labels } = await openLabels(request, context);
  // Before the pictures are run: a head that does not go with the labels is told at once.
  const head = await openHead(source, request.head, labels.categories, context);
  const opened = await openFeatures(source, context, { imageIds: labels.imageIds, file: file.files[0]!.path }, request);
  requireWidth(head, opened, request.head);
  const thresholds = request.thresholds === undefined ? null : await readThresholds(request.thresholds, head);
  const stated = statedPrevalence(head.categories, await readPrevalence(request.prevalence, head.categories));
  const joined = joinLabels(file, selectCategories(file, labels, head.categories, context), opened, context);
  const { origin } = joined.parts;
  const parts: Parts = request.part === "all" ? { ...joined.parts, part: joined.parts.part.map((part) => (part === NO_PART ? NO_PART : REPORT)) } : joined.parts;
  const part = partNumber[request.part];
  const images = parts.part.reduce((sum, each) => sum + (each === part ? 1 : 0), 0);
  if (images === 0) throw new CatwiseError("split.empty-part", `the part "${request.part}" holds no image.`, { remedy: "Choose another --part, or add images to it in the split." });
  return withKernels(request, async (kernels) => {
    await context.checkpoint({ phase: "evaluate", done: 0, total: 1 });
    const evaluations = evaluateHead({ ...joined, parts, part, head, kernels });
    const logits = evaluations.map((one) => one.logits);
    const metrics = request.metrics === undefined ? null : judgeMetrics({ ...joined, parts, part, head, kernels }, evaluations, request.metrics);
    const categories = evaluations.map((one, c): EvaluatedCategory => ({ ...evaluated(one, images), ...(metrics === null ? {} : { metrics: metrics.categories[c]! }) }));
    const judged = thresholds === null ? null : judgeThresholds({ ...joined, parts, part, logits, thresholds: thresholds.map((one, c) => (one === null || stated[c] === null ? one : { ...one, prevalence: stated[c]! })), seed: 0 });
    const probabilities = request.calibration === true ? judgeCalibration({ ...joined, parts, part, logits, prevalence: stated, seed: 0 }) : null;
    const mean = (metric: keyof EvaluatedFigures): number | null => {
      const values = categories.map((one) => one[metric]).filter((value) => value !== null);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const undefinedCount = categories.filter((one) => one.ap === null).length;
    const inputs = [...inputPaths(source), ...(request.head === undefined ? [] : [request.head]), ...(request.thresholds === undefined ? [] : [request.thresholds])];
    return {
      summary: {
        part: request.part,
        images,
        mean: { ap: mean("ap"), auroc: mean("auroc"), ece: mean("ece"), brier: mean("brier") },
        undefined: undefinedCount,
        reason: undefinedCount === categories.length ? "no category has a known positive and a known negative in this part" : null,
        ...(metrics === null ? {} : { metrics: metrics.means }),
      },
      categories,
      ...(thresholds === null || judged === null
        ? {}
        : {
            thresholds: thresholds.map((one, c): EvaluatedThreshold => {
              const own = judged[c] ?? null;
              const target = one?.target ?? null;
              return { name: categories[c]!.name, target: target === null ? null : targetText(target), threshold: one?.threshold ?? null, judged: own === null ? null : judgedJson(own) };
            }),
          }),
      ...(probabilities === null
        ? {}
        : {
            calibration: probabilities.map(({ figures, reliability }, c): EvaluatedCalibration => {
              const figure = (name: CalibrationFigure): FigureJson => ({ value: finite(figures[name].value), interval: figures[name].interval });
              return { name: categories[c]!.name, prevalence: stated[c]!, ece: figure("ece"), brier: figure("brier"), logLoss: figure("logLoss"), reliability };
            }),
          }),
      provenance: {
        catwise: catwiseVersion(),
        seed: 0,
        options: { part: request.part, uncertain: request.uncertain, parts: origin, kernels: kernels.name, ...metrics?.asked },
        inputs: [...(await inputSums(inputs)), ...file.files.map((each) => ({ path: basename(each.path), sha256: each.sha256 }))],
      },
    };
  });
}

function evaluated({ name, positive, negative, ap, auroc, ece, brier, reason }: CategoryEvaluation, images: number): EvaluatedCategory {
  const figures = { ap: finite(ap), auroc: finite(auroc), ece: finite(ece), brier: finite(brier) };
  const complete = Object.values(figures).every((figure) => figure !== null);
  return { name, known: { positive, negative, unknown: images - positive - negative }, ...figures, reason: complete ? null : (reason ?? "not defined on these labels") };
}

/** JSON knows no NaN: undefined is null. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
