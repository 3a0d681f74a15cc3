import { basename, dirname } from "node:path";
import { expected } from "../errors.ts";
import type { LabelFile } from "../datasets/index.ts";
import { FIT, knownCounts, REPORT, SELECTION, type PartialLabels } from "../labels/index.ts";
import { pretrain, strategyNames } from "../learn/index.ts";
import { readPrevalence, statedPrevalence } from "./calibration.ts";
import { selectCategories } from "./categories.ts";
import { inputPaths, type FeatureSource, type LabelSource, type UncertainPolicyName, type WorkflowContext } from "./context.ts";
import { some } from "./categories.ts";
import { openGuide, requireGuide } from "./guide.ts";
import { harmOfPretraining, requireHarmSource, type HarmJson, type HarmSource } from "./harm.ts";
import { joinLabels } from "./join.ts";
import { withKernels, type KernelRequest } from "./kernels.ts";
import { openLabels, softTargetsFor } from "./labels.ts";
import { catwiseVersion, companionsOf, inputSums, requireHeadEnding, requireOutputs, writeHeadTo, writeTogether } from "./outputs.ts";
import type { Provenance } from "./run-record.ts";
import { openFeatures, requireOwners, type OpenedFeatures } from "./sources.ts";

/** Features, labels, a strategy, and where the head goes. */
export interface PretrainRequest extends Omit<LabelSource, "uncertain">, KernelRequest {
  /** Uncertain labels count as unknown, as labels, or as soft targets drawn by the seed. */
  readonly uncertain: UncertainPolicyName;
  readonly source: FeatureSource;
  readonly strategy: string;
  /** Other values than the strategy's own, by name. */
  readonly strategyOptions?: Readonly<Record<string, number>>;
  /** File of another model's probabilities (readProbabilities), for a strategy that goes by them. */
  readonly guide?: string;
  /** Of what a strategy draws by lot; 0 when absent. */
  readonly seed?: number;
  /** CSV file `category,prevalence`, for the estimate of harm. */
  readonly prevalence?: string;
  /** Where the estimate of harm takes the share of positives among unknown cells from; "none": no estimate. */
  readonly harm?: HarmSource | "none";
  readonly out: string;
}

/** One category of the document of `pretrain --json`. */
export interface PretrainedCategory {
  readonly name: string;
  /** "empty": the strategy found nothing to train it on, so that its row is zero. */
  readonly status: "trained" | "empty";
  /** Why it is empty; null where it is not. */
  readonly reason: string | null;
  readonly known: { readonly positive: number; readonly negative: number; readonly unknown: number };
}

/** The document of `--json`, shaped as that of tune. */
export interface PretrainDone {
  readonly summary: {
    readonly strategy: string;
    readonly parts: { readonly fit: number; readonly selection: number; readonly report: number };
    readonly trained: number;
    readonly empty: number;
    readonly converged: number;
    readonly iterations: number;
    /** Mean over the trained categories; null, with a reason, when there is none. */
    readonly loss: number | null;
    readonly reason: string | null;
    readonly seconds: { readonly extract: number; readonly pretrain: number };
    readonly written: readonly string[];
  };
  readonly categories: readonly PretrainedCategory[];
  /** How many answers for unknown cells are probably wrong; absent where it was not asked for. */
  readonly harm?: HarmJson;
  readonly provenance: Provenance;
}

/**
 * Stage 1: trains a head for all categories of the labels by a strategy and writes it to `out`: a head file, or the network with the head attached.
 * Errors: those of the inputs, usage.invalid-value, output.*.
 */
