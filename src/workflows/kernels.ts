/** The one place where workflows get their inner loops, so that all use the same threads and none forgets to let them go. */
import { availableParallelism } from "node:os";
import { loadKernels, type Kernels } from "../kernels/index.ts";

/**
 * Lets `use` work with kernels of at most `threads` threads, all cores when absent, and disposes of them whatever happens.
 * The number of threads changes no result, only the time it takes.
 */
export async function withKernels<T>(threads: number | undefined, use: (kernels: Kernels) => Promise<T> | T): Promise<T> {
  const kernels = await loadKernels({ threads: threads ?? availableParallelism() });
  try {
    return await use(kernels);
  } finally {
    kernels.dispose();
  }
}
