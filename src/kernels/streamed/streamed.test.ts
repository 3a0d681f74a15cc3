/** Kernels that keep no matrix in memory against kernels that keep all: the same bits, whatever the size of the windows and the number of threads. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource, type CellLoss, type Cells, type Kernels, type Matrix } from "../../math/index.ts";
import { loadKernels } from "../index.ts";

const rows = 3000;
const heads = 5;

interface Data {
  readonly columns: number;
  readonly data: Float32Array;
}

/** 37 columns are padded, 256 lie a power of two apart and are padded too. */
const shapes = [37, 256].map((columns): Data => {
  const random = randomSource(`streamed ${columns}`);
  return { columns, data: Float32Array.from({ length: rows * columns }, () => random.next() - 0.5) };
});

function cellsOf(seed: string, known: number): Cells {
  const random = randomSource(seed);
  const row: number[] = [];
  const headStart = new Uint32Array(heads + 1);
  for (let head = 0; head < heads; head++) {
    // The second head has no cells, and nobody has any between rows 1000 and 2000.
    for (let i = 0; i < rows; i++) if (head !== 1 && (i < 1000 || i >= 2000) && random.next() < known) row.push(i);
    headStart[head + 1] = row.length;
  }
  const draw = (): Float32Array => Float32Array.from({ length: row.length }, () => random.next());
  return { headStart, row: Uint32Array.from(row), target: draw().map((value) => Math.round(value)), weight: draw().map((value) => value + 0.5), offset: draw() };
}

const cells = cellsOf("cells", 0.2);
const losses: readonly CellLoss[] = [{ kind: "bce" }, { kind: "asl", gammaPositive: 1, gammaNegative: 4, margin: 0.05, detachFocal: true }];

function matrixOf(kernels: Kernels, { columns, data }: Data, again: boolean): Matrix {
  return kernels.matrix(rows, columns, (block, first, count) => block.set(data.subarray(first * columns, (first + count) * columns)), { again });
}

function parameters(columns: number, count = heads): { weights: Float64Array; intercepts: Float64Array } {
  const random = randomSource(`parameters ${columns} ${count}`);
  return { weights: Float64Array.from({ length: count * columns }, () => random.next() - 0.5), intercepts: Float64Array.from({ length: count }, () => random.next()) };
}

/** Everything kernels can answer of a matrix, copied. */
function answers(kernels: Kernels, matrix: Matrix, active?: Uint8Array): unknown[] {
  const { columns } = matrix;
  const { weights, intercepts } = parameters(columns);
  const all: unknown[] = [];
  for (const loss of losses) {
    const problem = kernels.cellProblem(matrix, cells, loss);
    const { loss: sum, gradient, interceptGradient, interceptCurvature } = problem.lossGradient(weights, intercepts, active);
    all.push([sum, gradient, interceptGradient, interceptCurvature].map((each) => each.slice()));
    const { product, interceptProduct } = problem.curvatureProduct(weights, intercepts, active);
    all.push([product, interceptProduct].map((each) => each.slice()));
    const logits = new Float32Array(cells.row.length);
    problem.logits(weights, intercepts, logits, active);
    all.push(logits);
    problem.dispose();
  }
  const some = Uint32Array.from({ length: rows / 3 }, (_, i) => 3 * i + (i % 2));
  all.push(kernels.scores(matrix, weights, intercepts), kernels.scores(matrix, weights, intercepts, some), kernels.scores(matrix, weights, intercepts, some.toReversed()));
  all.push(kernels.gram(matrix), kernels.gram(matrix, some));
  const turned = kernels.transform(matrix, parameters(columns, 9).weights, 9);
  all.push(kernels.scores(turned, parameters(9).weights, intercepts));
  turned.dispose();
  return all;
}

