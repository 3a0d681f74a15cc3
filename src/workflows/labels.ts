import { applyUncertainPolicy, softTargets, type PartialLabels } from "../labels/index.ts";
import { readLabels, type LabelFile } from "../datasets/index.ts";
import type { LabelSource, UncertainPolicyName, WorkflowContext } from "./context.ts";

const policies = { ignore: "to-unknown", positive: "to-positive", negative: "to-negative" } as const;

/** The label file with what is odd about it told, and its labels under the policy for uncertain cells. */
export async function openLabels(source: Omit<LabelSource, "uncertain"> & { readonly uncertain: UncertainPolicyName }, { logger }: Pick<WorkflowContext, "logger">): Promise<{ file: LabelFile; labels: PartialLabels }> {
  const file = await readLabels(source.labels, { encoding: source.encoding, splitFile: source.split });
  for (const notice of file.notices) logger.warn(notice.code, notice.message);
  // With soft targets the cells stay uncertain, which tuning and every metric leave out as they do unknown ones.
  return { file, labels: typeof source.uncertain === "object" ? file.labels : applyUncertainPolicy(file.labels, policies[source.uncertain]) };
}

/** What `pretrain` and `tune` take beside labels whose uncertain cells are soft; nothing under another policy. Deterministic by seed, image and category. */
export function softTargetsFor(policy: UncertainPolicyName, labels: PartialLabels, seed: number): { readonly softTargets?: Float32Array } {
  return typeof policy === "object" ? { softTargets: softTargets(labels, policy, seed) } : {};
}
