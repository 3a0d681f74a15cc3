import { CatwiseError } from "../errors.ts";
import { readLabels } from "../datasets/index.ts";
import { sha256OfFile } from "../model/index.ts";
import { extractToFile } from "../workspace/index.ts";
import type { WorkflowContext } from "./context.ts";
import { matchIds } from "./join.ts";
import { requireWritable } from "./outputs.ts";
import { withBackbone } from "./sources.ts";

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
  /** Images that a former, stopped run had dealt with. */
  readonly resumed: number;
  readonly broken: readonly { readonly image: string; readonly reason: string }[];
}

/** Runs a model over a folder and writes the features of its head's input, resuming a stopped run; broken images are left out and listed. */
export async function runExtract(request: ExtractRequestOptions, context: WorkflowContext): Promise<ExtractDone> {
  const { model, images: folder, out, batch, threads } = request;
  if (!/\.safetensors$/i.test(out)) throw new CatwiseError("usage.invalid-value", `--out: expected a name that ends in .safetensors, got ${out}.`);
  await requireWritable(out);
  const labelled = request.labels === undefined ? undefined : (await readLabels(request.labels)).labels.imageIds;
  const source = { kind: "model", model, images: folder, batch, ...(threads === undefined ? {} : { threads }) } as const;
  const modelHash = await sha256OfFile(model);
  const progress = (done: number, total: number): void | Promise<void> => context.checkpoint({ phase: "extract", done, total });
  return withBackbone(source, context, async ({ images, columns, preprocessing, extract }) => {
    const named = labelled && matchIds(labelled, images.map((image) => image.id));
    const wanted = named === undefined ? images : images.filter((image) => named.has(image.id));
    if (wanted.length === 0) throw new CatwiseError("labels.images-not-found", "no image of the folder is named in the labels.", { place: { file: folder }, remedy: "Make the image column agree with the names of the images." });
    const { rows, skipped, resumed } = await extractToFile({ out, modelHash, preprocessing, images: wanted, columns, extract, progress });
    for (const image of skipped) context.logger.warn("images.skipped", `${image.id}: ${image.detail}`);
    return { out, images: rows, columns, resumed, broken: skipped.map(({ id, detail }) => ({ image: id, reason: detail })) };
  });
}
