/** How the caller and the WASM modules talk: what can be asked, and how a job's fields lie in memory. */
import type { KernelMemory } from "./memory.ts";

/** Keep equal to the constants in assembly/index.ts. */
export const operations = {
  lossGradient: 0,
  curvature: 1,
  logits: 2,
  reduceGradient: 3,
  reduceCurvature: 4,
  dense: 5,
  pack: 6,
  gram: 7,
  rank: 8,
  window: 9,
  packPanels: 10,
  multiply: 11,
  symmetric: 12,
  sums: 13,
} as const;

export type Operation = (typeof operations)[keyof typeof operations];

/** Bytes of scratch each thread owns: what `work` in assembly/index.ts asks for. */
export const scratchBytes = 32_768;

/** What a module exports. */
export interface KernelExports {
  heapBase(): number;
  work(operation: number, job: number, counter: number, count: number, scratch: number): void;
}

/** A field of a job: a float64, or anything that fits 32 bits (pointers, counts). */
export type JobField = { readonly float64: number } | number;

/** Writes the fields in order, each on its natural boundary, as AssemblyScript lays out an unmanaged class; returns the job's pointer. */
export function writeJob(memory: KernelMemory, fields: readonly JobField[]): number {
  const pointer = memory.allocate(8 * fields.length);
  const view = new DataView(memory.memory.buffer, pointer, 8 * fields.length);
  let at = 0;
  for (const field of fields) {
    if (typeof field === "number") {
      view.setUint32(at, field, true);
      at += 4;
    } else {
      at = Math.ceil(at / 8) * 8;
      view.setFloat64(at, field.float64, true);
      at += 8;
    }
  }
  return pointer;
}
