import { loadKernels } from "../../src/kernels/index.ts";
import { RidgePath, ridgeNewton, type CellProblem, type Kernels, type Matrix } from "../../src/math/index.ts";
import type { Bench, Case } from "../harness/bench.ts";
import { CallTimes, timedKernels } from "../harness/call-times.ts";
import { ownContender, type Contender } from "../harness/contender.ts";
import { rounded } from "../harness/figures.ts";
import { interleave } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { Parts } from "../harness/parts.ts";
import { Probe, reachFigures, type Taken } from "../harness/probe.ts";
import { makeProblem, matrixOf, ProblemFolder, type Problem } from "../harness/problem.ts";

const own = "catwise, quasi-Newton";
const newton = "catwise, Newton";
/** sag and saga, stochastic, take minutes to this accuracy and are left out. */
const tried = ["lbfgs", "newton-cg", "liblinear", "newton-cholesky"];
const gap = 1e-4;
/** How many times our time a contender may take and still take part in every round: the fastest of scikit-learn's, which the target is about, stays below. */
const slowFrom = 15;

export const solve: Bench = {
  name: "solve",
  title: "One category's penalised logistic regression, from zero to within 1e-4 of the optimum",
  remarks: `The quasi-Newton solver takes a pass over the rows, 67 MB, for each step. Loss and gradient come from one reading of the rows, in scikit-learn from two, and float32 rows at the speed of the machine's
memory are the limit of both; beside the measured parts stands what that reading alone takes at the speed the machine reached in the same rounds. OpenBLAS is told which processor it runs on. A contender that
takes more than fifteen times as long as the quickest runs in the first three rounds alone. Left out: scikit-learn's sag and saga, which take minutes to this accuracy, and SciPy's L-BFGS, which is what lbfgs
calls; LIBLINEAR is within scikit-learn, with the scaling of its intercept that makes it the fastest. Rows lie where each wants them before the clock starts: in the kernels' memory they are put once for all
categories.`,
  async run(context) {
    const rows = context.quick ? 1_000 : 8_200;
    const columns = context.quick ? 128 : 2_048;
    const problem = makeProblem({ rows, columns, categories: 1, known: 1 }, 11);
    const times = new CallTimes();
    const kernels = timedKernels(await loadKernels({ threads: context.threads }), times);
    const absent: string[] = [];
    const probe = Probe.start(context.threads, absent);
    const folder = new ProblemFolder();
    const peers: string[] = [];
    const cases: Case[] = [];
    const matrix = matrixOf(kernels, problem);
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
        const python = pythonPeer("solve.py", ["numpy", "sklearn"], [folder.path, String(lambda), String(target)], context.threads);
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
        const parts = new Parts(times, { clocks: { gradient: "passes over the rows" }, rest: "all else (the quasi-Newton model, one thread)", of: own, count: 1, warmUp: 1 });
        const mine = ways.map(({ name, solver }) => {
          const run = (): Promise<number> => solved(job, { solver, lambda, tolerance: tolerances.get(name)! });
          return name === own ? parts.contender(name, run, (value) => [value]) : ownContender(name, run, (value) => [value]);
        });
        const timings = await interleave([...mine, ...rivals], { rounds: 9, tolerance: 2 * gap, slowFrom, eachRound: probe?.measure });
        const reach = probe?.take() ?? null;
        if (!("absent" in python)) python.found.program.close();
        const fastest = Math.min(...rivals.map(({ name }) => timings.get(name)!.median));
        const targets = rivals.length === 0 ? [] : [{ what: "times as fast as scikit-learn's best solver", measured: fastest / timings.get(own)!.median, bound: 6, side: "at least" as const }];
        cases.push({ name: `${rows} x ${columns}, lambda ${lambda}`, reference: own, timings: Object.fromEntries(timings), ours: ways.map(({ name }) => name), figures: figures(parts, reach, { bytes: 4 * rows * columns, fastest }), targets });
      }
      return { cases, peers: [...new Set(peers)], absent: [...new Set(absent)] };
    } finally {
      probe?.close();
      folder.remove();
      kernels.dispose();
    }
  },
};

/** The parts of our solve, and what its readings of the rows alone take at the speed of the machine's memory. `bytes`: of the rows; `fastest`: milliseconds of the best rival, Infinity where there is none. */
function figures(parts: Parts, reach: Taken | null, { bytes, fastest }: { readonly bytes: number; readonly fastest: number }): Record<string, string | number> {
  const passes = parts.calls("gradient");
  const told = { [`${own}, passes`]: passes, ...parts.figures(null) };
  if (reach === null) return told;
  const reading = (passes * bytes) / reach.read.median / 1e6;
  return {
    ...told,
    ...reachFigures(reach),
    "reading the rows once for each of these passes, alone (ms)": rounded(reading),
    ...(Number.isFinite(fastest) ? { "times as fast as scikit-learn's best solver, if a solve were that reading alone": Number((fastest / reading).toFixed(1)) } : {}),
  };
}

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
