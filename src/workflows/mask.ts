import { readLabels, writeWideCsv } from "../datasets/index.ts";
import { assignParts, dropLabels, FIT, knownCounts, REPORT, SELECTION, type DropProtocol, type PartName } from "../labels/index.ts";
import type { WorkflowContext } from "./context.ts";
import { requireOutputs } from "./outputs.ts";

/** Labels to hide some of, and by which protocol. */
export interface MaskRequest {
  readonly labels: string;
  readonly split?: string;
  readonly encoding?: string;
  readonly protocol: DropProtocol;
  readonly keep?: number;
  readonly seed: number;
  /** The parts that lose labels; the report part is what methods are judged by, so it is not among them. */
  readonly parts: readonly ("fit" | "selection")[];
  readonly out: string;
}

/** Known cells of one category before and after. */
export interface MaskedCategory {
  readonly name: string;
  readonly before: { readonly positive: number; readonly negative: number };
  readonly after: { readonly positive: number; readonly negative: number };
}

/** What `runMask` wrote. */
export interface MaskDone {
  readonly out: string;
  readonly images: { readonly fit: number; readonly selection: number; readonly report: number; readonly none: number };
  /** Known cells of all parts together. */
  readonly categories: readonly MaskedCategory[];
}

const nameOf = new Map<number, PartName>([[FIT, "fit"], [SELECTION, "selection"], [REPORT, "report"]]);

/**
 * Makes known labels of the chosen parts unknown and writes the rest as wide CSV. The parts go into a `split` column, so
 * that what was masked as one part is later used as that part. Errors: usage.*, output.*, those of the label file.
 */
export async function runMask(request: MaskRequest, { logger }: Pick<WorkflowContext, "logger">): Promise<MaskDone> {
  const { out, protocol, keep, seed } = request;
  // What is masked away is gone, so above all the labels themselves are never written over.
  await requireOutputs([out], [request.labels, request.split]);
  const file = await readLabels(request.labels, { encoding: request.encoding, splitFile: request.split });
  // A format of many files is named by its folder: only now is it known which they are.
  await requireOutputs([out], file.paths);
  for (const notice of file.notices) logger.warn(notice.code, notice.message);
  const { labels, groups } = file;
  if (labels.weight.some((weight) => weight !== 1)) logger.warn("mask.weights-lost", "the labels carry weights, which a wide CSV cannot hold; every label written counts as 1.");
  const { part } = assignParts(labels, { split: file.split, groups });
  const split = Array.from(part, (each) => nameOf.get(each) ?? null);
  const chosen: readonly (PartName | null)[] = request.parts;
  const rows = Uint8Array.from(split, (each) => (each !== null && chosen.includes(each) ? 1 : 0));
  const masked = dropLabels(labels, { protocol, seed, rows, ...(keep === undefined ? {} : { keep }) });
  await writeWideCsv(out, { labels: masked, split, groups });
  const [before, after] = [knownCounts(labels), knownCounts(masked)];
  const size = (name: PartName | null): number => split.filter((each) => each === name).length;
  return {
    out,
    images: { fit: size("fit"), selection: size("selection"), report: size("report"), none: size(null) },
    categories: labels.categories.map((name, at) => ({
      name,
      before: { positive: before.positive[at]!, negative: before.negative[at]! },
      after: { positive: after.positive[at]!, negative: after.negative[at]! },
    })),
  };
}
