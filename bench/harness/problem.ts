/** Seeded problems of any size, the same for every contender: kept in memory for those here, written to a folder for those that are programs. */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cells, Kernels, Matrix } from "../../src/math/index.ts";

export interface ProblemSize {
  readonly rows: number;
  readonly columns: number;
  readonly categories: number;
  /** Share of cells that are known. */
  readonly known: number;
  /** Of so many rows at the end every cell is known. Default none. */
  readonly complete?: number;
}

export interface Problem extends ProblemSize {
  readonly features: Float32Array;
  readonly cells: Cells;
  /** A point at which to evaluate: (categories x columns), (categories). */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

/** Xorshift on 32-bit words: hundreds of millions of numbers in a second or two, which the library's own source is too careful for. */
export function quickNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_769 + 1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
}

/** Features of a few hidden causes and noise, so that directions differ in variance as those of networks do; labels follow the causes. */
export function makeProblem({ rows, columns, categories, known, complete = 0 }: ProblemSize, seed = 1): Problem {
  const next = quickNumbers(seed);
  const causes = 16;
  const mixing = Float32Array.from({ length: causes * columns }, () => next() - 0.5);
  const truth = Float32Array.from({ length: categories * causes }, () => next() - 0.5);
  const features = new Float32Array(rows * columns);
  const hidden = new Float32Array(rows * causes);
  for (let i = 0; i < rows; i++) {
    const row = features.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < columns; j++) row[j] = next() - 0.5;
    for (let h = 0; h < causes; h++) {
      const cause = ((next() + next() - 1) * 3) / (1 + h);
      hidden[i * causes + h] = cause;
      const from = mixing.subarray(h * columns, (h + 1) * columns);
      for (let j = 0; j < columns; j++) row[j] += cause * from[j];
    }
  }
  const cells = drawCells(next, { rows, categories, causes, hidden, truth, knownAt: (row) => (row < rows - complete ? known : 1) });
  return { rows, columns, categories, known, complete, features, cells, ...point(next, categories, columns) };
}

interface Drawn {
  readonly rows: number;
  readonly categories: number;
  readonly causes: number;
  /** (rows x causes) */
  readonly hidden: Float32Array;
  /** (categories x causes) */
  readonly truth: Float32Array;
  readonly knownAt: (row: number) => number;
}

function drawCells(next: () => number, { rows, categories, causes, hidden, truth, knownAt }: Drawn): Cells {
  const headStart = new Uint32Array(categories + 1);
  const row: number[] = [];
  const target: number[] = [];
  for (let c = 0; c < categories; c++) {
    for (let i = 0; i < rows; i++) {
      if (next() >= knownAt(i)) continue;
      let logit = -1.5 + 2 * (next() - 0.5);
      for (let h = 0; h < causes; h++) logit += 3 * truth[c * causes + h] * hidden[i * causes + h];
      row.push(i);
      target.push(logit > 0 ? 1 : 0);
    }
    headStart[c + 1] = row.length;
  }
  const cells = row.length;
  return { headStart, row: Uint32Array.from(row), target: Float32Array.from(target), weight: new Float32Array(cells).fill(1), offset: new Float32Array(cells) };
}

function point(next: () => number, categories: number, columns: number): Pick<Problem, "weights" | "intercepts"> {
  const scale = 1 / Math.sqrt(columns);
  return { weights: Float64Array.from({ length: categories * columns }, () => scale * (next() - 0.5)), intercepts: Float64Array.from({ length: categories }, () => next() - 1.5) };
}

/** The features in the memory of kernels. */
export function matrixOf(kernels: Kernels, { rows, columns, features }: Pick<Problem, "rows" | "columns" | "features">): Matrix {
  return kernels.matrix(rows, columns, (block, first, count) => block.set(features.subarray(first * columns, (first + count) * columns)));
}

/** A folder with the arrays as raw little-endian numbers, and how to be rid of it. */
export class ProblemFolder {
  readonly path = mkdtempSync(join(tmpdir(), "catwise-problem-"));

  async write(name: string, values: ArrayBufferView): Promise<void> {
    const stream = createWriteStream(join(this.path, name));
    const bytes = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
    const step = 1 << 26;
    for (let at = 0; at < bytes.length; at += step) if (!stream.write(bytes.subarray(at, at + step))) await once(stream, "drain");
    stream.end();
    await once(stream, "close");
  }

  async writeProblem({ features, cells, weights, intercepts }: Problem): Promise<void> {
    await this.write("features.f32", features);
    await this.write("head-start.u32", cells.headStart);
    await this.write("row.u32", cells.row);
    await this.write("target.f32", cells.target);
    await this.write("weights.f64", weights);
    await this.write("intercepts.f64", intercepts);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
