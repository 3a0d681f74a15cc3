/** How much memory features may take; those that would take more stay on disk. */
import { totalmem } from "node:os";

/** The part of a request that says how much memory features may take. */
export interface MemoryRequest {
  /**
   * Bytes that features, and the matrices made of them, may take in memory. Where they would take more they stay on disk and are read in order, with
   * the same results. Default: half of the machine's memory, but 5 GiB at most, as the kernels reach no further. Labels, and what belongs to each known
   * cell, come on top.
   */
  readonly memory?: number;
  /** Folder for scratch files, which are as large as the features of the images in use. Default: the folder of the output. */
  readonly scratch?: string;
}

/** Features are in memory three times at most: as read, standardised, and along the principal axes, where rows are turned to them. Rows of the last two are padded, by a hundredth or two. */
const copies = 3.1;

const mostMemory = 5 * 2 ** 30;

/** The memory features may take. */
export function memoryFor({ memory = Math.min(mostMemory, totalmem() / 2) }: MemoryRequest): number {
  return memory;
}

/** Bytes above which a matrix of features is not held in memory. */
export function largestHeld(request: MemoryRequest): number {
  return memoryFor(request) / copies;
}

/** In powers of 1000. */
export function sizeText(bytes: number): string {
  const [unit, name] = bytes < 1e6 ? ([1e3, "KB"] as const) : bytes < 1e9 ? ([1e6, "MB"] as const) : ([1e9, "GB"] as const);
  return `${(bytes / unit).toFixed(1)} ${name}`;
}
