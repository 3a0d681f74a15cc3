import { stat } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import { CatwiseError } from "../errors.ts";
import { sigmoid } from "../math/index.ts";
import { Extractor, listImages, openClassifier, readModelHead, resolvePreprocessing, writeTextFiles, type PixelRunner, type Preprocessing, type SkippedImage } from "../model/index.ts";
import type { WorkflowContext } from "./context.ts";
import { requireOutputs } from "./outputs.ts";
import { noImages } from "./sources.ts";
import { readThresholds, thresholdsFileOf, type ReadThreshold } from "./thresholds/index.ts";

/** A model and pictures to answer for. */
export interface PredictRequest {
  readonly model: string;
  readonly images: string;
  readonly out: string;
  /** Pictures a batch; measured when absent. */
  readonly batch?: number;
  /** A .thresholds.json; the one beside the model, where there is one, when absent. */
  readonly thresholds?: string;
  /** CSV file of yes and no; `out` with .answers.csv for its ending when absent. */
  readonly answers?: string;
  readonly threads?: number;
  /** Fields stated by the person. */
  readonly preprocessing?: Partial<Preprocessing>;
}

/** What `runPredict` wrote. */
export interface PredictDone {
  readonly out: string;
  /** The CSV file of yes and no, and the categories that have a threshold; null without thresholds. */
  readonly answers: { readonly out: string; readonly thresholds: string; readonly categories: readonly string[] } | null;
  readonly images: number;
  readonly categories: readonly string[];
  readonly preprocessing: string;
  /** Whether the model gave logits, so that a sigmoid was applied here. */
  readonly sigmoidApplied: boolean;
  readonly broken: readonly { readonly image: string; readonly reason: string }[];
}

/**
 * The probability of every category for every image of a folder, as CSV: `image,<category>,...`, in the order of the
 * images' names, written row by row. Broken images have no row. Where there are thresholds, a second CSV of the same shape holds the answers: 1 yes,
 * 0 no, empty for a category without a threshold. Both files or none. Errors: images.none, output.*, thresholds.other-head, those of the model.
 */
export async function runPredict(request: PredictRequest, { logger, checkpoint }: WorkflowContext): Promise<PredictDone> {
  const { model, out, batch, threads } = request;
  const beside = thresholdsFileOf(model);
  const thresholdsFile = request.thresholds ?? ((await isFile(beside)) ? beside : null);
  const answers = request.answers ?? out.replace(/\.csv$/i, ".answers.csv");
  if (thresholdsFile === null && request.answers !== undefined) {
    throw new CatwiseError("usage.missing-option", `--answers needs thresholds, and there is no ${beside}.`, { remedy: "Give --thresholds FILE, or make them with tune --target." });
  }
  await requireOutputs([out, ...(thresholdsFile === null ? [] : [answers])], [model, ...(thresholdsFile === null ? [] : [thresholdsFile])]);
  const images = await listImages(request.images);
  if (images.length === 0) throw noImages(request.images);
  const { categories: named, columns, weight, bias } = await readModelHead(model);
  const names = named ?? Array.from(bias, (_, at) => `output-${at}`);
  if (thresholdsFile !== null && named === null) {
    throw new CatwiseError("thresholds.other-head", "the model names no categories, so the thresholds cannot be told apart.", { place: { file: thresholdsFile }, remedy: "Give the model that tune wrote, which names them." });
  }
  const thresholds = thresholdsFile === null ? null : await readThresholds(thresholdsFile, { categories: names, columns, weight, bias });
  const classifier = await openClassifier(model, threads === undefined ? {} : { threads });
  let extractor: Extractor | null = null;
  try {
    const categories = named ?? Array.from({ length: classifier.categories }, (_, at) => `output-${at}`);
    if (named === null) logger.warn("head.names-unknown", "the model names no categories; the columns are numbered in its order.");
    const { channels, height, width } = classifier.input;
    const { preprocessing, description } = await resolvePreprocessing({ modelPath: model, inputHeight: height, inputWidth: width, inputChannels: channels, ...(request.preprocessing === undefined ? {} : { explicit: request.preprocessing }) });
    logger.info(description);
    const broken: SkippedImage[] = [];
    let done = 0;
    const runner: PixelRunner = { columns: classifier.categories, input: classifier.input, run: async (pixels, count) => (await classifier.run(pixels, count)).values };
    const opened = new Extractor({ model, whole: true, preprocessing, backbone: runner, threads, batchSize: batch, tell: (text) => logger.info(text) });
    extractor = opened;
    const ownScale = classifier.activation === "sigmoid";
    const probability = ownScale ? (value: number): number => value : sigmoid;
    const cuts = thresholds === null ? null : cutsOn(thresholds, ownScale);
    await writeTextFiles(cuts === null ? [out] : [out, answers], async (files) => {
      const append = (rows: string[][], at: number): Promise<void> => files[at]!.write(stringify(rows));
      await append([["image", ...categories]], 0);
      if (cuts !== null) await append([["image", ...categories]], 1);
      for await (const { ids, features: values, skipped } of opened.extract(images)) {
        const rowOf = (at: number): Float32Array => values.subarray(at * categories.length, (at + 1) * categories.length);
        if (ids.length > 0) await append(ids.map((id, at) => [id, ...Array.from(rowOf(at), (value) => shortest(probability(value)))]), 0);
        if (ids.length > 0 && cuts !== null) await append(ids.map((id, at) => [id, ...Array.from(rowOf(at), (value, c) => answer(value, cuts[c]!))]), 1);
        done += ids.length;
        broken.push(...skipped);
        for (const { id, detail } of skipped) logger.warn("images.skipped", `${id}: ${detail}`);
        await checkpoint({ phase: "predict", done: done + broken.length, total: images.length });
      }
      if (done === 0) throw noImages(request.images, broken);
    });
    return {
      out,
      answers: thresholdsFile === null || thresholds === null ? null : { out: answers, thresholds: thresholdsFile, categories: categories.filter((_, c) => thresholds[c] !== null) },
      images: done, categories, preprocessing: description, sigmoidApplied: classifier.activation === "none", broken: broken.map(({ id, detail }) => ({ image: id, reason: detail })),
    };
  } finally {
    await extractor?.close();
    await classifier.close();
  }
}

/** The thresholds on the scale of the model's answers; a model that ends in a sigmoid answers in float32, which the threshold is rounded to as well. */
function cutsOn(thresholds: readonly (ReadThreshold | null)[], probabilities: boolean): (number | null)[] {
  return thresholds.map((one) => (one === null ? null : probabilities ? Math.fround(sigmoid(one.threshold)) : one.threshold));
}

function answer(value: number, cut: number | null): string {
  if (cut === null) return "";
  return value >= cut ? "1" : "0";
}

async function isFile(path: string): Promise<boolean> {
  const about = await stat(path).catch(() => null);
  return about?.isFile() ?? false;
}

/** Seven digits: all that a float32 answer holds, small probabilities included. */
function shortest(value: number): string {
  return String(Number(value.toPrecision(7)));
}
