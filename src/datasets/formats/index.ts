/** The formats `--labels KIND:PATH` knows, by kind: one file each, all giving the same records. */
import { cheXpertOptions, readCheXpert } from "./chexpert.ts";
import { cocoOptions, readCoco } from "./coco.ts";
import type { Format } from "./format.ts";
import { readLvis } from "./lvis.ts";
import { openImagesOptions, readOpenImages } from "./open-images.ts";

export const formats: Readonly<Record<string, Format>> = {
  coco: { path: "FILE", options: cocoOptions, open: readCoco },
  "open-images": { path: "FILE or DIR", options: openImagesOptions, open: readOpenImages },
  chexpert: { path: "FILE", options: cheXpertOptions, open: readCheXpert },
  lvis: { path: "FILE", options: {}, open: readLvis },
};
