import { checkLength } from "../math/index.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";

/** Three passes over the keys, each about as dear as this many multiply-adds per score. */
const costPerScore = 30;

/** Average precision of each head by radix sort; NaN without a positive or a negative, and for heads left out. */
export function wasmAveragePrecisions(memory: KernelMemory, pool: Pool, scores: Float32Array, positive: Uint8Array, headStart: Uint32Array, active?: Uint8Array): Float64Array {
  checkLength("positive", positive, scores.length);
  const heads = headStart.length - 1;
  const M = scores.length;
  const pointers = {
    scores: memory.allocate(4 * M),
    positive: memory.allocate(M),
    headStart: memory.allocate(4 * (heads + 1)),
    active: memory.allocate(heads),
    keys: memory.allocate(8 * M),
    spare: memory.allocate(8 * M),
    out: memory.allocate(8 * heads),
  };
  memory.float32(pointers.scores, M).set(scores);
  memory.bytes(pointers.positive, M).set(positive);
  memory.uint32(pointers.headStart, heads + 1).set(headStart);
  const wanted = memory.bytes(pointers.active, heads);
  if (active === undefined) wanted.fill(1);
  else wanted.set(active);
  const out = memory.float64(pointers.out, heads).fill(Number.NaN);
  const job = writeJob(memory, [pointers.scores, pointers.positive, pointers.headStart, pointers.active, pointers.keys, pointers.spare, pointers.out]);
  pool.run(operations.rank, job, heads, costPerScore * M);
  const result = Float64Array.from(out);
  for (const pointer of [job, ...Object.values(pointers)]) memory.release(pointer);
  return result;
}
