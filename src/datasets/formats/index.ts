/** The formats `--labels KIND:PATH` knows, by kind: one file each, all giving the same records. */
import { cocoOptions, readCoco } from "./coco.ts";
import type { Format } from "./format.ts";

export const formats: Readonly<Record<string, Format>> = {
  coco: { path: "FILE", options: cocoOptions, open: readCoco },
};
