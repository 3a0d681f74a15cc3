import type { Kernels } from "../math/index.ts";
import { denseScores, denseTransform } from "./dense.ts";
import { wasmGram } from "./gram.ts";
import { KernelMemory } from "./memory.ts";
import { Pool } from "./pool/index.ts";
import { wasmAveragePrecisions } from "./ranking.ts";
import { WasmCellProblem } from "./wasm-cell-problem.ts";
import { wasmEigen } from "./wasm-eigen.ts";
import { WasmMatrix } from "./wasm-matrix.ts";

/** Kernels of a compiled module on `threads` threads, the caller's included. They agree with math's plain kernels to float32 rounding. */
export async function wasmKernels(name: string, module: WebAssembly.Module, threads: number): Promise<Kernels> {
  const memory = new KernelMemory();
  const pool = await Pool.start(module, memory, threads);
  return {
    name,
    threads: pool.threads,
    matrix: (rows, columns, fill) => WasmMatrix.filled(memory, rows, columns, fill),
    cellProblem: (matrix, cells, loss) => new WasmCellProblem(memory, pool, WasmMatrix.of(memory, matrix), cells, loss),
    scores: (matrix, weights, intercepts, rows) => denseScores(memory, pool, WasmMatrix.of(memory, matrix), weights, intercepts, rows),
    transform: (matrix, map, outputColumns) => denseTransform(memory, pool, WasmMatrix.of(memory, matrix), map, outputColumns),
    gram: (matrix, rows) => wasmGram(memory, pool, WasmMatrix.of(memory, matrix), rows),
    eigen: (symmetric, n) => wasmEigen(memory, pool, symmetric, n),
    averagePrecisions: (scores, positive, headStart, active) => wasmAveragePrecisions(memory, pool, scores, positive, headStart, active),
    dispose: () => pool.dispose(),
  };
}
