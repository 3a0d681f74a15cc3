/** Features from a file, or from a model run over a folder of images; and the head that goes with them. */
import { CatwiseError } from "../errors.ts";
import type { Head } from "../learn/index.ts";
import { Extractor, listImages, openBackbone, openFeaturesFile, readHead, readModelHead, resolvePreprocessing, type FeatureBatch, type FeatureRows, type ImageFile, type OwnFeatures, type Preprocessing, type SkippedImage } from "../model/index.ts";
import type { FeatureSource, WorkflowContext } from "./context.ts";
import { labelledAmong, type LabelledImages } from "./labelled.ts";
import { largestHeld, memoryFor, sizeText, type MemoryRequest } from "./memory.ts";

export interface OpenedFeatures {
  /** The file, or the folder of images. */
  readonly from: string;
  /** N x D, or N x C x D; or the rows of a file that is too large for memory. */
  readonly data: Float32Array | FeatureRows;
  readonly rows: number;
  /** D */
  readonly columns: number;
  /** null where all categories share the features of an image. */
  readonly perCategory: OwnFeatures | null;
  readonly ids: string[] | null;
  readonly skipped: readonly SkippedImage[];
  /** How the images were prepared; null for a file, which does not say. */
  readonly preprocessing: Preprocessing | null;
  /** Seconds spent running the model; 0 for a file. */
  readonly seconds: number;
}

/**
 * All features of a source; those of a file too large for the memory they may take are read when they are needed. A model is run over the images of a folder that have labels alone: what else lies there, pictures or not, is never opened.
 * Errors: those of the files and the model; images.none, labels.images-not-found.
 */
export async function openFeatures(source: FeatureSource, context: WorkflowContext, labelled: LabelledImages, memory: MemoryRequest = {}): Promise<OpenedFeatures> {
  if (source.kind === "file") {
    const { features, ids, perCategory, bytes, data } = await openFeaturesFile(source.path, { heldUpTo: largestHeld(memory) });
    if (data === null) context.logger.info(`${source.path} holds ${sizeText(bytes)} of numbers, more than fit into the ${sizeText(memoryFor(memory))} of memory that features may take (--memory): they stay on disk and are read in order.`);
    return { from: source.path, data: data ?? features, rows: features.rows, columns: features.columns, perCategory, ids, skipped: [], preprocessing: null, seconds: 0 };
  }
  const began = performance.now();
  return withBackbone(source, context, async ({ images: listed, columns, perCategory, width, preprocessing, extract }) => {
    const found = labelledAmong(listed.map(({ id }) => id), source.images, labelled, context.logger, "files");
    const images = listed.filter(({ id }) => found.has(id));
    const data = new Float32Array(images.length * width);
    const ids: string[] = [];
    const skipped: SkippedImage[] = [];
    for await (const batch of extract(images)) {
      data.set(batch.features, ids.length * width);
      ids.push(...batch.ids);
      skipped.push(...batch.skipped);
      await context.checkpoint({ phase: "extract", done: ids.length + skipped.length, total: images.length });
    }
    if (ids.length === 0) throw noImages(source.images, skipped);
    for (const image of skipped) context.logger.warn("images.skipped", `${image.id}: ${image.detail}`);
    return { from: source.images, data: data.subarray(0, ids.length * width), rows: ids.length, columns, perCategory, ids, skipped, preprocessing, seconds: (performance.now() - began) / 1000 };
  });
}

export interface OpenedBackbone {
  readonly images: readonly ImageFile[];
  /** D */
  readonly columns: number;
  readonly perCategory: OwnFeatures | null;
  /** Numbers per image: D, or C*D. */
  readonly width: number;
  readonly preprocessing: Preprocessing;
  readonly extract: (images: readonly ImageFile[]) => AsyncIterable<FeatureBatch>;
}

