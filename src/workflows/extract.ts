import { CatwiseError } from "../errors.ts";
import { readLabels } from "../datasets/index.ts";
import { sha256OfFile, writeFeatures, type ImageFile, type Preprocessing } from "../model/index.ts";
import { extractToFile, type Extraction } from "../workspace/index.ts";
import type { WorkflowContext } from "./context.ts";
import { some } from "./categories.ts";
import { matchIds } from "./labelled.ts";
import { requireOutputs, writeTogether } from "./outputs.ts";
import { withBackbone } from "./sources.ts";

/** Pictures, the network, and where the features go. */
export interface ExtractRequestOptions {
  readonly model: string;
  readonly images: string;
  readonly labels?: string;
  /** Of the labels. */
  readonly encoding?: string;
  readonly out: string;
  /** Pictures a batch; measured when absent. */
  readonly batch?: number;
  readonly threads?: number;
  /** Fields stated by the person. */
  readonly preprocessing?: Partial<Preprocessing>;
}

/** What `runExtract` wrote, and which pictures it skipped. */
export interface ExtractDone {
  readonly out: string;
  readonly images: number;
  /** Features each: D, of every category where each has its own. */
  readonly columns: number;
  /** The number of categories where each has features of its own, otherwise null. */
  readonly perCategory: number | null;
  /** Images that a former, stopped run had dealt with. */
  readonly resumed: number;
  readonly broken: readonly { readonly image: string; readonly reason: string }[];
}

/**
 * Runs a model over a folder and writes the features of its head's input, resuming a stopped run; broken images are left out and
 * listed. With labels the rows are in their order. A .npy file has no ids, so that `out`.ids.json tells them.
 */
export async function runExtract(request: ExtractRequestOptions, context: WorkflowContext): Promise<ExtractDone> {
  const { model, images: folder, out, batch, threads } = request;
  const bare = /\.npy$/i.test(out);
  if (!bare && !/\.safetensors$/i.test(out)) throw new CatwiseError("usage.invalid-value", `--out: expected a name that ends in .safetensors or .npy, got ${out}.`);
  const idsFile = bare ? `${out}.ids.json` : null;
  await requireOutputs(idsFile === null ? [out] : [out, idsFile], [model, request.labels]);
  const labelled = request.labels === undefined ? undefined : (await readLabels(request.labels, { encoding: request.encoding })).labels.imageIds;
  const source = { kind: "model", model, images: folder, ...(batch === undefined ? {} : { batch }), ...(threads === undefined ? {} : { threads }), ...(request.preprocessing === undefined ? {} : { preprocessing: request.preprocessing }) } as const;
  const modelHash = await sha256OfFile(model);
  const progress = (done: number, total: number): void | Promise<void> => context.checkpoint({ phase: "extract", done, total });
  return withBackbone(source, context, async ({ images, columns, perCategory, width, preprocessing, extract }) => {
    const wanted = labelled === undefined ? images : inOrderOf(labelled, images, matchIds(labelled, images.map((image) => image.id)));
    if (wanted.length === 0) throw new CatwiseError("labels.images-not-found", `the labels name ${some(labelled ?? [])}, the folder holds ${some(images.map((image) => image.id))}; none is in both.`, { place: { file: folder }, remedy: "Make the image column agree with the names of the images." });
    const write = (extraction: Extraction): Promise<void> => writeTogether(idsFile === null ? [] : [{ path: idsFile, text: `${JSON.stringify(extraction.ids)}\n` }], () => writeFeatures(out, { ...extraction, columns, perCategory }));
    const { rows, ids, skipped, resumed } = await extractToFile({ folder, out, modelHash, preprocessing, images: wanted, columns: width, extract, write, progress });
    for (const image of skipped) context.logger.warn("images.skipped", `${image.id}: ${image.detail}`);
    if (labelled !== undefined && rows < labelled.length) {
      context.logger.warn("labels.images-missing", `${labelled.length - rows} labelled images have no features, such as ${some(missingOf(labelled, ids))}.${bare ? " The rows of a .npy file must be those of the labels: leave these images out of the labels, or write .safetensors." : ""}`);
    }
    return { out, images: rows, columns, perCategory: perCategory?.count ?? null, resumed, broken: skipped.map(({ id, detail }) => ({ image: id, reason: detail })) };
  });
}

/** The first three labelled images that have no row. */
function missingOf(labelled: readonly string[], ids: readonly string[]): string[] {
  const found = new Set(matchIds(labelled, ids).values());
  return labelled.filter((label) => !found.has(label)).slice(0, 3);
}

/** The images that the labels name, in the order of the labels. */
function inOrderOf(labelled: readonly string[], images: readonly ImageFile[], labelOfImage: ReadonlyMap<string, string>): ImageFile[] {
  const imageOfLabel = new Map<string, ImageFile>();
  for (const image of images) {
    const label = labelOfImage.get(image.id);
    if (label !== undefined) imageOfLabel.set(label, image);
  }
  return labelled.flatMap((label) => imageOfLabel.get(label) ?? []);
}
