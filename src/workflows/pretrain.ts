import { expected } from "../errors.ts";
import { FIT } from "../labels/index.ts";
import { loadKernels } from "../kernels/index.ts";
import { pretrain, strategyNames, type PretrainResult } from "../learn/index.ts";
import type { FeatureSource, LabelSource, WorkflowContext } from "./context.ts";
import { joinLabels } from "./join.ts";
import { openLabels } from "./labels.ts";
import { requireHeadEnding, requireWritable, writeHeadTo } from "./outputs.ts";
import { openFeatures } from "./sources.ts";

export interface PretrainRequest extends LabelSource {
  readonly source: FeatureSource;
  readonly strategy: string;
  readonly out: string;
}

export interface PretrainDone {
  readonly categories: readonly string[];
  readonly images: number;
  readonly story: PretrainResult["story"];
}

/** Stage 1: a head for all categories, written to `out`. */
export async function runPretrain(request: PretrainRequest, context: WorkflowContext): Promise<PretrainDone> {
  if (!strategyNames.includes(request.strategy)) throw expected("--strategy", `one of ${strategyNames.join(", ")}`, request.strategy);
  requireHeadEnding(request.source, request.out);
  await requireWritable(request.out);
  const { file, labels } = await openLabels(request, context);
  const opened = await openFeatures(request.source, context);
  const joined = joinLabels(file, labels, opened, context);
  const kernels = await loadKernels();
  try {
    const { head, story } = await pretrain({ ...joined, strategy: request.strategy, kernels, checkpoint: context.checkpoint });
    await writeHeadTo(request.source, head, request.out);
    return { categories: head.categories, images: joined.parts.part.filter((part) => part === FIT).length, story };
  } finally {
    kernels.dispose();
  }
}
