/** A cell that does not show the category. */
export const NEGATIVE = 0;
/** A cell that shows the category. */
export const POSITIVE = 1;
/** A cell somebody looked at and could not decide. */
export const UNCERTAIN = 2;
/** What a listed cell says. Unknown cells are not listed. */
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

/** Images that heads are fitted on. */
export const FIT = 0;
/** Images that method, strength and acceptance are decided on. */
export const SELECTION = 1;
/** Images that the figures shown are computed on, and nothing before. */
export const REPORT = 2;
/** Images that take no part. */
export const NO_PART = 255;
/** The parts by name, as files and options say them. */
export type PartName = "fit" | "selection" | "report";

/** Which image is used for what, and which images belong together (N images). */
export interface Parts {
  /** (N): FIT, SELECTION, REPORT or NO_PART. */
  readonly part: Uint8Array;
  /** (N): index of the image's group (patient, part, board); images without one are their own group. */
  readonly group: Uint32Array;
  /** How the parts came about: a split column, or a hash of the group or id. */
  readonly origin: "column" | "hash-of-group" | "hash-of-id";
}
