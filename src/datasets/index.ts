/**
 * Labels in: one file per format, all of them giving the same records, gathered into one partial-label matrix. Labels out: one writer per format.
 * What is silent in a file stays unknown; what is odd but harmless becomes a notice; what is wrong becomes an error that
 * names file, line, column and what to do. Files are treated as hostile: any bytes give labels or such an error.
 */
export { readCategoryFile, type CategoryRow } from "./category-file.ts";
export { readProbabilities } from "./probability-file.ts";
export { readLabels } from "./read-labels.ts";
export { movedLabelsSource, parseLabelsSource, type LabelsSource } from "./source.ts";
export type { ReadLabelsOptions } from "./read-labels.ts";
export type { LabelFile, LabelNotice } from "./label-file.ts";
export { labelWriters } from "./writers/index.ts";
export type { LabelFormat } from "./writers/index.ts";
export { writeWideCsv } from "./writers/wide-csv.ts";
export type { LabelTable, LabelWriter, WriteProgress, WrittenLabels } from "./writers/writer.ts";
export { demoCategories, demoPicture, demoSet, demoSize } from "./demo/demo-picture.ts";
export type { DemoPicture } from "./demo/demo-picture.ts";
export { renderDemoPicture, writeDemoImages } from "./demo/render.ts";
