/** node bench/children/read-labels.ts SOURCE        reads labels as the command does and prints one JSON document: milliseconds, processor time, peak of resident memory in bytes, and the sums of what was read */
import { readLabels } from "../../src/datasets/index.ts";
import { categoryNumber, cellHash, imageNumber, type LabelSums } from "../harness/known-labels.ts";

export interface LabelsRead {
  readonly milliseconds: number;
  readonly processor: number;
  readonly peak: number;
  readonly sums: LabelSums;
}

const began = performance.now();
const { labels } = await readLabels(process.argv[2] ?? "");
const milliseconds = performance.now() - began;
const { user, system } = process.cpuUsage();
const peak = process.resourceUsage().maxRSS * 1024;
let [positives, hash] = [0, 0];
const categories = labels.categories.map(categoryNumber);
for (const [image, id] of labels.imageIds.entries()) {
  const number = imageNumber(id);
  for (let cell = labels.rowStart[image]; cell < labels.rowStart[image + 1]; cell++) {
    const positive = labels.value[cell] === 1;
    if (positive) positives += 1;
    hash += cellHash(number, categories[labels.category[cell]], positive);
  }
}
const read: LabelsRead = { milliseconds, processor: (user + system) / 1000, peak, sums: { images: labels.imageIds.length, categories: categories.length, cells: labels.category.length, positives, hash } };
process.stdout.write(JSON.stringify(read));
