import { loadKernels, type KernelBuild } from "../../src/kernels/index.ts";
import type { CellProblem, Kernels } from "../../src/math/index.ts";
import type { Bench, Case, Context } from "../harness/bench.ts";
import { ownContender, Program, type Contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { limits } from "../harness/machine.ts";
import { nativeProgram } from "../harness/native.ts";
import { pythonPeer } from "../harness/peers.ts";
import { makeProblem, ProblemFolder, type Problem } from "../harness/problem.ts";

const native = "C++ AVX-512";
const own = (build: string): string => `catwise (${build})`;

/** float32 sums in another order, over tens of thousands of cells. */
const tolerance = 2e-3;

export const passes: Bench = {
  name: "passes",
  title: "One pass over all known cells: loss and gradient of every category, and the product of the curvature with a direction",
  remarks: `Both loops keep blocks of 128 rows in the second-level cache while all categories pass over them, four known rows to a load of the weights. With 512-bit vectors the arithmetic of a
cell takes a quarter of the instructions; WASM has 128. Of the same loop in C++ with 128-bit vectors (tried apart; 20,000 rows, one thread, milliseconds of processor time): with all rows in the first-level cache 43, in the second 49, from memory 61 and more; with
512-bit vectors 15, 25 and 43. So of the 61 of 128-bit vectors 43 are computing, and of the 43 of 512-bit vectors 15: the same loop is 1.4 times as slow with 128 bits. That is the limit of WASM here; what is measured beyond it (1.6 and more) is not explained. The share of the peak hangs on
which minute the peak was measured in: it swings by half between the cases below. Tried in C++ first and dropped because they gain less than a tenth or nothing: the gradient of one group of rows in the same loop as the dots of the next, going backwards over
rows just read, large pages, blocks of 64 and 256 rows, prefetching the next block. Rows that lie a power of two apart pushed each other out of the first-level cache and cost nearly half as much again until they were padded by a cache line. Where at least 70 %
of the cells of a block are known, passes go over dense tiles (docs/decisions/0072 has the crossover).`,
  async run(context) {
    const problem = makeProblem(context.quick ? { rows: 8_000, columns: 512, categories: 40, known: 0.1 } : { rows: 82_000, columns: 2_048, categories: 80, known: 0.1 });
    context.tell(`${problem.rows} x ${problem.columns} features, ${problem.categories} categories, ${problem.cells.row.length} known cells`);
    const folder = new ProblemFolder();
    const peers: string[] = [];
    const absent: string[] = [];
    const cases: Case[] = [];
    try {
      await folder.writeProblem(problem);
      for (const threads of context.threads > 1 ? [context.threads, 1] : [1]) {
        cases.push(...(await atThreads({ context, problem, folder: folder.path, threads, peers, absent })));
      }
    } finally {
      folder.remove();
    }
    return { cases, peers: [...new Set(peers)], absent: [...new Set(absent)] };
  },
};

interface Setting {
  readonly context: Context;
  readonly problem: Problem;
  readonly folder: string;
  readonly threads: number;
  readonly peers: string[];
  readonly absent: string[];
}

async function atThreads(setting: Setting): Promise<Case[]> {
  const { context, problem, folder, threads, peers, absent } = setting;
  const programs: Program[] = [];
  const others: ((line: "gradient" | "curvature") => Contender[])[] = [];
  const compiled = nativeProgram("passes");
  if ("absent" in compiled) absent.push(`${native}: ${compiled.absent}`);
  else {
    const program = new Program(compiled.found, [folder, String(threads)]);
    programs.push(program);
    others.push((line) => [program.contender(native, line)]);
  }
  const python = pythonPeer("passes.py", ["numpy", "torch"], [folder, String(threads)]);
  if ("absent" in python) absent.push(`NumPy and PyTorch: ${python.absent}`);
  else {
    const { program, versions } = python.found;
    programs.push(program);
    peers.push(versions);
    others.push((line) => (line === "gradient" ? ["numpy-dense", "numpy-gather", "torch-dense", "torch-gather"].map((name) => program.contender(name, name)) : []));
  }
  const builds = await Promise.all((["relaxed-simd", "simd"] as const).map((build) => started(problem, build, threads)));
  try {
    const cases: Case[] = [];
    // For both lines: the curvature is that at the point of the last gradient.
    const plain = context.quick ? [await started(problem, "plain", 1)] : [];
    for (const line of ["gradient", "curvature"] as const) {
      context.tell(`${line}, ${threads} threads`);
      const mine = [...builds, ...plain].map(({ kernels, cells }) => ownContender(own(kernels.name), () => pass(problem, cells, line), (sums) => sums));
      const rival = others.flatMap((each) => each(line));
      const timings = await interleave([...mine, ...rival], { rounds: context.quick ? 5 : 7, warmUp: 2, tolerance });
      cases.push(caseOf(problem, line, threads, timings));
    }
    return cases;
  } finally {
    for (const { kernels } of builds) kernels.dispose();
    for (const program of programs) program.close();
  }
}

async function started(problem: Problem, build: KernelBuild, threads: number): Promise<{ kernels: Kernels; cells: CellProblem }> {
  const { rows, columns, features } = problem;
  const kernels = await loadKernels({ build, threads });
  const matrix = kernels.matrix(rows, columns, (block, first, count) => block.set(features.subarray(first * columns, (first + count) * columns)));
  return { kernels, cells: kernels.cellProblem(matrix, problem.cells, { kind: "bce" }) };
}

/** Loss (0 for the product), sum of the intercepts' part, sum of squares: what every contender answers. */
function pass({ weights, intercepts }: Problem, cells: CellProblem, line: "gradient" | "curvature"): readonly number[] {
  if (line === "gradient") {
    const { loss, gradient, interceptGradient } = cells.lossGradient(weights, intercepts);
    return [sum(loss), sum(interceptGradient), squares(gradient)];
  }
  const { product, interceptProduct } = cells.curvatureProduct(weights, intercepts);
  return [0, sum(interceptProduct), squares(product)];
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const squares = (values: Float64Array): number => values.reduce((total, value) => total + value * value, 0);

function caseOf(problem: Problem, line: string, threads: number, timings: ReadonlyMap<string, { readonly median: number; readonly least: number; readonly most: number; readonly runs: number }>): Case {
  const { median: mine, least } = timings.get(own("relaxed-simd"))!;
  const speed = (milliseconds: number): number => (4 * problem.cells.row.length * problem.columns) / milliseconds / 1e6;
  // Both at their best: the peak is the best of several measurements as well.
  const machine = limits(threads);
  const rival = timings.get(native)?.median;
  return {
    name: `${line}, ${threads} thread${threads === 1 ? "" : "s"}`,
    reference: own("relaxed-simd"),
    timings: Object.fromEntries(timings),
    figures: { "catwise, GFLOPS": Number(speed(mine).toFixed(1)), "catwise at its best, GFLOPS": Number(speed(least).toFixed(1)), ...(machine === null ? {} : { "peak of 128-bit FMA, GFLOPS": machine.fused128 }) },
    targets: [
      ...(rival === undefined ? [] : [{ what: `time against ${native}`, measured: Number((mine / rival).toFixed(2)), bound: 1.25, side: "at most" as const }]),
      ...(machine === null ? [] : [{ what: "share of the 128-bit FMA peak, both at their best", measured: Number((speed(least) / machine.fused128).toFixed(2)), bound: 0.5, side: "at least" as const }]),
    ],
  };
}
