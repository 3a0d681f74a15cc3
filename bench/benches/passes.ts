import { loadKernels, type KernelBuild } from "../../src/kernels/index.ts";
import type { CellProblem, Kernels } from "../../src/math/index.ts";
import type { Bench, Case, Context } from "../harness/bench.ts";
import { ownContender, Program, type Contender } from "../harness/contender.ts";
import { rounded } from "../harness/figures.ts";
import { interleave, type Timing } from "../harness/interleave.ts";
import { nativeProgram } from "../harness/native.ts";
import { pythonPeer } from "../harness/peers.ts";
import { Probe, reachFigures, type Taken } from "../harness/probe.ts";
import { makeProblem, matrixOf, ProblemFolder, type Problem } from "../harness/problem.ts";
import { crossoverCase } from "./passes-crossover.ts";

/** bench/native/passes.cpp, by the bits of its vectors. */
const native = { 512: "C++ AVX-512", 128: "C++ with 128-bit vectors" } as const;
const own = (build: string): string => `catwise (${build})`;

/** float32 sums in another order, over tens of thousands of cells. */
const tolerance = 2e-3;

export const passes: Bench = {
  name: "passes",
  title: "One pass over all known cells: loss and gradient of every category, and the product of the curvature with a direction",
  remarks: `All loops keep blocks of 128 rows in the second-level cache while all categories pass over them. Both in C++ are made from the same lines, for vectors of 512 bits and of 128 bits, the widest that WASM
has; what lies between those two is the width of the vectors. They are written to be hard to beat: rows, weights and sums padded as catwise pads them, since rows that lie a power of two apart push each other out
of the first-level cache; the losses of several cells at once, by the same series as here; loops of their own for the one to three cells that end a run; and eight known rows to a load of the weights, where
catwise takes four. Eight rows in two vectors each are sixteen sums, and engines of WASM have sixteen registers in all. In every loop nearly each multiply-add comes with a load of its own: the rows of the dots
come from the second-level cache, and the gradient loads and stores the sum besides.
The machine's own limits are measured once in every round, right before the contenders' turn. Two shares of the peak are told: a median over the median of the same rounds, and the best run over the best that the
machine reached in any round, which decides. Beside them stands what a pass would take if it did nothing but its multiplies and adds at the peak of 128-bit FMA, and nothing but read every row once.
Tried in C++ and dropped for want of a gain, of which no measurement is kept: the gradient of one group of rows in the same loop as the dots of the next, going backwards over rows just read, large pages, blocks
of 64 and 256 rows, prefetching the next block.
Where at least 70 % of the cells of a block are known, passes go over dense tiles (docs/decisions/0072); the last table holds that choice to kernels that always take tiles and
that never do, which give the same bits. They were expected to win from a quarter of the cells on; that passes go head by head up to there and further costs less than was thought.`,
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
    cases.push(await crossoverCase(context));
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
  if ("absent" in compiled) absent.push(`C++: ${compiled.absent}`);
  else {
    const program = new Program(compiled.found, [folder, String(threads)]);
    programs.push(program);
    const { values: widths } = await program.ask("widths");
    const bits = ([512, 128] as const).filter((width) => widths.includes(width));
    others.push((line) => bits.map((width) => program.contender(native[width], `${line} ${width}`)));
  }
  const probe = Probe.start(threads, absent);
  const python = pythonPeer("passes.py", ["numpy", "torch"], [folder, String(threads)], threads);
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
      const timings = await interleave([...mine, ...rival], { rounds: context.quick ? 5 : 9, warmUp: 2, tolerance, eachRound: probe?.measure });
      cases.push(caseOf(problem, line, timings, { threads, reach: probe?.take() ?? null }));
    }
    return cases;
  } finally {
    for (const { kernels } of builds) kernels.dispose();
    for (const program of programs) program.close();
    probe?.close();
  }
}

async function started(problem: Problem, build: KernelBuild, threads: number): Promise<{ kernels: Kernels; cells: CellProblem }> {
  const kernels = await loadKernels({ build, threads });
  return { kernels, cells: kernels.cellProblem(matrixOf(kernels, problem), problem.cells, { kind: "bce" }) };
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

function caseOf(problem: Problem, line: string, timings: ReadonlyMap<string, Timing>, { threads, reach }: { readonly threads: number; readonly reach: Taken | null }): Case {
  const { median: mine, least } = timings.get(own("relaxed-simd"))!;
  // Two products of every known row, a multiply and an add each.
  const work = (4 * problem.cells.row.length * problem.columns) / 1e6;
  const speed = (milliseconds: number): number => work / milliseconds;
  const [wide, narrow] = [timings.get(native[512])?.median, timings.get(native[128])?.median];
  return {
    name: `${line}, ${threads} thread${threads === 1 ? "" : "s"}`,
    reference: own("relaxed-simd"),
    timings: Object.fromEntries(timings),
    ours: [own("relaxed-simd"), own("simd")],
    figures: {
      "catwise, GFLOPS": `${speed(mine).toFixed(1)}, at best ${speed(least).toFixed(1)}`,
      ...(wide === undefined ? {} : { "C++ AVX-512, GFLOPS": Number(speed(wide).toFixed(1)) }),
      ...(narrow === undefined ? {} : { "C++ with 128-bit vectors, GFLOPS": Number(speed(narrow).toFixed(1)) }),
      ...(reach === null
        ? {}
        : {
            ...reachFigures(reach),
            "share of the 128-bit FMA peak, medians of the same rounds": rounded(speed(mine) / reach.fused128.median),
            "the multiplies and adds alone at the peak of 128-bit FMA (ms)": rounded(work / reach.fused128.median),
            "reading every row once, alone (ms)": rounded((4 * problem.rows * problem.columns) / reach.read.median / 1e6),
          }),
      ...(narrow === undefined ? {} : { "time against the same loop in C++ with 128-bit vectors": Number((mine / narrow).toFixed(2)) }),
      ...(narrow === undefined || wide === undefined ? {} : { "of C++ with 128-bit vectors against C++ AVX-512": Number((narrow / wide).toFixed(2)) }),
    },
    targets: [
      ...(wide === undefined ? [] : [{ what: `time against ${native[512]}`, measured: mine / wide, bound: 1.25, side: "at most" as const }]),
      ...(reach === null ? [] : [{ what: "share of the 128-bit FMA peak, the best run over the best that the machine reached", measured: speed(least) / reach.fused128.best, bound: 0.5, side: "at least" as const }]),
    ],
  };
}
