import { plainKernels, type Kernels } from "../math/index.ts";

export type KernelBuild = "auto" | "plain" | "simd" | "relaxed-simd";

export interface KernelOptions {
  readonly threads?: number;
  readonly build?: KernelBuild;
}

/** The fastest kernels this engine accepts. */
// oxlint-disable-next-line typescript/require-await -- the contract is asynchronous: other builds are read from disk
export async function loadKernels(_options: KernelOptions = {}): Promise<Kernels> {
  return plainKernels();
}
