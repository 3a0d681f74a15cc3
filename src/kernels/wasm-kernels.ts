import { tmpdir } from "node:os";
import { expected } from "../errors.ts";
import { defaultCellsAtOnce, type Kernels, type Matrix } from "../math/index.ts";
import { wasmCellSums } from "./cell-sums.ts";
import { denseScores, denseTransform } from "./dense.ts";
import { wasmEigen } from "./eigen/index.ts";
import { wasmGram } from "./gram.ts";
import { KernelMemory } from "./memory.ts";
import { Pool } from "./pool/index.ts";
import { WasmRanking } from "./ranking.ts";
import { streamedGram, streamedScores, streamedTransform } from "./streamed/dense.ts";
import { together } from "./streamed/joint.ts";
import type { StreamingOptions } from "./streamed/options.ts";
import { StreamedCellProblem } from "./streamed/streamed-cell-problem.ts";
import { StreamedMatrix, type Streaming } from "./streamed/streamed-matrix.ts";
import { Transfers } from "./streamed/transfer.ts";
import { WasmCellProblem } from "./wasm-cell-problem.ts";
import { strideOf, WasmMatrix } from "./wasm-matrix.ts";

const defaultWindowBytes = 32 * 2 ** 20;

/** Kernels of a compiled module on `threads` threads, the caller's included. They agree with math's plain kernels to float32 rounding. */
export async function wasmKernels(name: string, module: WebAssembly.Module, threads: number, options: StreamingOptions = { largestInMemory: Infinity }, cellsAtOnce = defaultCellsAtOnce): Promise<Kernels> {
  const memory = new KernelMemory();
  const pool = await Pool.start(module, memory, threads);
  const { largestInMemory, folder = tmpdir(), windowBytes = defaultWindowBytes } = options;
  const streaming: Streaming = { memory, reads: new Transfers(memory), writes: new Transfers(memory), folder, windowBytes };
  const isLarge = (rows: number, columns: number): boolean => 4 * rows * strideOf(columns) > largestInMemory;
  const streamed = (matrix: Matrix): StreamedMatrix | null => {
    if (!(matrix instanceof StreamedMatrix)) return null;
    if (matrix.streaming !== streaming) throw expected("matrix", "a matrix made by these kernels", "a matrix made by others");
    return matrix;
  };
  const held = (matrix: Matrix): WasmMatrix => WasmMatrix.of(memory, matrix);
  const ranking = new WasmRanking(memory, pool);
  function* transformInSteps(matrix: Matrix, transform: Float64Array, outputColumns: number): Generator<number, Matrix, void> {
    const large = streamed(matrix);
    if (large === null) {
      yield 0;
      return denseTransform(memory, pool, held(matrix), transform, outputColumns);
    }
    const out = isLarge(matrix.rows, outputColumns) ? new StreamedMatrix(streaming, matrix.rows, outputColumns, large.rowsPerWindow) : new WasmMatrix(memory, matrix.rows, outputColumns);
    let ended = false;
    try {
      yield* streamedTransform(pool, large, transform, out);
      ended = true;
    } finally {
      if (!ended) out.dispose();
    }
    return out;
  }
  return {
    name,
    threads: pool.threads,
    cellsAtOnce,
    matrix: (rows, columns, fill, { again = false } = {}) => (isLarge(rows, columns) ? StreamedMatrix.filled(streaming, rows, columns, fill, again) : WasmMatrix.filled(memory, rows, columns, fill)),
    cellProblem(matrix, cells, loss) {
      const large = streamed(matrix);
      return large === null ? new WasmCellProblem(memory, pool, held(matrix), cells, loss) : new StreamedCellProblem(pool, large, cells, loss);
    },
    together,
    scores(matrix, weights, intercepts, rows) {
      const large = streamed(matrix);
      return large === null ? denseScores(memory, pool, held(matrix), weights, intercepts, rows) : streamedScores(pool, large, weights, intercepts, rows);
    },
    transform(matrix, transform, outputColumns) {
      const steps = transformInSteps(matrix, transform, outputColumns);
      for (;;) {
        const next = steps.next();
        if (next.done === true) return next.value;
      }
    },
    transformInSteps,
    gram(matrix, rows) {
      const large = streamed(matrix);
      return large === null ? wasmGram(memory, pool, held(matrix), rows) : streamedGram(pool, large, rows);
    },
    eigen: (symmetric, n) => wasmEigen(memory, pool, symmetric, n),
    cellSums: (headStart, sources) => wasmCellSums(memory, pool, headStart, sources),
    averagePrecisions: (scores, positive, headStart, active) => ranking.averagePrecisions(scores, positive, headStart, active),
    replicatedAveragePrecisions: (cells, draws, active) => ranking.replicatedAveragePrecisions(cells, draws, active),
    dispose() {
      pool.dispose();
      streaming.reads.dispose();
      streaming.writes.dispose();
    },
  };
}
