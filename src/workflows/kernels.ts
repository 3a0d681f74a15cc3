/** The one place where workflows get their inner loops, so that all use the same threads and none forgets to let them go. */
import { availableParallelism } from "node:os";
import { loadKernels, type Kernels } from "../kernels/index.ts";
import { largestHeld, type MemoryRequest } from "./memory.ts";

/** The part of a request that says what the kernels may use. */
export interface KernelRequest extends MemoryRequest {
  /** All cores when absent. */
  readonly threads?: number;
}

/**
 * Lets `use` work with kernels of at most `threads` threads, all cores when absent, and disposes of them whatever happens.
 * Neither the number of threads nor the memory changes a result, only the time it takes.
 */
export async function withKernels<T>({ threads, scratch, ...memory }: KernelRequest, use: (kernels: Kernels) => Promise<T> | T): Promise<T> {
  const kernels = await loadKernels({ threads: threads ?? availableParallelism(), streaming: { largestInMemory: largestHeld(memory), ...(scratch === undefined ? {} : { folder: scratch }) } });
  try {
    return await use(kernels);
  } finally {
    kernels.dispose();
  }
}
