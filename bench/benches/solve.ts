import { loadKernels } from "../../src/kernels/index.ts";
import { ridgeNewton, type Kernels } from "../../src/math/index.ts";
import type { Bench, Case } from "../harness/bench.ts";
import { ownContender, type Contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { makeProblem, ProblemFolder, type Problem } from "../harness/problem.ts";

const own = "catwise";
/** sag and saga, stochastic, take minutes to this accuracy and are left out. */
const tried = ["lbfgs", "newton-cg", "liblinear", "newton-cholesky"];
const gap = 1e-4;

export const solve: Bench = {
  name: "solve",
  title: "One category's penalised logistic regression, from zero to within 1e-4 of the optimum",
  remarks: "",
  async run(context) {
    const rows = context.quick ? 1_000 : 8_200;
    const columns = context.quick ? 128 : 2_048;
    const problem = makeProblem({ rows, columns, categories: 1, known: 1 }, 11);
    const kernels = await loadKernels({ threads: context.threads });
    const folder = new ProblemFolder();
    const peers: string[] = [];
    const absent: string[] = [];
    const cases: Case[] = [];
    try {
      await folder.write("rows.f32", problem.features);
      await folder.write("target.f32", problem.cells.target);
      for (const lambda of [1e-1, 1e-3]) {
        const best = await solved(kernels, problem, lambda, 1e-12);
        const target = best * (1 + gap);
        const tolerance = await loosest(kernels, problem, lambda, target);
        context.tell(`lambda ${lambda}: optimum ${best.toFixed(6)}, tolerance ${tolerance.toExponential(0)}`);
        const rivals: Contender[] = [];
        const python = pythonPeer("solve.py", ["numpy", "sklearn"], [folder.path, String(lambda), String(target), String(context.threads)]);
        if ("absent" in python) absent.push(`scikit-learn: ${python.absent}`);
        else {
          peers.push(python.found.versions);
          rivals.push(...tried.map((name) => python.found.program.contender(`scikit-learn ${name}`, name)));
        }
        const mine = ownContender(own, () => solved(kernels, problem, lambda, tolerance), (value) => [value]);
        const timings = await interleave([mine, ...rivals], { rounds: context.quick ? 3 : 5, tolerance: 2 * gap });
        if (!("absent" in python)) python.found.program.close();
        const fastest = Math.min(...rivals.map(({ name }) => timings.get(name)!.median));
        const targets = rivals.length === 0 ? [] : [{ what: "times as fast as scikit-learn's best solver", measured: Number((fastest / timings.get(own)!.median).toFixed(1)), bound: 6, side: "at least" as const }];
        cases.push({ name: `${rows} x ${columns}, lambda ${lambda}`, reference: own, timings: Object.fromEntries(timings), targets });
      }
      return { cases, peers: [...new Set(peers)], absent: [...new Set(absent)] };
    } finally {
      folder.remove();
      kernels.dispose();
    }
  },
};

/** The objective reached, everything included that a caller pays for beyond having features in the kernels' memory. */
async function solved(kernels: Kernels, problem: Problem, lambda: number, tolerance: number): Promise<number> {
  const { rows, columns, features, cells } = problem;
  const matrix = kernels.matrix(rows, columns, (block, first, count) => block.set(features.subarray(first * columns, (first + count) * columns)));
  const cellProblem = kernels.cellProblem(matrix, cells, { kind: "bce" });
  const { value } = await ridgeNewton(cellProblem, new Float64Array(columns), new Float64Array(1), { lambda, weightSum: Float64Array.of(rows), tolerance });
  cellProblem.dispose();
  matrix.dispose();
  return value[0];
}

/** As the peers' tolerances are chosen: the loosest that reaches the wanted objective. */
async function loosest(kernels: Kernels, problem: Problem, lambda: number, target: number): Promise<number> {
  for (let power = 0; power > -10; power -= 0.5) if ((await solved(kernels, problem, lambda, 10 ** power)) <= target) return 10 ** power;
  throw new Error(`The solver does not reach ${target}.`);
}
