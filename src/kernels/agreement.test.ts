/**
 * The compiled builds against the plain kernels, their definition of truth, and against themselves on other numbers of threads.
 * Features and weights are float32 there and sums within a partition too, so agreement is to float32 rounding: 2^-24 a step, over some thousand steps.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainKernels, randomSource, type CellLoss, type Cells, type Kernels, type Matrix } from "../math/index.ts";
import { loadKernels } from "./index.ts";

const plain = plainKernels();
const losses: readonly CellLoss[] = [
  { kind: "bce" },
  { kind: "asl", gammaPositive: 0, gammaNegative: 4, margin: 0.05, detachFocal: true },
  { kind: "asl", gammaPositive: 1, gammaNegative: 2, margin: 0, detachFocal: false },
  { kind: "asl", gammaPositive: 0.5, gammaNegative: 3, margin: 0.2, detachFocal: false },
];

/** Rows, columns, heads, share of cells known: lengths that are and are not multiples of lanes, blocks and padding; empty heads; one row. */
const shapes = [
  { rows: 1, columns: 1, heads: 1, known: 1 },
  { rows: 7, columns: 3, heads: 2, known: 0.6 },
  { rows: 128, columns: 8, heads: 3, known: 0.3 },
  { rows: 129, columns: 9, heads: 5, known: 0.5 },
  { rows: 1000, columns: 37, heads: 4, known: 0.1 },
  { rows: 3000, columns: 64, heads: 6, known: 0.9 },
  // 256 columns are padded by 16 more, so that rows do not lie a power of two apart.
  { rows: 300, columns: 256, heads: 3, known: 0.4 },
  // Blocks passed over in tiles of six heads, over rows that do and do not come in threes; a row longer than a piece of a tile.
  { rows: 400, columns: 20, heads: 15, known: 0.95 },
  { rows: 130, columns: 600, heads: 8, known: 1 },
] as const;

interface Made {
  readonly rows: number;
  readonly columns: number;
  readonly heads: number;
  readonly data: Float32Array;
  readonly cells: Cells;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

function made({ rows, columns, heads, known }: Pick<Made, "rows" | "columns" | "heads"> & { readonly known: number }, scale = 1): Made {
  const random = randomSource(`agreement ${rows} ${columns} ${heads}`);
  const normal = (): number => random.next() + random.next() + random.next() - 1.5;
  const headStart = new Uint32Array(heads + 1);
  const row: number[] = [];
  for (let head = 0; head < heads; head++) {
    // The last of several heads stays empty.
    if (head < heads - 1 || heads === 1) for (let i = 0; i < rows; i++) if (random.next() < known) row.push(i);
    headStart[head + 1] = row.length;
  }
  return {
    rows,
    columns,
    heads,
    data: float32(rows * columns, normal),
    cells: {
      headStart,
      row: Uint32Array.from(row),
      target: float32(row.length, () => (random.next() < 0.1 ? 0.25 : random.next() < 0.4 ? 1 : 0)),
      weight: float32(row.length, () => 0.25 + random.next()),
      offset: float32(row.length, () => scale * normal()),
    },
    weights: Float64Array.from({ length: heads * columns }, () => (scale * normal()) / Math.sqrt(columns)),
    intercepts: Float64Array.from({ length: heads }, () => scale * normal()),
  };
}

function float32(count: number, draw: () => number): Float32Array {
  return Float32Array.from({ length: count }, draw);
}

function matrixOf(kernels: Kernels, { rows, columns, data }: Made): Matrix {
  return kernels.matrix(rows, columns, (block, first, count) => block.set(data.subarray(first * columns, (first + count) * columns)));
}

/** Everything a cell problem can answer, copied. */
function answers(kernels: Kernels, p: Made, loss: CellLoss, active?: Uint8Array): Record<string, number[]> {
  const matrix = matrixOf(kernels, p);
  const problem = kernels.cellProblem(matrix, p.cells, loss);
  const first = problem.lossGradient(p.weights, p.intercepts, active);
  const kept = { loss: [...first.loss], gradient: [...first.gradient], interceptGradient: [...first.interceptGradient], interceptCurvature: [...first.interceptCurvature] };
  const direction = p.weights.map((w, j) => (j % 2 === 0 ? w : -w));
  const curved = problem.curvatureProduct(direction, p.intercepts, active);
  const logits = new Float32Array(p.cells.row.length);
  problem.logits(p.weights, p.intercepts, logits, active);
  const all = { ...kept, product: [...curved.product], interceptProduct: [...curved.interceptProduct], logits: [...logits] };
  problem.dispose();
  matrix.dispose();
  return all;
}

function expectClose(got: readonly number[], wanted: readonly number[], relative: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const size = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - wanted[i]) <= relative * size, `${what}[${i}]: ${got[i]} against ${wanted[i]}, largest ${size}`).toBe(true);
}

