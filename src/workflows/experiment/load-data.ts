/** The data sets of an experiment: features of models are extracted once, into the output folder, and read from there ever after. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "../../log.ts";
import type { FeatureSource, WorkflowContext } from "../context.ts";
import { runExtract } from "../extract.ts";
import { joinLabels } from "../join.ts";
import { openLabels } from "../labels.ts";
import { openFeatures } from "../sources.ts";
import type { ExperimentConfig, ExperimentData } from "./config.ts";
import type { TrialData } from "./trial.ts";

/** Where the features of a data set are, or will be. Another model or preparation gives another file. */
export function featuresOf(set: ExperimentData, out: string): FeatureSource & { kind: "file" } {
  const { source } = set;
  if (source.kind === "file") return source;
  const mark = createHash("sha256").update(JSON.stringify(source)).digest("hex").slice(0, 8);
  return { kind: "file", path: join(out, "features", `${set.name}-${mark}.safetensors`) };
}

/** Extracts what has not been extracted yet. Errors: those of extract. */
export async function extractMissing(config: ExperimentConfig, out: string, threads: number | undefined, context: WorkflowContext): Promise<void> {
  for (const set of config.data) {
    const { source } = set;
    const { path } = featuresOf(set, out);
    if (source.kind === "file" || existsSync(path)) continue;
    context.logger.info(`Extracting the features of ${set.name}.`);
    await mkdir(join(out, "features"), { recursive: true });
    await runExtract({ ...source, out: path, batch: 16, ...(threads === undefined ? {} : { threads }) }, context);
  }
}

/** Features, labels and parts of one data set. Silent: what is odd about the labels was told when the experiment began. */
export async function loadTrialData(config: ExperimentConfig, at: number, out: string, context: WorkflowContext = { logger: silentLogger, checkpoint() {} }): Promise<TrialData> {
  const set = config.data[at]!;
  const { file, labels } = await openLabels({ ...set, uncertain: config.uncertain }, context);
  return joinLabels(set.groups === "ignore" ? { ...file, groups: null } : file, labels, await openFeatures(featuresOf(set, out), context), context);
}
