/** The data sets of an experiment: features of models are extracted once, into the output folder, and read from there ever after. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assignParts, NO_PART, REPORT, SELECTION, type PartialLabels, type Parts } from "../../labels/index.ts";
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
  const joined = joinLabels(set.groups === "ignore" ? { ...file, groups: null } : file, labels, await openFeatures(featuresOf(set, out), context, { imageIds: labels.imageIds, file: file.files[0]!.path }), context);
  if (set.judgedOn === "selection") return { ...joined, judged: SELECTION };
  return { ...joined, parts: set.judgedOn === "half-of-selection" ? halveSelection(joined.labels, joined.parts) : joined.parts, judged: REPORT };
}

/** Sends half of the selection images, whole groups, to the report part, by a hash of the name; images that were there already leave it. */
function halveSelection(labels: PartialLabels, parts: Parts): Parts {
  const nameOfGroup = new Map<number, string>();
  parts.group.forEach((group, image) => {
    const known = nameOfGroup.get(group);
    if (known === undefined || labels.imageIds[image]! < known) nameOfGroup.set(group, labels.imageIds[image]!);
  });
  const halves = assignParts(labels, { groups: Array.from(parts.group, (group) => nameOfGroup.get(group)!), shares: { fit: 0, selection: 0.5, report: 0.5 } });
  return { ...parts, part: parts.part.map((part, image) => (part === SELECTION ? halves.part[image]! : part === REPORT ? NO_PART : part)) };
}
