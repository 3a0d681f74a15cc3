import { basename } from "node:path";
import { REPORT } from "../labels/index.ts";
import { loadKernels } from "../kernels/index.ts";
import { compareHeads, tune, type TuneOptions } from "../learn/index.ts";
import { writeFileAtomically } from "../model/index.ts";
import { selectCategories } from "./categories.ts";
import type { FeatureSource, LabelSource, WorkflowContext } from "./context.ts";
import { joinLabels } from "./join.ts";
import { openLabels } from "./labels.ts";
import { inputSums, requireHeadEnding, requireWritable, writeHeadTo } from "./outputs.ts";
import type { RunRecord } from "./run-record.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";
import { makeRunRecord } from "./tune-record.ts";

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
    const inputs = [...(source.kind === "file" ? [source.path] : [source.model]), ...(request.head === undefined ? [] : [request.head])];
    const record = makeRunRecord({
      kind: "tune",
      title: basename(out),
      result,
      compared,
      parts,
      tune: request.tune,
      seconds: { extract: opened.seconds, tune: seconds },
      inputs: [...(await inputSums(inputs)), ...file.files.map((each) => ({ path: basename(each.path), sha256: each.sha256 }))],
      options: { uncertain: request.uncertain },
      steps: [`Joined ${labels.imageIds.length} images with ${labels.categories.length} categories of labels.`, `Tuned with ${request.tune.method}.`, "Compared both heads on the report part, which neither fitting nor selection saw."],
    });
    await writeHeadTo(source, result.head, out);
    const runFile = `${out}.run.json`;
    await writeFileAtomically(runFile, `${JSON.stringify(record, undefined, 1)}\n`);
    return { record, written: [out, runFile] };
  } finally {
    kernels.dispose();
  }
}