describe.each(["simd", "relaxed-simd"] as const)("streamed matrices of the %s build", (build) => {
  let folder: string;
  let inMemory: Kernels;
  let streaming: Kernels[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "catwise-streamed-"));
    inMemory = await loadKernels({ build, threads: 2 });
    streaming = await Promise.all(
      [
        { threads: 1, windowBytes: 1 },
        { threads: 2, windowBytes: 300_000 },
        { threads: 3, windowBytes: 2 ** 30 },
      ].map(({ threads, windowBytes }) => loadKernels({ build, threads, streaming: { largestInMemory: 0, folder, windowBytes } })),
    );
  });
  afterAll(() => {
    [inMemory, ...streaming].forEach((each) => each.dispose());
    rmSync(folder, { recursive: true });
  });

  it.each(shapes)("give the same bits as matrices in memory, for $columns columns", (data) => {
    const held = matrixOf(inMemory, data, false);
    expect(held.streamed).toBeUndefined();
    for (const active of [undefined, Uint8Array.of(1, 1, 0, 0, 1)]) {
      const wanted = answers(inMemory, held, active);
      for (const kernels of streaming) {
        for (const again of [false, true]) {
          const matrix = matrixOf(kernels, data, again);
          expect(matrix.streamed).toBe(true);
          expect(answers(kernels, matrix, active)).toEqual(wanted);
          matrix.dispose();
        }
      }
    }
    held.dispose();
  });

  it("share the readings of problems taken together, whose answers are those they give alone", () => {
    const data = shapes[0];
    const sets = [cells, cellsOf("others", 0.05)];
    const active = Uint8Array.of(1, 1, 1, 0, 1, 0, 0, 1, 0, 1);
    const { weights, intercepts } = parameters(data.columns, 2 * heads);
    const all = [inMemory, ...streaming].map((kernels) => {
      const matrix = matrixOf(kernels, data, false);
      const problems = sets.map((each) => kernels.cellProblem(matrix, each, losses[0]));
      const joint = kernels.together(problems);
      const { gradient, loss } = joint.lossGradient(weights, intercepts, active);
      const { product } = joint.curvatureProduct(weights, intercepts, active);
      const logits = new Float32Array(joint.cellCount);
      joint.logits(weights, intercepts, logits, active);
      const together = [gradient, loss, product].map((each) => each.slice());
      const width = heads * data.columns;
      const alone = problems.map((problem, i) => {
        const own = [weights.subarray(i * width, (i + 1) * width), intercepts.subarray(i * heads, (i + 1) * heads), active.subarray(i * heads, (i + 1) * heads)] as const;
        const out = new Float32Array(problem.cellCount);
        const answer = [problem.lossGradient(...own).gradient.slice(), problem.curvatureProduct(...own).product.slice()];
        problem.logits(own[0], own[1], out, own[2]);
        return [...answer, out];
      });
      expect([...together[0]]).toEqual(alone.flatMap(([own]) => [...own]));
      expect([...together[2]]).toEqual(alone.flatMap(([, own]) => [...own]));
      expect([...logits]).toEqual(alone.flatMap(([, , own]) => [...own]));
      problems.forEach((problem) => problem.dispose());
      matrix.dispose();
      return [...together, logits];
    });
    for (const each of all) expect(each).toEqual(all[0]);
  });

  it("refuse a curvature product of heads whose loss was not asked for, or whose logits were asked for since, alone and together", () => {
    const kernels = streaming[1];
    const matrix = matrixOf(kernels, shapes[0], false);
    const { weights, intercepts } = parameters(shapes[0].columns);
    const problem = kernels.cellProblem(matrix, cells, losses[0]);
    const joint = kernels.together([problem]);
    const curved = (active?: Uint8Array): Float64Array => problem.curvatureProduct(weights, intercepts, active).product.slice();
    expect(() => curved()).toThrow("Head 0 has no curvatures");
    const one = Uint8Array.from({ length: heads }, (_, head) => (head === 2 ? 1 : 0));
    problem.lossGradient(weights, intercepts);
    const wanted = curved();
    problem.logits(weights, intercepts, new Float32Array(problem.cellCount), one);
    for (const each of [problem, joint]) expect(() => each.curvatureProduct(weights, intercepts)).toThrow("Head 2 has no curvatures: ask for its loss and gradient first, and after its logits.");
    problem.lossGradient(weights, intercepts, one);
    expect(curved()).toEqual(wanted);
    problem.dispose();
    matrix.dispose();
  });

  it.each(["lossGradient", "logits"] as const)("refuse a curvature product after a pass that failed midway: %s", (pass) => {
    let fails = false;
    const { columns, data } = shapes[0];
    const matrix = streaming[1].matrix(rows, columns, (block, first, count) => {
      if (fails && first > 0) throw new Error("no such row");
      block.set(data.subarray(first * columns, (first + count) * columns));
    }, { again: true });
    const { weights, intercepts } = parameters(columns);
    const problem = streaming[1].cellProblem(matrix, cells, losses[0]);
    problem.lossGradient(weights, intercepts);
    fails = true;
    expect(() => (pass === "logits" ? problem.logits(weights, intercepts, new Float32Array(problem.cellCount)) : problem.lossGradient(weights, intercepts))).toThrow("no such row");
    fails = false;
    expect(() => problem.curvatureProduct(weights, intercepts)).toThrow("Head 0 has no curvatures");
    problem.dispose();
    matrix.dispose();
  });

  it("leave no file behind, not even while they are in use", () => {
    const matrix = matrixOf(streaming[1], shapes[0], false);
    expect(readdirSync(folder)).toEqual([]);
    matrix.dispose();
  });

  it("copy rows that can be made again only from the third pass on", () => {
    let made = 0;
    const matrix = streaming[1].matrix(rows, 4, (block, _, count) => {
      made += count;
      block.fill(0.25);
    }, { again: true });
    const seen = Array.from({ length: 5 }, () => {
      streaming[1].scores(matrix, new Float64Array(4), new Float64Array(1));
      return made / rows;
    });
    expect(seen).toEqual([1, 2, 3, 3, 3]);
    matrix.dispose();
  });

  it("are not read once they are disposed of, nor where writing them failed", () => {
    const [kernels] = streaming;
    const scores = (matrix: Matrix): Float32Array => kernels.scores(matrix, new Float64Array(37), new Float64Array(1));
    const disposed = matrixOf(kernels, shapes[0], true);
    scores(disposed);
    disposed.dispose();
    expect(() => scores(disposed)).toThrow("used after dispose");
    let fails = false;
    const matrix = kernels.matrix(rows, 37, (block) => {
      if (fails) throw new Error("no such row");
      block.fill(0.5);
    }, { again: true });
    const wanted = scores(matrix);
    scores(matrix);
    // The third pass copies the rows.
    fails = true;
    expect(() => scores(matrix)).toThrow("no such row");
    fails = false;
    expect(scores(matrix)).toEqual(wanted);
    matrix.dispose();
  });

  it("tell where they cannot be kept", async () => {
    const nowhere = await loadKernels({ build, threads: 1, streaming: { largestInMemory: 0, folder: join(folder, "absent") } });
    expect(() => matrixOf(nowhere, shapes[0], false)).toThrow(expect.objectContaining({ code: "output.unwritable" }) as Error);
    expect(() => streaming[1].matrix(2 ** 31, 2 ** 20, () => {})).toThrow(expect.objectContaining({ code: "output.no-space" }) as Error);
    nowhere.dispose();
  });
});

it("refuse limits that are none", async () => {
  await expect(loadKernels({ streaming: { largestInMemory: -1 } })).rejects.toThrow("streaming.largestInMemory: expected a number of bytes of at least 0, got -1.");
  await expect(loadKernels({ streaming: { largestInMemory: 0, windowBytes: 0 } })).rejects.toThrow("streaming.windowBytes");
});
