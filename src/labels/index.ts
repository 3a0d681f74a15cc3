/**
 * The partial-label matrix and what is done to it: parts (fit, selection, report), label dropping for experiments.
 * Unknown is not a value but an absence; uncertain is a value; nothing here turns one into the other silently.
 */
export * from "./partial-labels.ts";
export * from "./build.ts";
export { CellList } from "./cell-list.ts";
export { CellRecords } from "./cell-records.ts";
export type { VisitCell } from "./cell-records.ts";
export * from "./cells.ts";
export * from "./dense.ts";
export * from "./drop.ts";
export { cellLots } from "./lots.ts";
export * from "./parts.ts";
export * from "./soft.ts";
export * from "./statistics.ts";
export { alignToCategories, alignToIds, changeCells } from "./rows.ts";
