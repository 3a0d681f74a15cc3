import { basename } from "node:path";
import { REPORT } from "../labels/index.ts";
import { loadKernels } from "../kernels/index.ts";
import { compareHeads, tune, type TuneOptions } from "../learn/index.ts";
import { selectCategories } from "./categories.ts";
import type { FeatureSource, LabelSource, WorkflowContext } from "./context.ts";
import { joinLabels } from "./join.ts";
import { openLabels } from "./labels.ts";
import { inputSums, requireDifferent, requireHeadEnding, requireWritable, writeHeadTo, writeTogether } from "./outputs.ts";
import { renderReport } from "./report/index.ts";
import type { RunRecord } from "./run-record.ts";
import { openFeatures, openHead, requireWidth } from "./sources.ts";
import { makeRunRecord } from "./tune-record.ts";

export interface TuneRequest extends LabelSource {
  readonly source: FeatureSource;
  readonly head?: string;
  readonly tune: TuneOptions;
  readonly out: string;
  /** HTML report to write too. */
  readonly report?: string;
}

export interface TuneDone {
  readonly record: RunRecord;
  readonly written: readonly string[];
}

/** Stage 2: tunes the head, writes it to `out`, the record of the run to `out`.run.json and, where asked for, the report: all or none. */
export async function runTune(request: TuneRequest, context: WorkflowContext): Promise<TuneDone> {
  const { source, out } = request;
  requireHeadEnding(source, out);
  const runFile = `${out}.run.json`;
  const written = [out, runFile, ...(request.report === undefined ? [] : [request.report])];
  requireDifferent(written);
  for (const path of written) await requireWritable(path);
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
    const texts = [{ path: runFile, text: `${JSON.stringify(record, undefined, 1)}\n` }, ...(request.report === undefined ? [] : [{ path: request.report, text: renderReport(record) }])];
    await writeTogether(texts, () => writeHeadTo(source, result.head, out));
    return { record, written };
  } finally {
    kernels.dispose();
  }
}
