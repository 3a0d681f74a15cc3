/** The formats labels are written in, by the word `convert --to` knows them by: one file each. */
import { cocoWriter } from "./coco.ts";
import { labelStudioWriter } from "./label-studio.ts";
import { longCsvWriter } from "./long-csv.ts";
import { wideCsvWriter } from "./wide-csv.ts";
import type { LabelWriter } from "./writer.ts";

/** The formats labels are written in, by name. */
export const labelWriters = {
  csv: wideCsvWriter,
  "long-csv": longCsvWriter,
  coco: cocoWriter,
  "label-studio": labelStudioWriter,
} as const satisfies Readonly<Record<string, LabelWriter>>;

/** The name of a format of `labelWriters`. */
export type LabelFormat = keyof typeof labelWriters;
