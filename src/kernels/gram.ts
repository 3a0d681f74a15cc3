import { checkRows } from "../math/index.ts";
import { rowsPerBlock } from "./cell-runs.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";
import type { WasmMatrix } from "./wasm-matrix.ts";

/** Blocks packed at a time: enough rows for the packing to be cheap beside the products, few enough to need little memory. */
const blocksAtOnce = 16;
/** Keep equal to PANEL in assembly/gram.ts. */
const panelColumns = 24;
const panelBytes = rowsPerBlock * panelColumns * 4;

/** Rows added at a time. */
export const rowsPerBatch = blocksAtOnce * rowsPerBlock;

/** Up to `rowsPerBatch` rows at a pointer: those of a list of row numbers, or (list 0) the ones from `first` on. */
export interface GramBatch {
  readonly pointer: number;
  readonly list: number;
  readonly first: number;
  readonly size: number;
}

/** X^T X over the given rows (all when absent): (D*D) float64, symmetric. Rows are added in their order, whatever the threads. */
export function wasmGram(memory: KernelMemory, pool: Pool, matrix: WasmMatrix, rows?: Uint32Array): Float64Array {
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const count = rows?.length ?? matrix.rows;
  const list = rows === undefined ? 0 : memory.allocate(4 * count);
  if (rows !== undefined) memory.uint32(list, count).set(rows);
  const batches = Array.from({ length: Math.ceil(count / rowsPerBatch) }, (_, at): GramBatch => {
    const first = at * rowsPerBatch;
    return { pointer: matrix.pointer, list: list === 0 ? 0 : list + 4 * first, first: list === 0 ? first : 0, size: Math.min(rowsPerBatch, count - first) };
  });
  const result = gramOfBatches(memory, pool, matrix, batches);
  if (list !== 0) memory.release(list);
  return result;
}

/** The products of rows that come in batches, all of them full but the last. */
export function gramOfBatches(memory: KernelMemory, pool: Pool, matrix: Pick<WasmMatrix, "columns" | "stride">, batches: Iterable<GramBatch>): Float64Array {
  const D = matrix.columns;
  const panels = Math.ceil(D / panelColumns);
  const width = panels * panelColumns;
  const out = memory.allocate(8 * width * width);
  const packed = memory.allocate(blocksAtOnce * panels * panelBytes);
  for (const { pointer, list, first, size } of batches) {
    const blocks = Math.ceil(size / rowsPerBlock);
    const job = writeJob(memory, [pointer, 4 * matrix.stride, list, first, size, packed, blocks, panels, out]);
    pool.run(operations.pack, job, blocks, size * width);
    pool.run(operations.gram, job, panels, (size * width * width) / 2);
    memory.release(job);
  }
  const wide = memory.float64(out, width * width);
  const result = new Float64Array(D * D);
  for (let i = 0; i < D; i++) {
    for (let j = 0; j <= i; j++) {
      const value = wide[i * width + j];
      result[i * D + j] = value;
      result[j * D + i] = value;
    }
  }
  for (const pointer of [packed, out]) memory.release(pointer);
  return result;
}
