import { open } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import { sigmoid } from "../math/index.ts";
import { extractFeatures, listImages, openClassifier, readModelHead, resolvePreprocessing, writeFileAtomically, type PixelRunner, type Preprocessing, type SkippedImage } from "../model/index.ts";
import type { WorkflowContext } from "./context.ts";
import { requireOutputs } from "./outputs.ts";
import { noImages } from "./sources.ts";

export interface PredictRequest {
  readonly model: string;
  readonly images: string;
  readonly out: string;
  readonly batch: number;
  readonly threads?: number;
  /** Fields stated by the person. */
  readonly preprocessing?: Partial<Preprocessing>;
}

export interface PredictDone {
  readonly out: string;
  readonly images: number;
  readonly categories: readonly string[];
  readonly preprocessing: string;
  /** Whether the model gave logits, so that a sigmoid was applied here. */
  readonly sigmoidApplied: boolean;
  readonly broken: readonly { readonly image: string; readonly reason: string }[];
}

/**
 * The probability of every category for every image of a folder, as CSV: `image,<category>,...`, in the order of the
 * images' names, written row by row. Broken images have no row. Errors: images.none, output.*, those of the model.
 */
export async function runPredict(request: PredictRequest, { logger, checkpoint }: WorkflowContext): Promise<PredictDone> {
  const { model, out, batch, threads } = request;
  await requireOutputs([out], [model]);
  const images = await listImages(request.images);
  if (images.length === 0) throw noImages(request.images);
  const { categories: named } = await readModelHead(model);
  const classifier = await openClassifier(model, threads === undefined ? {} : { threads });
  try {
    const categories = named ?? Array.from({ length: classifier.categories }, (_, at) => `output-${at}`);
    if (named === null) logger.warn("head.names-unknown", "the model names no categories; the columns are numbered in its order.");
    const { channels, height, width } = classifier.input;
    const { preprocessing, description } = await resolvePreprocessing({ modelPath: model, inputHeight: height, inputWidth: width, inputChannels: channels, ...(request.preprocessing === undefined ? {} : { explicit: request.preprocessing }) });
    logger.info(description);
    const broken: SkippedImage[] = [];
    let done = 0;
    const runner: PixelRunner = { columns: classifier.categories, input: classifier.input, run: async (pixels, count) => (await classifier.run(pixels, count)).values };
    const probability = classifier.activation === "sigmoid" ? (value: number): number => value : sigmoid;
    await writeFileAtomically(out, async (temporary) => {
      const file = await open(temporary, "wx");
      try {
        await file.write(stringify([["image", ...categories]]));
        for await (const { ids, features: values, skipped } of extractFeatures({ images, preprocessing, backbone: runner, batchSize: batch })) {
          const rows = ids.map((id, at) => [id, ...Array.from(values.subarray(at * categories.length, (at + 1) * categories.length), (value) => shortest(probability(value)))]);
          if (rows.length > 0) await file.write(stringify(rows));
          done += ids.length;
          broken.push(...skipped);
          for (const { id, detail } of skipped) logger.warn("images.skipped", `${id}: ${detail}`);
          await checkpoint({ phase: "predict", done: done + broken.length, total: images.length });
        }
        if (done === 0) throw noImages(request.images, broken);
      } finally {
        await file.close();
      }
    });
    return { out, images: done, categories, preprocessing: description, sigmoidApplied: classifier.activation === "none", broken: broken.map(({ id, detail }) => ({ image: id, reason: detail })) };
  } finally {
    await classifier.close();
  }
}

/** Seven digits: all that a float32 answer holds, small probabilities included. */
function shortest(value: number): string {
  return String(Number(value.toPrecision(7)));
}
