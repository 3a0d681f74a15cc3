/** Where the time of a run goes: kernels that keep a clock for each kind of call. */
import type { Kernels } from "../../src/math/index.ts";

export interface Spent {
  readonly milliseconds: number;
  readonly calls: number;
  /** A multiply and an add each. */
  readonly multiplyAdds: number;
}

const nothing: Spent = { milliseconds: 0, calls: 0, multiplyAdds: 0 };

/** Clocks by name. What is called within a call counts for the outer one. */
export class CallTimes {
  readonly #spent = new Map<string, Spent>();
  #within = false;

  clear(): void {
    this.#spent.clear();
  }

  of(name: string): Spent {
    return this.#spent.get(name) ?? nothing;
  }

  time<T>(name: string, multiplyAdds: number, job: () => T): T {
    if (this.#within) return job();
    this.#within = true;
    const began = performance.now();
    try {
      return job();
    } finally {
      this.#within = false;
      const before = this.of(name);
      this.#spent.set(name, { milliseconds: before.milliseconds + performance.now() - began, calls: before.calls + 1, multiplyAdds: before.multiplyAdds + multiplyAdds });
    }
  }
}

/**
 * The same kernels with clocks: "gradient" and "curvature" (each cell's row is multiplied twice), "logits", "scores", "gram" (every pair of columns once), "eigen" and "ranking" (no multiply-adds counted of the
 * last two). They hand out the problems of the kernels themselves, whose methods are replaced, for the kernels know theirs by what they are.
 */
export function timedKernels(kernels: Kernels, times: CallTimes): Kernels {
  return {
    ...kernels,
    cellProblem(matrix, cells, loss) {
      const problem = kernels.cellProblem(matrix, cells, loss);
      const work = (active: Uint8Array | undefined): number => {
        let sum = 0;
        for (let head = 0; head < problem.heads; head++) if (active === undefined || active[head] !== 0) sum += cells.headStart[head + 1] - cells.headStart[head];
        return sum * problem.columns;
      };
      const inner = { lossGradient: problem.lossGradient.bind(problem), curvatureProduct: problem.curvatureProduct.bind(problem), logits: problem.logits.bind(problem) };
      const timed: typeof inner = {
        lossGradient: (weights, intercepts, active) => times.time("gradient", 2 * work(active), () => inner.lossGradient(weights, intercepts, active)),
        curvatureProduct: (direction, intercepts, active) => times.time("curvature", 2 * work(active), () => inner.curvatureProduct(direction, intercepts, active)),
        logits: (weights, intercepts, out, active) => times.time("logits", work(active), () => inner.logits(weights, intercepts, out, active)),
      };
      return Object.assign(problem, timed);
    },
    scores: (matrix, weights, intercepts, rows) => times.time("scores", (rows?.length ?? matrix.rows) * weights.length, () => kernels.scores(matrix, weights, intercepts, rows)),
    gram: (matrix, rows) => times.time("gram", ((rows?.length ?? matrix.rows) * matrix.columns * (matrix.columns + 1)) / 2, () => kernels.gram(matrix, rows)),
    eigen: (symmetric, n) => times.time("eigen", 0, () => kernels.eigen(symmetric, n)),
    averagePrecisions: (scores, positive, headStart, active) => times.time("ranking", 0, () => kernels.averagePrecisions(scores, positive, headStart, active)),
    replicatedAveragePrecisions: (cells, draws, active) => times.time("ranking", 0, () => kernels.replicatedAveragePrecisions(cells, draws, active)),
  };
}
