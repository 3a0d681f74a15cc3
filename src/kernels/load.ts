import { expected } from "../errors.ts";
import { plainKernels, type Kernels } from "../math/index.ts";

const builds = ["auto", "plain", "simd", "relaxed-simd"] as const;

export type KernelBuild = (typeof builds)[number];

export interface KernelOptions {
  /** Threads to use at most, the caller's included. The plain kernels use one. */
  readonly threads?: number;
  /** The build to prefer; one that is not available gives way to the plain kernels, which are always there. */
  readonly build?: KernelBuild;
}

/**
 * The fastest kernels available of the build asked for; `name` and `threads` of the result say which they are.
 * Asynchronous because a build may have to be read from disk and compiled. Rejects on an unknown build or thread count.
 */
// oxlint-disable-next-line typescript/require-await -- the plain kernels need no reading; the contract covers those that do
export async function loadKernels(options: KernelOptions = {}): Promise<Kernels> {
  const { threads = 1, build = "auto" } = options;
  if (!Number.isInteger(threads) || threads < 1) throw expected("threads", "a whole number of at least 1", threads);
  if (!builds.includes(build)) throw expected("build", `one of ${builds.join(", ")}`, build);
  return plainKernels();
}
