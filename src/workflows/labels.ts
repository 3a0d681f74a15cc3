import { applyUncertainPolicy, type PartialLabels } from "../labels/index.ts";
import { readLabels, type LabelFile } from "../datasets/index.ts";
import type { LabelSource, WorkflowContext } from "./context.ts";

const policies = { ignore: "to-unknown", positive: "to-positive", negative: "to-negative" } as const;

/** The label file with what is odd about it told, and its labels under the policy for uncertain cells. */
export async function openLabels(source: LabelSource, { logger }: Pick<WorkflowContext, "logger">): Promise<{ file: LabelFile; labels: PartialLabels }> {
  const file = await readLabels(source.labels, { encoding: source.encoding, splitFile: source.split });
  for (const notice of file.notices) logger.warn(notice.code, notice.message);
  return { file, labels: applyUncertainPolicy(file.labels, policies[source.uncertain]) };
}
