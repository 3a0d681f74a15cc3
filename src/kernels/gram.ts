import { checkRows } from "../math/index.ts";
import { rowsPerBlock } from "./cell-runs.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";
import type { WasmMatrix } from "./wasm-matrix.ts";

/** Blocks packed at a time: enough rows for the packing to be cheap beside the products, few enough to need little memory. */
const blocksAtOnce = 16;
const panelColumns = 8;
const panelBytes = rowsPerBlock * panelColumns * 4;

/** X^T X over the given rows (all when absent): (D*D) float64, symmetric. Rows are added in their order, whatever the threads. */
export function wasmGram(memory: KernelMemory, pool: Pool, matrix: WasmMatrix, rows?: Uint32Array): Float64Array {
  if (rows !== undefined) checkRows(rows, matrix.rows);
  const count = rows?.length ?? matrix.rows;
  const D = matrix.columns;
  const panels = matrix.stride / panelColumns;
  const width = panels * panelColumns;
  const out = memory.allocate(8 * width * width);
  const packed = memory.allocate(blocksAtOnce * panels * panelBytes);
  const list = rows === undefined ? 0 : memory.allocate(4 * count);
  if (rows !== undefined) memory.uint32(list, count).set(rows);
  const step = blocksAtOnce * rowsPerBlock;
  for (let first = 0; first < count; first += step) {
    const size = Math.min(step, count - first);
    const blocks = Math.ceil(size / rowsPerBlock);
    const job = writeJob(memory, [matrix.pointer, 4 * matrix.stride, list === 0 ? 0 : list + 4 * first, list === 0 ? first : 0, size, packed, blocks, panels, out]);
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
  for (const pointer of [packed, out, ...(list === 0 ? [] : [list])]) memory.release(pointer);
  return result;
}
