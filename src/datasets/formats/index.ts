/** The formats `--labels KIND:PATH` knows, by kind: one file each, all giving the same records. */
import { cheXpertOptions, readCheXpert } from "./chexpert.ts";
import { readCoco } from "./coco.ts";
import { cvatOptions, readCvat } from "./cvat.ts";
import type { Format } from "./format.ts";
import { labelStudioOptions, readLabelStudio } from "./label-studio.ts";
import { readLvis } from "./lvis.ts";
import { nusWideOptions, readNusWide } from "./nus-wide.ts";
import { openImagesOptions, readOpenImages } from "./open-images.ts";
import { silenceOptions } from "./silence.ts";
import { readVaw, vawOptions } from "./vaw.ts";
import { readVg200, vg200Options } from "./vg-200.ts";
import { readVireoFood172 } from "./vireo-food-172.ts";
import { readVispr, visprOptions } from "./vispr.ts";
import { readVoc, vocOptions } from "./voc.ts";
import { readYolo, yoloOptions } from "./yolo.ts";

export const formats: Readonly<Record<string, Format>> = {
  coco: { path: "FILE or DIR", options: silenceOptions, open: readCoco },
  "open-images": { path: "FILE or DIR", options: openImagesOptions, open: readOpenImages },
  chexpert: { path: "FILE or DIR", options: cheXpertOptions, open: readCheXpert },
  lvis: { path: "FILE", options: {}, open: readLvis },
  voc: { path: "DIR", options: vocOptions, open: readVoc },
  cvat: { path: "FILE", options: cvatOptions, open: readCvat },
  "label-studio": { path: "FILE", options: labelStudioOptions, open: readLabelStudio },
  yolo: { path: "FILE or DIR", options: yoloOptions, open: readYolo },
  "vg-200": { path: "FILE or DIR", options: vg200Options, open: readVg200 },
  vaw: { path: "FILE or DIR", options: vawOptions, open: readVaw },
  "nus-wide": { path: "FILE or DIR", options: nusWideOptions, open: readNusWide },
  vispr: { path: "DIR", options: visprOptions, open: readVispr },
  "vireo-food-172": { path: "DIR", options: {}, open: readVireoFood172 },
};
