import { basename } from "node:path";
import { FIT, REPORT, SELECTION } from "../labels/index.ts";
import { loadKernels } from "../kernels/index.ts";
import { compareHeads, tune, type FigureChange, type TuneOptions } from "../learn/index.ts";
import { writeFileAtomically } from "../model/index.ts";
import { selectCategories } from "./categories.ts";
import type { FeatureSource, LabelSource, WorkflowContext } from "./context.ts";
import { finite } from "./evaluate.ts";
import { joinLabels } from "./join.ts";
import { openLabels } from "./labels.ts";
import { catwiseVersion, inputSums, requireHeadEnding, requireWritable, writeHeadTo } from "./outputs.ts";
import { reasonSentence } from "./reasons.ts";
import type { MetricChange, RunRecord, TunedCategory } from "./run-record.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";

export interface TuneRequest extends LabelSource {
  readonly source: FeatureSource;
  readonly head?: string;
  readonly tune: TuneOptions;
  readonly out: string;
}

export interface TuneDone {
  readonly record: RunRecord;
  readonly written: readonly string[];
}

/** Stage 2: tunes the head, writes it to `out` and the record of the run to `out`.run.json. */
export async function runTune(request: TuneRequest, context: WorkflowContext): Promise<TuneDone> {
  const { source, out } = request;
  requireHeadEnding(source, out);
  await requireWritable(out);
  const { file, labels: given } = await openLabels(request, context);
  const opened = await openFeatures(source, context);
  const base = await openHead(source, request.head, given.categories, context);
  requireWidth(base, opened.columns);
  const joined = joinLabels(file, selectCategories(given, base.categories, context), opened, context);
  const { labels, parts } = joined;
  const kernels = await loadKernels();
  try {
    const began = performance.now();
    const result = await tune({ ...joined, base, kernels, options: request.tune, checkpoint: context.checkpoint });
    const seconds = (performance.now() - began) / 1000;
    const compared = compareHeads({ ...joined, part: REPORT, kernels, before: base, after: result.head, seed: request.tune.seed });
    const categories = result.categories.map((story, at): TunedCategory => {
      const { before, ap, auroc, ece, brier } = compared.categories[at]!;
      const change = (figure: FigureChange): MetricChange => metricChange(figure, before.reason);
      return {
        name: story.name,
        status: story.status,
        reason: reasonSentence(story.reason),
        reasonCode: story.reason,
        method: story.method,
        strength: story.strength,
        known: story.known,
        reportKnown: { positive: before.positive, negative: before.negative },
        selection: story.selection,
        report: { ap: change(ap), auroc: change(auroc), ece: change(ece), brier: change(brier) },
        probabilityOfGain: story.evidence?.probability ?? null,
        seconds: null,
      };
    });
    const metric = request.tune.metric;
    const mean = compared.mean[metric];
    const scored = categories.filter((one) => one.report[metric].before !== null).length;
    const size = (part: number): number => parts.part.filter((each) => each === part).length;
    const inputs = [...(source.kind === "file" ? [source.path] : [source.model]), ...(request.head === undefined ? [] : [request.head])];
    const record: RunRecord = {
      format: "catwise-run",
      version: 1,
      createdAt: new Date().toISOString(),
      kind: "tune",
      title: basename(out),
      result: {
        summary: {
          metric,
          parts: { fit: size(FIT), selection: size(SELECTION), report: size(REPORT) },
          mean: { before: finite(mean.before), after: finite(mean.after), gain: finite(mean.after - mean.before), interval: mean.interval },
          scored,
          undefined: categories.length - scored,
          tuned: categories.filter((one) => one.status === "tuned").length,
          kept: categories.filter((one) => one.status === "kept").length,
          skipped: categories.filter((one) => one.status === "skipped").length,
          seconds: { extract: opened.seconds, tune: seconds },
          warnings: result.warnings.map(({ code, message }) => ({ code, message })),
        },
        categories,
        provenance: {
          catwise: catwiseVersion(),
          seed: request.tune.seed,
          options: { ...request.tune, uncertain: request.uncertain, kernels: result.kernels },
          inputs: [...(await inputSums(inputs)), ...file.files.map((each) => ({ path: basename(each.path), sha256: each.sha256 }))],
        },
      },
      curves: [],
      overallReliability: { before: null, after: null },
      pooled: result.pooled,
      steps: [`Joined ${labels.imageIds.length} images with ${labels.categories.length} categories of labels.`, `Tuned with ${request.tune.method}.`, "Compared both heads on the report part, which neither fitting nor selection saw."],
      notes: [],
    };
    await writeHeadTo(source, result.head, out);
    const runFile = `${out}.run.json`;
    await writeFileAtomically(runFile, `${JSON.stringify(record, undefined, 1)}\n`);
    return { record, written: [out, runFile] };
  } finally {
    kernels.dispose();
  }
}

function metricChange(figure: FigureChange, reason: string | null): MetricChange {
  return { before: finite(figure.before), after: finite(figure.after), gainInterval: figure.interval, ...(reason === null ? {} : { reason }) };
}
