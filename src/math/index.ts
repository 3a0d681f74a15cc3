/**
 * Pure numerics on typed arrays: losses, metrics, solvers, calibration, statistics, seeded random numbers, and the
 * contract of the inner loops (Kernels) with its plain default. Knows nothing of images, files or people.
 */
export type * from "./kernels.ts";
export * from "./random.ts";
export { plainKernels } from "./plain-kernels.ts";
