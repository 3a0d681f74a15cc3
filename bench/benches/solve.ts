import { loadKernels } from "../../src/kernels/index.ts";
import { RidgePath, ridgeNewton, type CellProblem, type Kernels, type Matrix } from "../../src/math/index.ts";
import type { Bench, Case } from "../harness/bench.ts";
import { ownContender, type Contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { makeProblem, ProblemFolder, type Problem } from "../harness/problem.ts";

const own = "catwise, quasi-Newton";
const newton = "catwise, Newton";
/** sag and saga, stochastic, take minutes to this accuracy and are left out. */
const tried = ["lbfgs", "newton-cg", "liblinear", "newton-cholesky"];
const gap = 1e-4;

export const solve: Bench = {
  name: "solve",
  title: "One category's penalised logistic regression, from zero to within 1e-4 of the optimum",
  remarks: `The quasi-Newton solver takes a pass over the rows, 67 MB, for each step: 19 of them at the stronger penalty, 58 at the weaker. Loss and gradient come from one reading of the rows, in scikit-learn from two, and float32 rows at the speed of the machine's memory are
the limit of both: 58 readings at 23 GB/s are 169 ms. What is left is the quasi-Newton model, 58 pairs of 2,048 numbers on one thread. OpenBLAS is told which processor it runs on. Left out: scikit-learn's sag and saga, which take minutes to this accuracy, and SciPy's L-BFGS, which is what lbfgs calls; LIBLINEAR is within scikit-learn. Rows lie where each wants them before the clock starts: in the kernels' memory they are put once for all categories.`,
  async run(context) {
    const rows = context.quick ? 1_000 : 8_200;
    const columns = context.quick ? 128 : 2_048;
    const problem = makeProblem({ rows, columns, categories: 1, known: 1 }, 11);
    const kernels = await loadKernels({ threads: context.threads });
    const folder = new ProblemFolder();
    const peers: string[] = [];
    const absent: string[] = [];
    const cases: Case[] = [];
    const matrix = kernels.matrix(rows, columns, (block, first, count) => block.set(problem.features.subarray(first * columns, (first + count) * columns)));
    const job: Job = { kernels, problem, matrix };
    try {
      await folder.write("rows.f32", problem.features);
      await folder.write("target.f32", problem.cells.target);
      for (const lambda of [1e-1, 1e-3]) {
        const best = await solved(job, { solver: byNewton, lambda, tolerance: 1e-12 });
        const target = best * (1 + gap);
        const tolerances = new Map<string, number>();
        for (const { name, solver } of ways) tolerances.set(name, await loosest(job, { solver, lambda }, target));
        context.tell(`lambda ${lambda}: optimum ${best.toFixed(6)}, tolerances ${[...tolerances.values()].map((each) => each.toExponential(0)).join(", ")}`);
        const rivals: Contender[] = [];
        const python = pythonPeer("solve.py", ["numpy", "sklearn"], [folder.path, String(lambda), String(target), String(context.threads)]);
        if ("absent" in python) absent.push(`scikit-learn: ${python.absent}`);
        else {
          peers.push(python.found.versions);
          for (const name of tried) {
            // The first answer comes after the search for its tolerance.
            const { milliseconds } = await python.found.program.ask(name);
            if (milliseconds < 0) absent.push(`scikit-learn ${name} at lambda ${lambda}: does not get there, or has not after 30 s of trying`);
            else rivals.push(python.found.program.contender(`scikit-learn ${name}`, name));
          }
        }
        const mine = ways.map(({ name, solver }) => ownContender(name, () => solved(job, { solver, lambda, tolerance: tolerances.get(name)! }), (value) => [value]));
        const timings = await interleave([...mine, ...rivals], { rounds: 9, tolerance: 2 * gap });
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

type Solver = (problem: CellProblem, lambda: number, weightSum: Float64Array, tolerance: number) => Promise<number>;

const byPath: Solver = async (problem, lambda, weightSum, tolerance) => (await new RidgePath(problem, { weightSum }).solve(lambda, tolerance)).value[0];
const byNewton: Solver = async (problem, lambda, weightSum, tolerance) =>
  (await ridgeNewton(problem, new Float64Array(problem.columns), new Float64Array(1), { lambda, weightSum, tolerance })).value[0];

const ways: readonly { readonly name: string; readonly solver: Solver }[] = [
  { name: own, solver: byPath },
  { name: newton, solver: byNewton },
];

interface Task {
  readonly solver: Solver;
  readonly lambda: number;
  readonly tolerance: number;
}

interface Job {
  readonly kernels: Kernels;
  readonly problem: Problem;
  readonly matrix: Matrix;
}

/** The objective reached. The rows are in the kernels' memory already, where all categories share them, as those of the peers are in theirs. */
async function solved({ kernels, problem, matrix }: Job, { solver, lambda, tolerance }: Task): Promise<number> {
  const cellProblem = kernels.cellProblem(matrix, problem.cells, { kind: "bce" });
  const value = await solver(cellProblem, lambda, Float64Array.of(problem.rows), tolerance);
  cellProblem.dispose();
  return value;
}

/** As the peers' tolerances are chosen: the loosest power of ten that reaches the wanted objective. */
async function loosest(job: Job, task: Omit<Task, "tolerance">, target: number): Promise<number> {
  for (let power = 0; power > -10; power -= 1) if ((await solved(job, { ...task, tolerance: 10 ** power })) <= target) return 10 ** power;
  throw new Error(`The solver does not reach ${target}.`);
}
