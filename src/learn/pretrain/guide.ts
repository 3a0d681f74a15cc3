import { expected } from "../../errors.ts";
import type { PartialLabels } from "../../labels/index.ts";
import { needsGuide, type PretrainStrategy } from "./strategy.ts";

/**
 * Throws usage.invalid-value unless a guide is there exactly where the strategy goes by one, and holds for each of the N x C cells, image by image, a probability in [0, 1] of another model, or NaN.
 */
export function checkGuide(strategy: PretrainStrategy, { imageIds, categories }: PartialLabels, guide: Float32Array | undefined): void {
  const [N, C] = [imageIds.length, categories.length];
  if (guide === undefined) {
    if (needsGuide(strategy)) throw expected("guide", `${N} x ${C} probabilities of another model, which the strategy ${strategy.name} goes by`, undefined, { remedy: "Give the answers of a model that knows these categories, such as CLIP's softmax over their names." });
    return;
  }
  if (!needsGuide(strategy)) throw expected("guide", `none for the strategy ${strategy.name}, which does not go by one`, "one");
  if (guide.length !== N * C) throw expected("guide", `${N} x ${C} probabilities, image by image`, guide.length);
  const wrong = guide.findIndex((value) => value < 0 || value > 1);
  if (wrong >= 0) throw expected(`guide of ${imageIds[Math.floor(wrong / C)]}, ${categories[wrong % C]}`, "a probability in [0, 1], or NaN", guide[wrong]);
}
