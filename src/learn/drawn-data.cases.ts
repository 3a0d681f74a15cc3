import { plainKernels, randomSource } from "../math/index.ts";
import { buildPartialLabels, FIT, SELECTION, type CellValue, type PartialLabels, type Parts } from "../labels/index.ts";
import { denseFeatures } from "./features.ts";
import { findStrategy, needsGuide, pretrain, type PretrainStrategy } from "./pretrain/index.ts";
import type { Features, Head, TuneInput, TuneOptions } from "./types.ts";

export interface DrawnOptions {
  readonly seed: string;
  readonly images: number;
  readonly columns: number;
  readonly categories: number;
  /** Probability that a cell is known; it may hang on its value. */
  readonly known: (positive: boolean, image: number) => number;
  /** The part of an image; default alternately FIT and SELECTION. */
  readonly partOf?: (image: number) => number;
  /** Of the label noise, in units of the logit's own spread. Default 1. */
  readonly noise?: number;
}

export interface Drawn {
  readonly values: Float32Array;
  readonly features: Features;
  readonly labels: PartialLabels;
  readonly parts: Parts;
  /** (N*C) */
  readonly truth: Uint8Array;
}

/** Normal features, one direction per category, about three in ten positive; labels known by lot. */
export function drawn({ seed, images: N, columns: D, categories: C, known, partOf = (image) => (image % 2 === 0 ? FIT : SELECTION), noise = 1 }: DrawnOptions): Drawn {
  const random = randomSource(`drawn ${seed}`);
  const values = Float32Array.from({ length: N * D }, () => random.normal());
  const direction = Float64Array.from({ length: C * D }, () => random.normal() / Math.sqrt(D));
  const truth = new Uint8Array(N * C);
  const cells: { image: number; category: number; value: CellValue }[] = [];
  for (let image = 0; image < N; image++) {
    for (let category = 0; category < C; category++) {
      let logit = noise * random.normal() - 0.7;
      for (let j = 0; j < D; j++) logit += direction[category * D + j] * values[image * D + j];
      const positive = logit > 0;
      truth[image * C + category] = positive ? 1 : 0;
      if (random.next() < known(positive, image)) cells.push({ image, category, value: positive ? 1 : 0 });
    }
  }
  const labels = buildPartialLabels({
    imageIds: Array.from({ length: N }, (_, i) => `image-${i}`),
    categories: Array.from({ length: C }, (_, c) => `category-${c}`),
    cells,
  });
  const part = Uint8Array.from({ length: N }, (_, image) => partOf(image));
  const parts: Parts = { part, group: Uint32Array.from(part, (_, i) => i), origin: "column" };
  return { values, features: denseFeatures(values, N, D), labels, parts, truth };
}

/** For a strategy that needs one, a guide that says of each cell what `probability` says of the image's number (image-7 is 7) and the category; by default what it happens to say. */
export function guideFor(
  strategy: string | PretrainStrategy,
  { imageIds, categories }: PartialLabels,
  probability: (image: number, category: number) => number = (image, category) => ((image * 7 + category * 5) % 16) / 16,
): { readonly guide?: Float32Array } {
  if (!needsGuide(findStrategy(strategy, "strategy"))) return {};
  return { guide: Float32Array.from(imageIds.flatMap((id) => categories.map((_, c) => probability(Number(id.slice(id.lastIndexOf("-") + 1)), c)))) };
}

/** A base trained on the images for which `sees` says yes. */
export async function baseOf(data: Drawn, strategy: string, sees: (part: number, image: number) => boolean): Promise<Head> {
  const part = data.parts.part.map((own, image) => (sees(own, image) ? FIT : SELECTION));
  const { head } = await pretrain({ features: data.features, labels: data.labels, parts: { ...data.parts, part }, strategy, kernels: plainKernels() });
  return head;
}

export function tuneInput({ features, labels, parts }: Drawn, base: Head, options: Partial<TuneOptions> = {}): TuneInput {
  return { features, labels, parts, base, kernels: plainKernels(), options: { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 0, ...options } };
}
