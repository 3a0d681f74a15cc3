import { basename } from "node:path";
import { expected } from "../errors.ts";
import { labelWriters, readLabels, type LabelFile, type LabelFormat } from "../datasets/index.ts";
import { knownCounts, type PartName } from "../labels/index.ts";
import type { WorkflowContext } from "./context.ts";
import { requireNew, requireOutputs } from "./outputs.ts";

/** Labels to read, and the format and file to write them in. */
export interface ConvertRequest {
  readonly labels: string;
  readonly split?: string;
  readonly encoding?: string;
  readonly to: LabelFormat;
  readonly out: string;
  /** Whether files that are there already may be replaced. */
  readonly overwrite: boolean;
}

/** What `runConvert` wrote, cell by cell of which kind, and what was lost. */
export interface ConvertDone {
  readonly to: LabelFormat;
  /** How the file is named to --labels. */
  readonly labels: string;
  /** The file and its companions. */
  readonly written: readonly string[];
  readonly images: number;
  readonly categories: number;
  /** Every cell is one of the four. */
  readonly cells: { readonly positive: number; readonly negative: number; readonly uncertain: number; readonly unknown: number };
  /** Images by part; null when nothing is said of parts. */
  readonly parts: { readonly fit: number; readonly selection: number; readonly report: number; readonly none: number } | null;
  /** Groups that have a name; null when nothing is said of groups. */
  readonly groups: number | null;
  /** What was in the files and is not in what was written. */
  readonly lost: readonly string[];
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * Reads labels of any kind and writes them in another format, cell by cell the same: positive, negative, uncertain and unknown stay what they are.
 * What cannot be carried is told and counted. Errors: output.*, labels.unwritable, those of the label file.
 */
export async function runConvert({ labels: source, split, encoding, to, out, overwrite }: ConvertRequest, { logger, checkpoint }: WorkflowContext): Promise<ConvertDone> {
  const writer = labelWriters[to];
  const outputs = writer.paths(out);
  if (/\.reviewed\.json$/i.test(out)) throw expected("--out", "a name that is not that of a sidecar of reviewed categories", out);
  await requireOutputs(outputs, [source, split]);
  if (!overwrite) await requireNew(outputs);
  await checkpoint({ phase: "read", done: 0, total: 1 });
  const file = await readLabels(source, { encoding, splitFile: split });
  for (const notice of file.notices) logger.warn(notice.code, notice.message);
  // A format of many files is named by its folder: only now is it known which they are.
  if (overwrite) await requireOutputs(outputs, file.paths);
  const total = file.labels.imageIds.length;
  const written = await writer.write(out, file, (done) => checkpoint({ phase: "write", done, total }));
  const lost = [...file.readPast, ...written.lost];
  if (lost.length > 0) logger.warn("convert.lost", `not in ${out}: ${lost.join("; ")}.`);
  return { to, labels: `${writer.kind}${out}`, written: written.files, ...countsOf(file), lost, inputs: file.files.map(({ path, sha256 }) => ({ path: basename(path), sha256 })) };
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

function countsOf({ labels, split, groups }: LabelFile): Pick<ConvertDone, "images" | "categories" | "cells" | "parts" | "groups"> {
  const counts = knownCounts(labels);
  const size = (name: PartName | null): number => split?.filter((part) => part === name).length ?? 0;
  return {
    images: labels.imageIds.length,
    categories: labels.categories.length,
    cells: { positive: sum(counts.positive), negative: sum(counts.negative), uncertain: sum(counts.uncertain), unknown: sum(counts.unknown) },
    parts: split === null ? null : { fit: size("fit"), selection: size("selection"), report: size("report"), none: size(null) },
    groups: groups === null ? null : new Set(groups.filter((group) => group !== null)).size,
  };
}
