/**
 * The door to the inner loops: loadKernels gives the fastest kernels this machine can run. Two builds of one AssemblyScript source
 * (assembly/), with and without fused multiply-add, work in memory shared by a pool of threads (pool/); math's plain kernels are the
 * definition of truth they are held to, and what remains where neither build runs.
 *
 * Results do not depend on the number of threads: work is cut by the problem alone, and sums are added in a fixed order.
 */
export type { Kernels } from "../math/index.ts";
export { loadKernels, type KernelBuild, type KernelOptions } from "./load.ts";
export type { StreamingOptions } from "./streamed/options.ts";
