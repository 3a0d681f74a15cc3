import type { LabelReader } from "../label-file.ts";

/** What was written between the kind and the colon, e.g. coco,empty=unknown:FILE; checked against what the format allows. */
export type FormatOptions = Readonly<Record<string, string | undefined>>;

export interface Format {
  /** What comes behind the colon. */
  readonly path: "FILE" | "DIR" | "FILE or DIR";
  /** Name of each option, with its values, or with null for any text. The first value is the default. */
  readonly options: Readonly<Record<string, readonly string[] | null>>;
  readonly open: (path: string, options: FormatOptions, encoding: string | undefined) => LabelReader | Promise<LabelReader>;
}
