import type { CellValue, PartialLabels, PartName } from "../labels/index.ts";

/** Something in the files a person should know of, though it stops nothing. */
export interface LabelNotice {
  readonly code:
    | "category-without-labels"
    | "image-without-labels"
    | "repeated-image"
    | "ignored-columns"
    | "split-column-overridden"
    | "image-not-in-split"
    | "split-image-without-labels"
    | "disagreeing-labels"
    | "images-without-annotations"
    | "assumed-negative"
    | "images-outside-sets"
    | "automatic-labels"
    | "set-not-found"
    | "ignored-annotations"
    | "frames-of-one-video"
    | "ignored-rows"
    | "reviewed-sidecar";
  readonly message: string;
}

/** Labels as read: the matrix, what the file says of parts and groups, and what was odd. */
export interface LabelFile {
  readonly labels: PartialLabels;
  /** (N) null: the image takes no part. The whole is null when no file says anything of parts. */
  readonly split: (PartName | null)[] | null;
  /** (N) null: the image is a group of its own. The whole is null when no file says anything of groups. */
  readonly groups: (string | null)[] | null;
  readonly notices: readonly LabelNotice[];
  /** What the files hold that is no label of an image and was read past, in words. */
  readonly readPast: readonly string[];
  /** Every file that was read. */
  readonly paths: readonly string[];
  /** What was read, so that a run can be repeated on the same bytes; a folder of many files is one entry. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

export interface RecordCell {
  /** Index into the categories of the reader. */
  readonly category: number;
  readonly value: CellValue;
  readonly weight: number;
}

/** What one row of any format says of one image; cells it does not mention are unknown. */
export interface LabelRecord {
  readonly image: string;
  readonly line: number;
  readonly cells: readonly RecordCell[];
  /** undefined: the format has no such column; null: it has, and is empty here. */
  readonly part?: PartName | null;
  readonly group?: string | null;
}

/** A file or folder being read. `categories`, `notices`, `readPast` and `files` are complete once the records have been read to the end. */
export interface LabelReader {
  readonly path: string;
  /** A second row for an image is worth a notice. */
  readonly oneRowPerImage: boolean;
  readonly categories: readonly string[];
  readonly notices: readonly LabelNotice[];
  /** One by one, or as many at a time as were read at once. */
  readonly records: AsyncIterable<LabelRecord | readonly LabelRecord[]>;
  readonly readPast?: readonly string[];
  readonly files: readonly string[];
  /** What two different values of one cell become; an error unless told otherwise. Only formats without a word for uncertain tell otherwise. */
  readonly disagreement?: "error" | "uncertain";
}
