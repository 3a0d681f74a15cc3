import { basename, dirname } from "node:path";
import { CatwiseError, expected } from "../errors.ts";
import { outerFolds, partsWithoutReport, strategyNames, tune, type TuneInput, type TuneOptions, type TuneResult } from "../learn/index.ts";
import { readHeadStrategy } from "../model/index.ts";
import { judgeReport, readPrevalence, statedPrevalence } from "./calibration.ts";
import { openCandidates } from "./candidates.ts";
import { selectCategories, some } from "./categories.ts";
import { inputPaths, type FeatureSource, type LabelSource, type NamedTuneOptions, type WorkflowContext } from "./context.ts";
import { openGuide, requireGuide } from "./guide.ts";
import { harmOfTuning, requireHarmSource, type HarmSource } from "./harm.ts";
import { joinLabels, type Joined } from "./join.ts";
import { judgeByOuterFolds, judgeOnReportPart } from "./judge.ts";
import { withKernels, type KernelRequest } from "./kernels.ts";
import { openLabels } from "./labels.ts";
import { tunedLearningCurves } from "./learning-curves.ts";
import { companionsOf, inputSums, requireHeadEnding, requireOutputs, writeHeadTo, writeTogether } from "./outputs.ts";
import { renderReport } from "./report/index.ts";
import { reasonSentence } from "./reasons.ts";
import type { RunRecord } from "./run-record.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";
import { readTargets, thresholdsFileOf, thresholdsText, type TargetRequest } from "./thresholds/index.ts";
import { makeRunRecord } from "./tune-record.ts";

/** Features, labels and a head to tune, and where the tuned one goes. */
export interface TuneRequest extends LabelSource, TargetRequest, KernelRequest {
  readonly source: FeatureSource;
  /** The head to start from; a model brings its own. */
  readonly head?: string;
  /** greedy: heads to choose among beside the first; without any it makes the paper's own. */
  readonly candidates?: readonly string[];
  readonly tune: NamedTuneOptions;
  /** CSV file `category,prevalence`; takes the place of tune.prevalence. */
  readonly prevalence?: string;
  /** Where the estimate of harm takes the share of positives among unknown cells from; "none": no estimate. */
  readonly harm?: HarmSource | "none";
  readonly out: string;
  /** One of `strategyNames`: the base is what pretrain made of these labels' fit part by this strategy. */
  readonly baseStrategy?: string;
  /** The guide it was trained with, where its strategy goes by one. */
  readonly guide?: string;
  /**
   * nested: no image is given away to report on; the gain is estimated by outer cross-validation (docs/methods/nested.md). Of every method, except greedy among heads that were
   * brought along: whether those saw the labels that would judge them, nobody can say. Default: the report part.
   */
  readonly estimate?: "report-part" | "nested";
  /** nested: outer folds, 2 to 100; default 5. */
  readonly outerFolds?: number;
  /** nested: a base that was brought along has not seen the fit images either, so that they are scored too. */
  readonly fitUnseen?: boolean;
  /** Tell what further labels of each tuned category are worth, on the report part. Of auto alone, and not where the base has seen the selection part. */
  readonly learningCurves?: boolean;
  /** HTML report to write too. */
  readonly report?: string;
}

/** The record of the run, and the files written. */
export interface TuneDone {
  readonly record: RunRecord;
  readonly written: readonly string[];
}

