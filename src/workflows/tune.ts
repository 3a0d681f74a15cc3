import { basename } from "node:path";
import { CatwiseError, expected } from "../errors.ts";
import { REPORT } from "../labels/index.ts";
import { chooseThresholds, compareHeads, heldOutScores, judgeThresholds, strategyNames, tune, type HeadComparison, type ThresholdTarget, type TuneInput, type TuneOptions, type TuneResult } from "../learn/index.ts";
import { judgeReport, readPrevalence, statedPrevalence } from "./calibration.ts";
import { openCandidates } from "./candidates.ts";
import { selectCategories, some } from "./categories.ts";
import { inputPaths, type FeatureSource, type LabelSource, type WorkflowContext } from "./context.ts";
import { joinLabels } from "./join.ts";
import { withKernels } from "./kernels.ts";
import { openLabels } from "./labels.ts";
import { companionsOf, inputSums, requireHeadEnding, requireOutputs, writeHeadTo, writeTogether } from "./outputs.ts";
import { renderReport } from "./report/index.ts";
import { reasonSentence } from "./reasons.ts";
import type { RunRecord } from "./run-record.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";
import { readTargets, thresholdEntries, thresholdsFileOf, thresholdsText, type TargetRequest, type ThresholdJson } from "./thresholds/index.ts";
import { makeRunRecord } from "./tune-record.ts";

export interface TuneRequest extends LabelSource, TargetRequest {
  readonly source: FeatureSource;
  /** The head to start from; a model brings its own. */
  readonly head?: string;
  /** greedy: heads to choose among beside the first; without any it makes the paper's own. */
  readonly candidates?: readonly string[];
  readonly tune: TuneOptions;
  /** CSV file `category,prevalence`; takes the place of tune.prevalence. */
  readonly prevalence?: string;
  readonly out: string;
  /** One of `strategyNames`: the base is what pretrain made of these labels' fit part by this strategy. */
  readonly baseStrategy?: string;
  /** HTML report to write too. */
  readonly report?: string;
  /** All cores when absent. */
  readonly threads?: number;
}

export interface TuneDone {
  readonly record: RunRecord;
  readonly written: readonly string[];
}

/** Stage 2: tunes the head, writes it to `out`, the record of the run to `out`.run.json and, where asked for, the thresholds and the report: all or none. */
export async function runTune(request: TuneRequest, context: WorkflowContext): Promise<TuneDone> {
  const { source, out, candidates = [] } = request;
  if (request.baseStrategy !== undefined && !strategyNames.includes(request.baseStrategy)) throw expected("--base-strategy", `one of ${strategyNames.join(", ")}`, request.baseStrategy);
  requireHeadEnding(source, out);
  const runFile = `${out}.run.json`;
  const reports = request.report === undefined ? [] : [request.report];
  const thresholdFiles = request.target === undefined && request.targets === undefined ? [] : [thresholdsFileOf(out)];
  const heads = [...(request.head === undefined ? [] : [request.head]), ...candidates];
  await requireOutputs([out, runFile, ...thresholdFiles, ...reports], [...inputPaths(source), ...heads, request.labels, request.split, request.targets, request.prevalence]);
  const { file, labels: given } = await openLabels(request, context);
  // Before the pictures are run, which may take an hour: a head that does not go with the labels is told at once.
  const base = await openHead(source, request.head, given.categories, context);
  const opened = await openFeatures(source, context);
  requireWidth(base, opened, request.head);
  requireKnownNames(request.tune.only ?? [], base.categories);
  const targets = await readTargets(request, base.categories);
  const prevalence = await readPrevalence(request.prevalence, base.categories);
  const options: TuneOptions = { ...request.tune, ...(prevalence === undefined ? {} : { prevalence }) };
  const others = await openCandidates(candidates, base, context);
  const joined = joinLabels(file, selectCategories(file, given, base.categories, context), opened, context);
  const { labels, parts } = joined;
  return withKernels(request.threads, async (kernels) => {
    const began = performance.now();
    const input: TuneInput = { ...joined, base, kernels, options, ...(request.baseStrategy === undefined ? {} : { baseStrategy: request.baseStrategy }), checkpoint: context.checkpoint };
    const result = await tune(input, others);
    const seconds = (performance.now() - began) / 1000;
    requireSomething(result, file.files[0]!.path);
    await context.checkpoint({ phase: "compare", done: 0, total: 1 });
    const compared = compareHeads({ ...joined, part: REPORT, kernels, before: base, after: result.head, seed: request.tune.seed });
    const thresholds = targets === null ? undefined : await findThresholds(input, result, compared, targets);
    const record = makeRunRecord({
      kind: "tune",
      title: basename(out),
      result,
      compared,
      parts,
      tune: options,
      calibration: judgeReport(input, compared),
      ...(thresholds === undefined ? {} : { thresholds }),
      seconds: { extract: opened.seconds, tune: seconds },
      inputs: [...(await inputSums([...(source.kind === "file" ? [source.path] : [source.model]), ...heads])), ...file.files.map((each) => ({ path: basename(each.path), sha256: each.sha256 }))],
      options: { uncertain: request.uncertain, parts: parts.origin, ...(request.baseStrategy === undefined ? {} : { baseStrategy: request.baseStrategy }) },
      steps: [`Joined ${labels.imageIds.length} images with ${labels.categories.length} categories of labels${opened.perCategory === null ? "" : ", each with features of its own"}.`, `Tuned each category on its known labels alone, by the method ${request.tune.method}.`, "Compared both heads on the report part, which neither fitting nor selection saw."],
    });
    const companions = companionsOf(out, opened.preprocessing);
    const texts = [...companions, { path: runFile, text: `${JSON.stringify(record, undefined, 1)}\n` }, ...thresholdFiles.map((path) => ({ path, text: thresholdsText(record.result.provenance.catwise, thresholds ?? []) })), ...reports.map((path) => ({ path, text: renderReport(record) }))];
    await writeTogether(texts, () => writeHeadTo(source, result.head, out));
    return { record, written: [out, ...texts.map((each) => each.path)] };
  });
}

/** Chosen on held-out scores of the tuned heads, judged on the report part. */
async function findThresholds(input: TuneInput, result: TuneResult, compared: HeadComparison, targets: readonly (ThresholdTarget | null)[]): Promise<ThresholdJson[]> {
  const { labels, parts, options, checkpoint } = input;
  await checkpoint?.({ phase: "thresholds", done: 0, total: 2 });
  const scores = heldOutScores(input, result);
  const chosen = chooseThresholds({ labels, parts, scores, targets, prevalence: statedPrevalence(labels.categories, options.prevalence), seed: options.seed });
  await checkpoint?.({ phase: "thresholds", done: 1, total: 2 });
  const thresholds = chosen.map((one) => (one.threshold === null ? null : { threshold: one.threshold, target: one.target, prevalence: one.prevalence }));
  const judged = judgeThresholds({ labels, parts, part: REPORT, logits: compared.categories.map((one) => one.after.logits), thresholds, seed: options.seed });
  return thresholdEntries(chosen, judged, result.head, scores?.source ?? null);
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
