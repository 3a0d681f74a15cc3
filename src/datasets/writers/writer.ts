import type { PartialLabels, PartName } from "../../labels/index.ts";

/** What is written: a label matrix and what is said of its images beside it. A LabelFile is one. */
export interface LabelTable {
  readonly labels: PartialLabels;
  /** (N) null: the image takes no part. The whole is null when nothing is said of parts. */
  readonly split: readonly (PartName | null)[] | null;
  /** (N) null: the image is a group of its own. The whole is null when nothing is said of groups. */
  readonly groups: readonly (string | null)[] | null;
}

/** What was written, and what could not be. */
export interface WrittenLabels {
  /** The file asked for and what was written beside it. */
  readonly files: readonly string[];
  /** What the format has no place for, e.g. "12 weights". */
  readonly lost: readonly string[];
}

/** Called now and then with the number of images written so far; what it throws stops the writing, and nothing is left of it. */
export type WriteProgress = (images: number) => void | Promise<void>;

/**
 * One format labels are written in. Reading the file with this house's own reader of the format gives the same matrix, parts and groups,
 * but for what `lost` names. Memory beyond the table itself does not grow with the number of images.
 */
export interface LabelWriter {
  /** What the name of the file ends in. */
  readonly ending: ".csv" | ".json";
  /** How the file is named to `readLabels`, before the path; empty for a path alone. */
  readonly kind: "" | "coco:" | "label-studio:";
  /** Every file that may be written for one: it first, then its companions. */
  readonly paths: (out: string) => readonly string[];
  /** Errors: labels.unwritable for a name the format cannot hold, before anything is written; output.*. */
  readonly write: (out: string, table: LabelTable, progress?: WriteProgress) => Promise<WrittenLabels>;
}

/** Between two calls of progress, in images. */
const stride = 256;

/** Visits the images in order, telling progress in between. */
export async function forEachImage({ labels }: LabelTable, visit: (image: number) => void | Promise<void>, progress: WriteProgress = () => {}): Promise<void> {
  const images = labels.imageIds.length;
  for (let image = 0; image < images; image += 1) {
    if (image % stride === 0) await progress(image);
    await visit(image);
  }
  await progress(images);
}

/** What is lost where the format knows no weights. */
export function lostWeights({ labels }: LabelTable): string[] {
  let count = 0;
  for (const weight of labels.weight) if (weight !== 1) count += 1;
  return count === 0 ? [] : [`${count} ${count === 1 ? "weight" : "weights"} other than 1`];
}
