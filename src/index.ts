/**
 * The whole library under one name: every room as a namespace, and the errors and the logger that all of them share.
 * `import { learn } from "catwise"` and `import { tune } from "catwise/learn"` give the same functions.
 * The inference runtime and the image decoder are loaded by the first function that needs them, never by an import.
 */
export * as math from "./math/index.ts";
export * as labels from "./labels/index.ts";
export * as learn from "./learn/index.ts";
export * as kernels from "./kernels/index.ts";
export * as model from "./model/index.ts";
export * as datasets from "./datasets/index.ts";
export * as workspace from "./workspace/index.ts";
export * as workflows from "./workflows/index.ts";
export { CatwiseError, type CatwiseErrorOptions, type ErrorCode, type Place } from "./errors.ts";
export { silentLogger, type Logger } from "./log.ts";
