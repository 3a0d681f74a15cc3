/**
 * The door to the inner loops: loadKernels gives the fastest kernels available here. At present these are math's plain
 * kernels; compiled builds must agree with them, and must not let results depend on the number of threads.
 */
export type { Kernels } from "../math/index.ts";
export { loadKernels, type KernelBuild, type KernelOptions } from "./load.ts";
