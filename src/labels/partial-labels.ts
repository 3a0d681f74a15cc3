/** The values a known or uncertain cell may have. An unknown cell is not stored at all. */
export const NEGATIVE = 0;
export const POSITIVE = 1;
export const UNCERTAIN = 2;
export type CellValue = typeof NEGATIVE | typeof POSITIVE | typeof UNCERTAIN;

/**
 * The partial-label matrix: N images x C categories in compressed rows. A cell that is not listed is unknown.
 *
 * imageIds (N) and categories (C) are unique. Cells of image i are rowStart[i] .. rowStart[i+1]-1, category ascending.
 * value: 0 negative, 1 positive, 2 uncertain. weight: trust in (0, 1], 1 unless told otherwise.
 */
export interface PartialLabels {
  readonly imageIds: readonly string[];
  readonly categories: readonly string[];
  readonly rowStart: Uint32Array;
  readonly category: Uint32Array;
  readonly value: Int8Array;
  readonly weight: Float32Array;
}

/** The parts of METHOD 2. `none`: the image takes no part (an unknown word in a split is an error, an empty one is `none`). */
export const FIT = 0;
export const SELECTION = 1;
export const REPORT = 2;
export const NO_PART = 255;
export type PartName = "fit" | "selection" | "report";

export interface Parts {
  /** (N): FIT, SELECTION, REPORT or NO_PART. */
  readonly part: Uint8Array;
  /** (N): index of the image's group (patient, part, board); images without one are their own group. */
  readonly group: Uint32Array;
  /** How the parts came about: a split column, or a hash of the group or id. */
  readonly origin: "column" | "hash-of-group" | "hash-of-id";
}
