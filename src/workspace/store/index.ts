/**
 * The database of a workspace: every query is here, by topic, and nowhere else. Functions in, plain data out; a change is one transaction and is on the disk when the function
 * that made it returns. Ids are decimal texts, times UTC ISO. What is not there is state.not-found, what stands in the way state.conflict.
 */
export { openStore, Store } from "./store.ts";
export type { StoreOptions } from "./store.ts";
export type { Database, SqlValue } from "./database.ts";
export type { WorkspaceFolder } from "./folder.ts";
export { workspaceFolder } from "./folder.ts";
export { nameKey } from "./absence.ts";
export * from "./answers.ts";
export * from "./categories.ts";
export * from "./cells.ts";
export * from "./jobs.ts";
export * from "./keys.ts";
export * from "./lists.ts";
export * from "./log.ts";
export * from "./models.ts";
export * from "./people.ts";
export * from "./pictures.ts";
export * from "./projects.ts";
export * from "./sessions.ts";
export type { TrainingLabels } from "./training.ts";
export * from "./used.ts";
export * from "./versions.ts";