/** Stage 2: tunes the head, writes it to `out`, the record of the run to `out`.run.json and, where asked for, the thresholds and the report: all or none. */
export async function runTune(request: TuneRequest, context: WorkflowContext): Promise<TuneDone> {
  const { source, out, candidates = [] } = request;
  if (request.baseStrategy !== undefined && !strategyNames.includes(request.baseStrategy)) throw expected("--base-strategy", `one of ${strategyNames.join(", ")}`, request.baseStrategy);
  requireGuide(request.baseStrategy, request.guide, "--base-strategy");
  if (request.estimate === "nested" && candidates.length > 0) {
    throw new CatwiseError("usage.conflicting-options", "the gain of choosing among heads that were brought along cannot be estimated by outer cross-validation: they may have been fitted to the very labels that would judge them.", {
      remedy: "Give greedy no heads, so that it makes its own in every fold; or leave the nested estimate out and give a report part.",
    });
  }
  if (request.learningCurves === true && (request.tune.method !== "auto" || request.estimate === "nested" || request.tune.selectionSeen === true)) {
    throw new CatwiseError("usage.conflicting-options", "learning curves are told of heads tuned by auto, on a report part, and of a base that has not seen the selection part.", { remedy: "Leave them out, or the other method, the nested estimate or the seen selection part." });
  }
  requireHarmSource(request.harm, request.prevalence);
  requireHeadEnding(source, out);
  const runFile = `${out}.run.json`;
  const reports = request.report === undefined ? [] : [request.report];
  const thresholdFiles = request.target === undefined && request.targets === undefined ? [] : [thresholdsFileOf(out)];
  const heads = [...(request.head === undefined ? [] : [request.head]), ...candidates];
  await requireOutputs([out, runFile, ...thresholdFiles, ...reports], [...inputPaths(source), ...heads, request.labels, request.split, request.targets, request.prevalence, request.guide]);
  const { file, labels: given } = await openLabels(request, context);
  // Before the pictures are run, which may take an hour: a head that does not go with the labels is told at once.
  const base = await openHead(source, request.head, given.categories, context);
  await requireSameStrategy(request);
  const opened = await openFeatures(source, context, { imageIds: given.imageIds, file: file.files[0]!.path }, request);
  requireWidth(base, opened, request.head);
  requireKnownNames(request.tune.only ?? [], base.categories);
  const targets = await readTargets(request, base.categories);
  const prevalence = await readPrevalence(request.prevalence, base.categories);
  const options: NamedTuneOptions = { ...request.tune, ...(prevalence === undefined ? {} : { prevalence }) };
  const others = await openCandidates(candidates, base, context);
  const joined = joinLabels(file, selectCategories(file, given, base.categories, context), opened, context);
  const { labels } = joined;
  const guide = await openGuide(request.guide, joined, context);
  return withKernels({ scratch: dirname(out), ...request }, async (kernels) => {
    const began = performance.now();
    const input: TuneInput = { ...usedFor(request, joined, options), base, kernels, ...(request.baseStrategy === undefined ? {} : { baseStrategy: request.baseStrategy }), ...guide, checkpoint: context.checkpoint };
    const outer = request.estimate === "nested" ? outerFolds(input, { ...(request.outerFolds === undefined ? {} : { folds: request.outerFolds }), fitUnseen: request.fitUnseen === true }) : null;
    const result = await tune(input, others);
    const seconds = (performance.now() - began) / 1000;
    requireSomething(result, file.files[0]!.path);
    if (outer !== null) context.logger.info(`The head is tuned; its gain is now estimated by repeating the whole run ${outer.folds} times, each time without one fold of the images.`);
    const judged = outer === null ? await judgeOnReportPart(input, result, targets) : await judgeByOuterFolds(input, result, outer, targets);
    const { compared, thresholds } = judged;
    const harm = await harmOfTuning({ ...input, seed: options.seed, source: request.harm, stated: statedPrevalence(labels.categories, options.prevalence), selectionSeen: input.options.selectionSeen, checkpoint: context.checkpoint }, request.baseStrategy, { base, tuned: result.head });
    const learningCurves = request.learningCurves === true ? await tunedLearningCurves(input, result, options.metric) : undefined;
    const record = makeRunRecord({
      kind: "tune",
      title: basename(out),
      result,
      compared,
      parts: input.parts,
      tune: options,
      calibration: judgeReport({ ...input, parts: judged.parts }, compared),
      ...(thresholds === undefined ? {} : { thresholds }),
      ...(judged.estimate === undefined ? {} : { estimate: judged.estimate }),
      harm,
      learningCurves,
      seconds: { extract: opened.seconds, tune: seconds },
      inputs: [...(await inputSums([...(source.kind === "file" ? [source.path] : [source.model]), ...heads, ...(request.guide === undefined ? [] : [request.guide])])), ...file.files.map((each) => ({ path: basename(each.path), sha256: each.sha256 }))],
      options: { uncertain: request.uncertain, parts: joined.parts.origin, ...(request.baseStrategy === undefined ? {} : { baseStrategy: request.baseStrategy }), ...(outer === null ? {} : { estimate: "nested", outerFolds: outer.folds, fitUnseen: request.fitUnseen === true }) },
      steps: [`Joined ${labels.imageIds.length} images with ${labels.categories.length} categories of labels${opened.perCategory === null ? "" : ", each with features of its own"}.`, `Tuned each category on its known labels alone, by the method ${request.tune.method}.`, judged.step],
    });
    const companions = companionsOf(out, opened.preprocessing);
    const texts = [...companions, { path: runFile, text: `${JSON.stringify(record, undefined, 1)}\n` }, ...thresholdFiles.map((path) => ({ path, text: thresholdsText(record.result.provenance.catwise, thresholds ?? []) })), ...reports.map((path) => ({ path, text: renderReport(record) }))];
    await writeTogether(texts, () => writeHeadTo(source, result.head, out));
    return { record, written: [out, ...texts.map((each) => each.path)] };
  });
}

/** Which images are used for what. Where none are given away, images that the base has seen are fit images, and those it has not seen are not doubted any more. */
function usedFor({ estimate }: TuneRequest, { features, labels, parts }: Joined, options: TuneOptions): Pick<TuneInput, "features" | "labels" | "parts" | "options"> {
  if (estimate !== "nested") return { features, labels, parts, options };
  return { features, labels, parts: partsWithoutReport(parts, options.selectionSeen === true), options: { ...options, selectionSeen: false } };
}

function requireKnownNames(names: readonly string[], categories: readonly string[]): void {
  const unknown = names.filter((name) => !categories.includes(name));
  if (unknown.length > 0) throw new CatwiseError("labels.unknown-category", `--categories: expected names among ${some(categories)}, got ${some(unknown)}.`, { remedy: "Capitals and spaces matter." });
}

/** A run in which no category could even be tried has no result worth a file. */
function requireSomething({ categories }: TuneResult, labelFile: string): void {
  const tried = categories.filter((one) => one.reason.code !== "not-asked-for");
  if (categories.some((one) => one.status !== "skipped") || tried.length === 0) return;
  const [first] = tried;
  throw new CatwiseError("tune.nothing-eligible", `no category can be tuned. ${first!.name}: ${reasonSentence(first!.reason)}${tried.length > 1 ? ` The other ${tried.length - 1} lack labels too.` : ""}`, {
    place: { file: labelFile },
    remedy: "Label more images, yes and no, in the fit and the selection part.",
  });
}

/** A base refitted by another strategy than its own would be held against a base that never was. Files that say nothing are believed. */
async function requireSameStrategy({ head, baseStrategy }: TuneRequest): Promise<void> {
  if (baseStrategy === undefined || head === undefined || /\.onnx$/i.test(head)) return;
  const said = await readHeadStrategy(head);
  if (said !== undefined && said !== baseStrategy) throw expected("--base-strategy", `${said}, by which ${basename(head)} says it was trained`, baseStrategy);
}
