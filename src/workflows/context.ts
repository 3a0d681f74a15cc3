import type { SoftPolicy } from "../labels/index.ts";
import type { Logger } from "../log.ts";
import type { Checkpoint, SelectionMetric, TuneOptions } from "../learn/index.ts";
import type { Preprocessing } from "../model/index.ts";

export type { Preprocessing };

/** What every workflow is handed by whoever starts it: where words go, and a place to breathe or stop. */
export interface WorkflowContext {
  readonly logger: Logger;
  readonly checkpoint: Checkpoint;
}

/** What an uncertain label counts as: unknown, a label, or a soft target for stage 1 alone. */
export type UncertainPolicyName = LabelSource["uncertain"] | SoftPolicy;

/** A label file and how it is to be read. */
export interface LabelSource {
  readonly labels: string;
  readonly split?: string;
  readonly encoding?: string;
  readonly uncertain: "ignore" | "positive" | "negative";
}

/** Options of a run that leaves a record: its metric has a name that the report knows. */
export interface NamedTuneOptions extends TuneOptions {
  readonly metric: SelectionMetric;
}

/** Where features come from: a features file, or a network and a folder of pictures. */
export type FeatureSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "model"; readonly model: string; readonly images: string; readonly batch?: number; readonly threads?: number; readonly preprocessing?: Partial<Preprocessing> };

/** The files a source is read from, which no output may replace. */
export function inputPaths(source: FeatureSource): string[] {
  return source.kind === "file" ? [source.path] : [source.model];
}
