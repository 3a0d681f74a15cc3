import { CatwiseError } from "../errors.ts";
import { readLabels } from "../datasets/index.ts";
import { writeFeatures } from "../model/index.ts";
import type { WorkflowContext } from "./context.ts";
import { requireWritable } from "./outputs.ts";
import { openFeatures } from "./sources.ts";

export interface ExtractRequestOptions {
  readonly model: string;
  readonly images: string;
  readonly labels?: string;
  readonly out: string;
  readonly batch: number;
  readonly threads?: number;
}

export interface ExtractDone {
  readonly out: string;
  readonly images: number;
  readonly columns: number;
  readonly broken: readonly { readonly image: string; readonly reason: string }[];
}

/** Runs a model over a folder and writes the features of its head's input; broken images are left out and listed. */
export async function runExtract(request: ExtractRequestOptions, context: WorkflowContext): Promise<ExtractDone> {
  const { model, images, out, batch, threads } = request;
  if (!/\.safetensors$/i.test(out)) throw new CatwiseError("usage.invalid-value", `--out: expected a name that ends in .safetensors, got ${out}.`);
  await requireWritable(out);
  const wanted = request.labels === undefined ? undefined : new Set((await readLabels(request.labels)).labels.imageIds);
  const opened = await openFeatures({ kind: "model", model, images, batch, ...(threads === undefined ? {} : { threads }) }, context, wanted && ((id) => wanted.has(id)));
  await writeFeatures(out, { data: opened.data, rows: opened.rows, columns: opened.columns, ids: opened.ids ?? [] });
  return { out, images: opened.rows, columns: opened.columns, broken: opened.skipped.map(({ id, detail }) => ({ image: id, reason: detail })) };
}