describe.each(["simd", "relaxed-simd"] as const)("the %s build", (build) => {
  let kernels: Kernels;
  let others: Kernels[];
  beforeAll(async () => {
    kernels = await loadKernels({ build, threads: 1 });
    others = [await loadKernels({ build, threads: 2 }), await loadKernels({ build, threads: 7 })];
  });
  afterAll(() => [kernels, ...others].forEach((each) => each.dispose()));

  it("is the one that was asked for, on the threads that were asked for", () => {
    expect([kernels, ...others].map((each) => [each.name, each.threads])).toEqual([[build, 1], [build, 2], [build, 7]]);
  });

  it.each(shapes)("agrees with the plain kernels on cells: $rows x $columns, $heads heads, $known known", (shape) => {
    const p = made(shape);
    for (const loss of losses) {
      const wanted = answers(plain, p, loss);
      const got = answers(kernels, p, loss);
      for (const [what, values] of Object.entries(wanted)) expectClose(got[what], values, 1e-5, `${loss.kind} ${what}`);
    }
  });

  it("agrees at logits of hundreds and of billionths", () => {
    for (const scale of [300, 1e-9]) {
      const p = made(shapes[4], scale);
      for (const loss of losses) {
        const wanted = answers(plain, p, loss);
        for (const [what, values] of Object.entries(answers(kernels, p, loss))) {
          expect(values.every((value) => Number.isFinite(value)), `${loss.kind} ${what}`).toBe(true);
          // Logits of hundreds carry their rounding into every term.
          expectClose(values, wanted[what], scale > 1 ? 1e-4 : 1e-5, `${loss.kind} ${what} at ${scale}`);
        }
      }
    }
  });

  it("computes each cell's loss and slope to the last bits of float64, from 0 to beyond where exp underflows", () => {
    // A head a logit: the offset alone, as the feature's weight is 0. Groups of one and of two cells take the same path as full ones.
    const logits = Float32Array.from([0, -0, 1e-30, 0.3, 0.34657, 0.41421, 0.7, 0.8813, 1, 2, 5, 17, 36, 37, 88, 300, 700, 708, 709, 745, 1e4].flatMap((s) => [s, -s]));
    const cells: Cells = {
      headStart: Uint32Array.from({ length: 2 * logits.length + 1 }, (_, k) => k),
      row: new Uint32Array(2 * logits.length),
      target: Float32Array.from({ length: 2 * logits.length }, (_, k) => k % 2),
      weight: new Float32Array(2 * logits.length).fill(1),
      offset: Float32Array.from({ length: 2 * logits.length }, (_, k) => logits[k >> 1]),
    };
    const [got, wanted] = [kernels, plain].map((each) => {
      const problem = each.cellProblem(each.matrix(1, 1, (block) => block.fill(1)), cells, { kind: "bce" });
      return problem.lossGradient(new Float64Array(2 * logits.length), new Float64Array(2 * logits.length));
    });
    for (const what of ["loss", "interceptGradient", "interceptCurvature"] as const) {
      for (const [k, value] of wanted[what].entries()) {
        // 3e-308 is where the kernels' exp ends.
        expect(Math.abs(got[what][k] - value), `${what} of logit ${cells.offset[k]}, target ${cells.target[k]}: ${got[what][k]} against ${value}`).toBeLessThanOrEqual(8e-16 * Math.abs(value) + 4e-308);
      }
    }
  });

  it.each(shapes)("gives the same bits on 1, 2 and 7 threads: $rows x $columns", (shape) => {
    const p = made(shape);
    for (const loss of losses) {
      const one = answers(kernels, p, loss);
      for (const other of others) expect(answers(other, p, loss)).toEqual(one);
    }
  });

  it("leaves the outputs of inactive heads as they were", () => {
    const p = made(shapes[4]);
    const matrix = matrixOf(kernels, p);
    const problem = kernels.cellProblem(matrix, p.cells, { kind: "bce" });
    const before = [...problem.lossGradient(p.weights, p.intercepts).gradient];
    const active = Uint8Array.of(1, 0, 1, 1);
    const after = problem.lossGradient(p.weights.map((w) => 2 * w), p.intercepts, active).gradient;
    const { columns } = p;
    expect([...after.subarray(columns, 2 * columns)]).toEqual(before.slice(columns, 2 * columns));
    expect([...after.subarray(0, columns)]).not.toEqual(before.slice(0, columns));
    const logits = new Float32Array(p.cells.row.length).fill(77);
    problem.logits(p.weights, p.intercepts, logits, active);
    const { headStart } = p.cells;
    expect([...logits].map((value) => value === 77)).toEqual(Array.from(logits, (_, cell) => cell >= headStart[1] && cell < headStart[2]));
    problem.dispose();
    matrix.dispose();
  });

  it.each(shapes)("agrees on scores, transforms and Gram matrices, with the same bits on all threads: $rows x $columns", (shape) => {
    const p = made(shape);
    const E = Math.min(5, p.columns);
    const map = Float64Array.from({ length: p.columns * E }, (_, i) => Math.sin(i + 1));
    const some = Uint32Array.from({ length: 2 * p.rows }, (_, i) => (i * 7) % p.rows);
    const dense = (each: Kernels): Record<string, number[]> => {
      const x = matrixOf(each, p);
      const y = each.transform(x, map, E);
      const identity = Float64Array.from({ length: E * E }, (_, i) => (i % (E + 1) === 0 ? 1 : 0));
      const all = {
        scores: [...each.scores(x, p.weights, p.intercepts)],
        someScores: [...each.scores(x, p.weights, p.intercepts, some)],
        transform: [...each.scores(y, identity, new Float64Array(E))],
        gram: [...each.gram(x)],
        someGram: [...each.gram(x, some)],
      };
      x.dispose();
      y.dispose();
      return all;
    };
    const wanted = dense(plain);
    const got = dense(kernels);
    for (const [what, values] of Object.entries(wanted)) expectClose(got[what], values, 1e-5, what);
    for (const other of others) expect(dense(other)).toEqual(got);
  });

  it.each([1, 0.9, 0.75, 0.6])("gives a head the same bits where its block is passed over in a tile and where it is not: %f known", (known) => {
    const p = made({ rows: 700, columns: 530, heads: 14, known });
    for (const loss of losses) {
      const together = answers(kernels, p, loss);
      // Fewer active heads than a tile has: every block head by head.
      for (const first of [0, 5, 10]) {
        const few = Uint8Array.from({ length: 14 }, (_, head) => (head >= first && head < first + 3 ? 1 : 0));
        const apart = answers(kernels, p, loss, few);
        const D = p.columns;
        for (const [name, width] of [["loss", 1], ["interceptGradient", 1], ["interceptCurvature", 1], ["interceptProduct", 1], ["gradient", D], ["product", D]] as const) {
          expect(apart[name].slice(first * width, (first + 3) * width), name).toEqual(together[name].slice(first * width, (first + 3) * width));
        }
        const [from, to] = [p.cells.headStart[first], p.cells.headStart[first + 3]];
        expect(apart.logits.slice(from, to)).toEqual(together.logits.slice(from, to));
      }
    }
  });

  it.each([128, 1000])("counts every cell where heads have several of one row, in tiles too: %i rows", (rows) => {
    const p = made({ rows, columns: 40, heads: 8, known: 1 });
    const { headStart, row } = p.cells;
    // Every third row twice, with labels and weights of their own.
    const order = Array.from({ length: 8 }, (_, head) => Array.from(row.subarray(headStart[head], headStart[head + 1]), (_each, i) => (i % 3 === 0 ? [headStart[head] + i, headStart[head] + i] : [headStart[head] + i])).flat());
    const starts = Uint32Array.from({ length: 9 }, (_, head) => order.slice(0, head).reduce((sum, each) => sum + each.length, 0));
    const all = order.flat();
    const cells = { headStart: starts, row: Uint32Array.from(all, (i) => row[i]), target: Float32Array.from(all, (_, i) => (i % 5 === 0 ? 1 : 0)), weight: Float32Array.from(all, (_, i) => 0.5 + (i % 7) / 7), offset: new Float32Array(all.length) };
    for (const loss of losses) {
      const wanted = answers(plain, { ...p, cells }, loss);
      for (const [what, values] of Object.entries(answers(kernels, { ...p, cells }, loss))) expectClose(values, wanted[what], 1e-5, `${loss.kind} ${what}`);
    }
  });

  it.each([0, 1, 2, 5, 32, 33, 64, 130, 257])("has the plain kernels' eigenvalues and eigenvectors to rounding, with the same bits on all threads: size %i", (n) => {
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = Math.sin(3 * i * j + i + j) + (i === j ? 7 * i : 0);
    const wanted = plain.eigen(a, n);
    const got = kernels.eigen(a, n);
    expectClose([...got.values], [...wanted.values], 1e-13, "values");
    expectClose([...got.vectors], [...wanted.vectors], 1e-11, "vectors");
    for (const each of others) expect(each.eigen(a, n)).toEqual(got);
  });

  it("refuses what does not fit together", () => {
    const p = made(shapes[1]);
    const matrix = matrixOf(kernels, p);
    expect(() => kernels.cellProblem(matrix, { ...p.cells, row: p.cells.row.map((row) => row + 7) }, { kind: "bce" })).toThrow(/row below 7/);
    const ranked = { scores: Float32Array.of(1, Number.NaN), positive: Uint8Array.of(1, 0), headStart: Uint32Array.of(0, 2), image: Uint32Array.of(0, 1) };
    for (const each of [kernels, plain]) expect(() => each.replicatedAveragePrecisions(ranked, { count: 1, multiplicity: Uint16Array.of(1, 1) })).toThrow(/NaN at position 1/);
    expect(() => kernels.scores(matrix, new Float64Array(5), new Float64Array(2))).toThrow(/weights/);
    expect(() => others[0].gram(matrix)).toThrow(/made by these kernels/);
    matrix.dispose();
    expect(() => kernels.gram(matrix)).toThrow(/dispose/);
  });

  it("says how much memory is lacking instead of failing somewhere", () => {
    expect(() => kernels.matrix(600_000, 2048, () => {})).toThrow(expect.objectContaining({ code: "kernels.out-of-memory" }));
  });
});