export async function runPretrain(request: PretrainRequest, context: WorkflowContext): Promise<PretrainDone> {
  const { source, strategy, out, seed = 0 } = request;
  if (!strategyNames.includes(strategy)) throw expected("--strategy", `one of ${strategyNames.join(", ")}`, strategy);
  requireGuide(strategy, request.guide, "--strategy");
  requireHarmSource(request.harm, request.prevalence);
  requireHeadEnding(source, out);
  await requireOutputs([out], [...inputPaths(source), request.labels, request.split, request.prevalence, request.guide]);
  const { file, labels } = await openLabels(request, context);
  const opened = await openFeatures(source, context, { imageIds: labels.imageIds, file: file.files[0]!.path }, request);
  const joined = joinLabels(file, ownersOf(file, labels, opened, context), opened, context);
  const guide = await openGuide(request.guide, joined, context);
  const stated = statedPrevalence(joined.labels.categories, await readPrevalence(request.prevalence, joined.labels.categories));
  return withKernels({ scratch: dirname(out), ...request }, async (kernels) => {
    const began = performance.now();
    const trainedBase = await pretrain({ ...joined, ...guide, ...softTargetsFor(request.uncertain, joined.labels, seed), strategy, seed, ...(request.strategyOptions === undefined ? {} : { strategyOptions: request.strategyOptions }), kernels, checkpoint: context.checkpoint });
    const { head, story } = trainedBase;
    const seconds = (performance.now() - began) / 1000;
    const harm = await harmOfPretraining({ ...joined, kernels, seed, source: request.harm, stated, checkpoint: context.checkpoint }, strategy, trainedBase);
    const inputs = [...(await inputSums([...inputPaths(source), ...(request.guide === undefined ? [] : [request.guide])])), ...file.files.map((each) => ({ path: basename(each.path), sha256: each.sha256 }))];
    const counts = knownCounts(joined.labels);
    const oneSided = head.categories.filter((_, c) => counts.positive[c] === 0);
    if (oneSided.length > 0) context.logger.warn("labels.no-positive", `nobody said yes to ${some(oneSided)}: nothing can be learnt of what it looks like.`);
    const companions = companionsOf(out, opened.preprocessing);
    await writeTogether(companions, () => writeHeadTo(source, head, out, strategy));
    const empty = new Set(story.empty);
    const size = (part: number): number => joined.parts.part.reduce((sum, each) => sum + (each === part ? 1 : 0), 0);
    const trained = head.categories.length - empty.size;
    return {
      summary: {
        strategy,
        parts: { fit: size(FIT), selection: size(SELECTION), report: size(REPORT) },
        trained,
        empty: empty.size,
        converged: story.converged,
        iterations: story.iterations,
        loss: trained === 0 ? null : story.loss,
        reason: trained === 0 ? "no category has a label to train on in the fit part" : null,
        seconds: { extract: opened.seconds, pretrain: seconds },
        written: [out, ...companions.map((each) => each.path)],
      },
      categories: head.categories.map((name, c) => ({
        name,
        status: empty.has(name) ? "empty" : "trained",
        reason: empty.has(name) ? "no label to train on in the fit part" : null,
        known: { positive: counts.positive[c]!, negative: counts.negative[c]!, unknown: counts.unknown[c]! + counts.uncertain[c]! },
      })),
      ...(harm === undefined ? {} : { harm }),
      provenance: { catwise: catwiseVersion(), seed, options: { strategy, ...story.options, uncertain: request.uncertain, parts: joined.parts.origin, kernels: kernels.name }, inputs },
    };
  });
}

/**
 * The labels in the order of the categories that have features of their own; unnamed ones are taken to be the labels' in their order.
 * Errors: features.category-mismatch, labels.no-overlap.
 */
function ownersOf(file: LabelFile, labels: PartialLabels, opened: OpenedFeatures, context: WorkflowContext): PartialLabels {
  const { perCategory } = opened;
  if (perCategory === null) return labels;
  if (perCategory.names !== null) return selectCategories(file, labels, perCategory.names, context, "the features file or model");
  requireOwners(opened, labels.categories, "the label file");
  context.logger.warn("features.names-assumed", "the features do not name the categories they belong to; the label columns were taken in their order.");
  return labels;
}
