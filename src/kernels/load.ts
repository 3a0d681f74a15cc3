import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { expected } from "../errors.ts";
import { plainKernels, type Kernels } from "../math/index.ts";
import type { StreamingOptions } from "./streamed/options.ts";
import { wasmKernels } from "./wasm-kernels.ts";

/** Which kernels: the best this engine runs ("auto"), or one build by name. */
export type KernelBuild = "auto" | "plain" | "simd" | "relaxed-simd";

const builds: readonly KernelBuild[] = ["auto", "plain", "simd", "relaxed-simd"];

/** Which kernels to load, and for how many threads. */
export interface KernelOptions {
  /** Threads to use at most, the caller's included; every core when absent. The plain kernels use one. Results do not depend on it. */
  readonly threads?: number;
  /** "auto", the default, takes the first of relaxed-simd, simd, plain that this engine can run. One asked for by name gives way in the same order. */
  readonly build?: KernelBuild;
  /** Absent: every matrix is kept in memory, 4 GiB in all at most. The plain kernels keep every matrix in memory whatever is said here. */
  readonly streaming?: StreamingOptions;
  /** How many known cells are walked together at most, about, of 16 bytes each: 2^25 when absent. Roundings hang on it, and nothing else. The plain kernels have the default. */
  readonly cellsAtOnce?: number;
}

/** Fused multiply-adds are faster, but their last bit differs from the plain SIMD build's. */
const files = { "relaxed-simd": "relaxed.wasm", simd: "simd.wasm" } as const;

/**
 * The fastest kernels available of the build asked for; `name` and `threads` of the result say which they are. Dispose of them to end their
 * threads. Asynchronous because a build is read from disk and compiled. Rejects on an unknown build or thread count.
 */
export async function loadKernels(options: KernelOptions = {}): Promise<Kernels> {
  const { threads = availableParallelism(), build = "auto", streaming, cellsAtOnce } = options;
  if (!Number.isInteger(threads) || threads < 1) throw expected("threads", "a whole number of at least 1", threads);
  if (!builds.includes(build)) throw expected("build", `one of ${builds.join(", ")}`, build);
  if (streaming !== undefined && !(streaming.largestInMemory >= 0)) throw expected("streaming.largestInMemory", "a number of bytes of at least 0", streaming.largestInMemory);
  if (streaming?.windowBytes !== undefined && !(streaming.windowBytes >= 1 && streaming.windowBytes <= 2 ** 30)) throw expected("streaming.windowBytes", "a number of bytes from 1 to 1 GiB", streaming.windowBytes);
  if (cellsAtOnce !== undefined && !(cellsAtOnce >= 1)) throw expected("cellsAtOnce", "a number of at least 1", cellsAtOnce);
  if (build === "plain") return plainKernels();
  for (const name of build === "simd" ? (["simd"] as const) : (["relaxed-simd", "simd"] as const)) {
    const module = await compiled(files[name]);
    if (module !== null) return wasmKernels(name, module, threads, streaming, cellsAtOnce);
  }
  return plainKernels();
}

/** The module, or null where the file has not been built or the engine does not know its instructions. */
async function compiled(file: string): Promise<WebAssembly.Module | null> {
  const bytes = await readFile(new URL(`./wasm/${file}`, import.meta.url)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return bytes !== null && WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : null;
}
