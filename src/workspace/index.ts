/**
 * What lies on disk between a command's start and its end, and may be found again by the next: feature shards of an extraction
 * that was stopped; and workspaces, in which people label, improve and go live, with their pictures, features and versions. Knows files and their upkeep; what is computed comes from the rooms below.
 */
export { extractToFile } from "./extraction-store.ts";
export type { Extraction, ExtractionRequest } from "./extraction-store.ts";
export * from "./store/index.ts";
export { takeLock, type LockOptions } from "./lock.ts";
export { backUp, restore } from "./backup/backup.ts";
export type { BackupContent } from "./backup/backup.ts";
export { FeatureShards, releaseFeatureLocks, type MissingFeatures, type StoredShards } from "./features/feature-shards.ts";
export * from "./pictures/index.ts";
export { VersionFiles, type CheckedScores, type ReferenceRows } from "./versions/version-files.ts";
