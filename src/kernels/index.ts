/**
 * WASM twins of math's plain kernels, on worker threads over shared memory. The fastest build the engine accepts is
 * chosen at start-up; results do not depend on the number of threads.
 */
export type { Kernels } from "../math/index.ts";
export { loadKernels, type KernelBuild, type KernelOptions } from "./load.ts";
