/** Data for the examples: what a network's features and a team's labels might look like. Three categories, most labels unknown. */
import { randomSource } from "catwise/math";
import { buildPartialLabels, type LabelCell, type PartialLabels } from "catwise/labels";

export const categories = ["scratch", "dent", "stain"];

/** N images with D features each. A label is known with probability `known`; images from `complete` on have all their labels, to judge by. */
export function makeUpData(N: number, D: number, known: number, complete: number): { features: Float32Array; labels: PartialLabels } {
  const random = randomSource("examples");
  const features = Float32Array.from({ length: N * D }, () => random.normal());
  const direction = Float32Array.from({ length: categories.length * D }, () => random.normal());
  const cells: LabelCell[] = [];
  for (let image = 0; image < N; image++) {
    for (let category = 0; category < categories.length; category++) {
      let evidence = 3 * random.normal() - 3;
      for (let j = 0; j < D; j++) evidence += direction[category * D + j] * features[image * D + j];
      const isKnown = random.next() < known || image >= complete;
      // A cell that is not listed is unknown. It is not negative.
      if (isKnown) cells.push({ image, category, value: evidence > 0 ? 1 : 0 });
    }
  }
  const imageIds = Array.from({ length: N }, (_, image) => `image-${image}`);
  return { features, labels: buildPartialLabels({ imageIds, categories, cells }) };
}
