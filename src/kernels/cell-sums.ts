import { CatwiseError } from "../errors.ts";
import { checkLength, plainCellSums, type CellSums } from "../math/index.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";

/** Cells that a thread takes at a time. */
const cellsPerPiece = 8192;
/** Sources that take more, or for which the kernels have no more memory, are summed where they are, by the plain twin. */
const mostBytes = 2 ** 30;

/** See Kernels.cellSums. */
export function wasmCellSums(memory: KernelMemory, pool: Pool, headStart: Uint32Array, sources: readonly Float32Array[]): CellSums {
  const heads = headStart.length - 1;
  const cells = headStart[heads];
  for (const [at, source] of sources.entries()) checkLength(`sources[${at}]`, source, cells);
  const count = sources.length;
  if (4 * cells * (count + 1) > mostBytes) return plainCellSums(headStart, sources);
  const pieces = piecesOf(headStart);
  const owned: number[] = [];
  const own = (bytes: number): number => {
    const pointer = memory.allocate(bytes);
    owned.push(pointer);
    return pointer;
  };
  const dispose = (): void => {
    for (const pointer of owned.splice(0)) memory.release(pointer);
  };
  try {
    const held = own(4 * cells * count);
    sources.forEach((source, at) => memory.float32(held + 4 * cells * at, cells).set(source));
    const [factorsAt, piecesAt, activeAt, outAt] = [own(8 * heads * count), own(4 * pieces.length), own(heads), own(4 * cells)];
    memory.uint32(piecesAt, pieces.length).set(pieces);
    const job = writeJob(memory, [held, 4 * cells, count, factorsAt, piecesAt, activeAt, outAt]);
    owned.push(job);
    return {
      sum(factors, out, active) {
        checkLength("factors", factors, heads * count);
        checkLength("out", out, cells);
        if (active !== undefined) checkLength("active", active, heads);
        memory.float64(factorsAt, factors.length).set(factors);
        const wanted = memory.bytes(activeAt, heads);
        if (active === undefined) wanted.fill(1);
        else wanted.set(active);
        pool.run(operations.sums, job, pieces.length / 3, cells * count);
        const answer = memory.float32(outAt, cells);
        for (let head = 0; head < heads; head++) if (wanted[head] !== 0) out.set(answer.subarray(headStart[head], headStart[head + 1]), headStart[head]);
      },
      dispose,
    };
  } catch (error) {
    dispose();
    if (error instanceof CatwiseError && error.code === "kernels.out-of-memory") return plainCellSums(headStart, sources);
    throw error;
  }
}

/** (3 * pieces): head, first cell, end. */
function piecesOf(headStart: Uint32Array): Uint32Array {
  const pieces: number[] = [];
  for (let head = 0; head + 1 < headStart.length; head++) {
    for (let first = headStart[head]; first < headStart[head + 1]; first += cellsPerPiece) pieces.push(head, first, Math.min(first + cellsPerPiece, headStart[head + 1]));
  }
  return Uint32Array.from(pieces);
}