/** Opens a model over a folder, lets `use` run it, and closes it. Errors: images.none, those of the model. */
export async function withBackbone<T>(source: FeatureSource & { kind: "model" }, { logger }: Pick<WorkflowContext, "logger">, use: (opened: OpenedBackbone) => Promise<T>): Promise<T> {
  const images = await listImages(source.images);
  if (images.length === 0) throw noImages(source.images);
  const backbone = await openBackbone(source.model, source.threads === undefined ? {} : { threads: source.threads });
  let extractor: Extractor | null = null;
  try {
    const { channels, height, width } = backbone.input;
    const { preprocessing, description } = await resolvePreprocessing({ modelPath: source.model, inputHeight: height, inputWidth: width, inputChannels: channels, ...(source.preprocessing === undefined ? {} : { explicit: source.preprocessing }) });
    logger.info(description);
    const opened = new Extractor({ model: source.model, preprocessing, backbone, threads: source.threads, batchSize: source.batch, tell: (text) => logger.info(text) });
    extractor = opened;
    return await use({ images, columns: backbone.columns / (backbone.perCategory?.count ?? 1), perCategory: backbone.perCategory, width: backbone.columns, preprocessing, extract: (some) => opened.extract(some) });
  } finally {
    await extractor?.close();
    await backbone.close();
  }
}

/** The error for a folder without a readable image; the first of those skipped says what is wrong with them. */
export function noImages(folder: string, skipped: readonly SkippedImage[] = []): CatwiseError {
  const [first] = skipped;
  const what = first === undefined ? "it holds no file" : `${skipped.length} were skipped, the first: ${first.id} (${first.detail})`;
  return new CatwiseError("images.none", `expected a folder with at least one readable image; ${what}.`, { place: { file: folder }, remedy: "Check the path and the files." });
}

/** The head of a file, or of the model itself. A model that names no category takes the names of the labels when their numbers agree. */
export async function openHead(source: FeatureSource, headPath: string | undefined, labelCategories: readonly string[], { logger }: WorkflowContext): Promise<Head> {
  if (source.kind === "file") {
    if (headPath === undefined) throw new CatwiseError("usage.missing-option", "features were given without a head.", { remedy: "Give the head file too." });
    return readHead(headPath);
  }
  const { categories, columns, weight, bias } = await readModelHead(source.model);
  if (categories !== null) return { categories, columns, weight, bias };
  if (bias.length !== labelCategories.length) {
    throw new CatwiseError("head.category-mismatch", `the model names no categories and has ${bias.length} outputs; the labels have ${labelCategories.length} categories.`, {
      place: { file: source.model },
      remedy: "Give labels with one column per output, in the model's order; or train a last layer for your own categories with catwise pretrain first.",
    });
  }
  logger.warn("head.names-assumed", "the model names no categories; the label columns were taken in their order.");
  return { categories: labelCategories, columns, weight, bias };
}

/** Throws unless the head belongs to the features: head.width-mismatch where it reads another number of them, features.category-mismatch (requireOwners). */
export function requireWidth(head: Head, opened: OpenedFeatures, headPath: string | undefined): void {
  const { columns, from } = opened;
  requireOwners(opened, head.categories, "the head");
  if (head.columns === columns) return;
  throw new CatwiseError("head.width-mismatch", `the head expects ${head.columns} features per image, those of ${from} have ${columns}.`, {
    ...(headPath === undefined ? {} : { place: { file: headPath } }),
    remedy: "Use features extracted with the model the head belongs to.",
  });
}

/** Throws features.category-mismatch where every category has features of its own and they are not of these categories, in this order. */
export function requireOwners({ perCategory, from }: OpenedFeatures, categories: readonly string[], whose: string): void {
  if (perCategory === null) return;
  const { count, names } = perCategory;
  const remedy = "Use a head, labels and features of the same categories, in the same order.";
  if (count !== categories.length) {
    throw new CatwiseError("features.category-mismatch", `every category has features of its own, and they are of ${count} categories; ${whose} has ${categories.length}.`, { place: { file: from }, remedy });
  }
  const at = names?.findIndex((name, c) => name !== categories[c]) ?? -1;
  if (at >= 0) {
    throw new CatwiseError("features.category-mismatch", `the features of category ${at + 1} are those of ${JSON.stringify(names![at])}, ${whose} has ${JSON.stringify(categories[at])} there.`, { place: { file: from }, remedy });
  }
}
