import { eigenWith } from "../math/index.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";

/** Rotations gathered before the rows are turned: at this many the list itself (20 bytes each) still fits beside a strip in the cache. */
const rotationsAtOnce = 8192;
/** Columns of a strip: 2,048 rows of 16 float64 are 256 KiB. */
const stripColumns = 16;

/** math's symmetricEigen with its rotations, most of the work, done in strips of columns by all threads: the same numbers, bit for bit. */
export function wasmEigen(memory: KernelMemory, pool: Pool, symmetric: Float64Array, n: number): ReturnType<typeof eigenWith> {
  const stride = Math.ceil(n / 2) * 2;
  const owned: number[] = [];
  const own = (bytes: number): number => {
    const pointer = memory.allocate(bytes);
    owned.push(pointer);
    return pointer;
  };
  const rows = own(8 * n * stride);
  const [index, turns] = [own(4 * rotationsAtOnce), own(16 * rotationsAtOnce)];
  const [indices, pairs] = [memory.uint32(index, rotationsAtOnce), memory.float64(turns, 2 * rotationsAtOnce)];
  const result = eigenWith(symmetric, n, (vectors) => {
    const shared = memory.float64(rows, n * stride);
    for (let i = 0; i < n; i++) shared.set(vectors.subarray(i * n, (i + 1) * n), i * stride);
    let count = 0;
    const flush = (): void => {
      const job = writeJob(memory, [rows, stride, index, turns, count, stripColumns]);
      pool.run(operations.turn, job, Math.ceil(stride / stripColumns), 4 * count * stride);
      memory.release(job);
      count = 0;
    };
    return {
      vectors,
      rotate(i, c, s) {
        indices[count] = i;
        pairs[2 * count] = c;
        pairs[2 * count + 1] = s;
        count += 1;
        if (count === rotationsAtOnce) flush();
      },
      finish() {
        flush();
        for (let i = 0; i < n; i++) vectors.set(shared.subarray(i * stride, i * stride + n), i * n);
      },
    };
  });
  for (const pointer of owned) memory.release(pointer);
  return result;
}
