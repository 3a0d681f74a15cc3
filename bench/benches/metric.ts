import { loadKernels } from "../../src/kernels/index.ts";
import type { Kernels, Matrix } from "../../src/math/index.ts";
import type { Bench, Case, Context } from "../harness/bench.ts";
import { ownContender, type Contender, type Program } from "../harness/contender.ts";
import { rounded } from "../harness/figures.ts";
import { interleave, type Timing } from "../harness/interleave.ts";
import { pythonPeer } from "../harness/peers.ts";
import { Probe, reachFigures, type Taken } from "../harness/probe.ts";
import { makeProblem, matrixOf, ProblemFolder } from "../harness/problem.ts";

const own = "catwise (relaxed-simd)";
const rival = "NumPy";

interface Setting {
  readonly context: Context;
  readonly rows: number;
  readonly columns: number;
  /** (D*D) mean products of the features. */
  readonly covariance: Float64Array;
  /** (D) a direction along which results are compared. */
  readonly probe: Float64Array;
}

/** One piece: what is timed, what it is judged by, and its multiply-adds (0: not counted). */
interface Piece {
  readonly name: "eigen" | "gram" | "transform";
  readonly contender: Contender;
  readonly rounds: number;
  /** Relative: float64 for eigenvalues, sums of float32 in another order for the others. */
  readonly tolerance: number;
  readonly multiplyAdds: number;
}

export const metric: Bench = {
  name: "metric",
  title: "The metric of the penalty: products of all pairs of features, eigenvectors of their covariance, and the features turned by a matrix",
  remarks: `The inner loops of the products of matrices hold twelve 128-bit accumulators, two vectors and one number, all the registers there are; eight loads go with twelve multiply-adds, and compilers put
nothing between them. NumPy's BLAS multiplies 512 bits at a time where the processor can, which WASM cannot. The eigenvectors are found as LAPACK finds them (0069); what is not a product of matrices there is
reading half of the matrix once a row, which memory limits, and some work of one thread. Features are turned where images are fewer than heads are turned (docs/decisions/0073), which at this size \`auto\` does
not do.`,
  async run(context) {
    const problem = makeProblem(context.quick ? { rows: 4_000, columns: 256, categories: 1, known: 0.01 } : { rows: 82_000, columns: 2_048, categories: 1, known: 0.01 });
    const { rows, columns, features } = problem;
    context.tell(`${rows} x ${columns} features`);
    const kernels = await loadKernels({ threads: context.threads });
    const folder = new ProblemFolder();
    const programs: Program[] = [];
    const absent: string[] = [];
    const probe = Probe.start(context.threads, absent);
    try {
      const matrix = matrixOf(kernels, problem);
      const setting = { context, rows, columns, covariance: kernels.gram(matrix).map((sum) => sum / rows), probe: Float64Array.from({ length: columns }, (_, j) => Math.cos(j)) };
      await folder.write("features.f32", features);
      await folder.write("covariance.f64", setting.covariance);
      await folder.write("probe.f64", setting.probe);
      const python = pythonPeer("metric.py", ["numpy"], [folder.path, String(columns)], context.threads);
      if ("found" in python) programs.push(python.found.program);
      else absent.push(`${rival}: ${python.absent}`);
      const cases: Case[] = [];
      for (const piece of pieces(kernels, matrix, setting)) {
        context.tell(piece.name);
        const contenders = [piece.contender, ...programs.map((program) => program.contender(rival, piece.name))];
        const timings = await interleave(contenders, { rounds: piece.rounds, tolerance: piece.tolerance, eachRound: probe?.measure });
        cases.push(caseOf(piece, setting, timings, probe?.take() ?? null));
      }
      return { cases, peers: "found" in python ? [python.found.versions] : [], absent };
    } finally {
      for (const program of programs) program.close();
      probe?.close();
      kernels.dispose();
      folder.remove();
    }
  },
};

function pieces(kernels: Kernels, matrix: Matrix, { context, rows, columns, covariance, probe }: Setting): readonly Piece[] {
  const trace = covariance.reduce((sum, value, at) => (at % (columns + 1) === 0 ? sum + value : sum), 0);
  const map = covariance.map((value) => value / trace);
  return [
    {
      name: "eigen",
      contender: ownContender(own, () => kernels.eigen(covariance, columns), (found) => ofEigen(found, probe)),
      rounds: context.quick ? 9 : 5,
      tolerance: 1e-8,
      multiplyAdds: 0,
    },
    {
      name: "gram",
      contender: ownContender(own, () => kernels.gram(matrix), (gram) => ofGram(gram, probe)),
      rounds: context.quick ? 9 : 3,
      tolerance: 1e-3,
      multiplyAdds: (rows * columns * columns) / 2,
    },
    {
      name: "transform",
      contender: ownContender(own, () => kernels.transform(matrix, map, columns), (product) => ofTransform(kernels, product, probe)),
      rounds: context.quick ? 9 : 3,
      tolerance: 1e-3,
      multiplyAdds: rows * columns * columns,
    },
  ];
}

/** Largest eigenvalue, their sum, the sum of their squares, and the matrix's square root along the probe, to which every eigenvector contributes. */
function ofEigen({ values, vectors }: ReturnType<Kernels["eigen"]>, probe: Float64Array): readonly number[] {
  let [sum, squares, root] = [0, 0, 0];
  values.forEach((value, k) => {
    const along = probe.reduce((total, x, j) => total + x * vectors[k * probe.length + j], 0);
    sum += value;
    squares += value * value;
    root += Math.sqrt(Math.max(value, 0)) * along * along;
  });
  return [values[0], sum, squares, root];
}

/** Trace, sum of squares, and the form along the probe. */
function ofGram(gram: Float64Array, probe: Float64Array): readonly number[] {
  const D = probe.length;
  let [trace, squares, form] = [0, 0, 0];
  gram.forEach((value, at) => {
    const [i, j] = [Math.floor(at / D), at % D];
    if (i === j) trace += value;
    squares += value * value;
    form += probe[i] * value * probe[j];
  });
  return [trace, squares, form];
}

/** Sum of squares of the rows along the probe. Disposes of the product. */
function ofTransform(kernels: Kernels, product: Matrix, probe: Float64Array): readonly number[] {
  const along = kernels.scores(product, probe, new Float64Array(1));
  product.dispose();
  return [along.reduce((sum, value) => sum + value * value, 0)];
}

function caseOf({ name, multiplyAdds }: Piece, { rows, columns }: Setting, timings: ReadonlyMap<string, Timing>, reach: Taken | null): Case {
  const { median, least } = timings.get(own)!;
  const speed = (milliseconds: number): number => (2 * multiplyAdds) / milliseconds / 1e6;
  return {
    name: name === "eigen" ? `eigenvectors of ${columns} x ${columns}` : `${name === "gram" ? "products of pairs of features" : "features turned"}, ${rows} x ${columns}`,
    reference: own,
    timings: Object.fromEntries(timings),
    ours: [own],
    figures: {
      ...(multiplyAdds === 0 ? {} : { "catwise, GFLOPS": `${speed(median).toFixed(1)}, at best ${speed(least).toFixed(1)}` }),
      ...(reach === null ? {} : reachFigures(reach)),
      ...(multiplyAdds === 0 || reach === null ? {} : {
            "share of the 128-bit FMA peak, medians of the same rounds": rounded(speed(median) / reach.fused128.median),
            "the best run over the best that the machine reached": rounded(speed(least) / reach.fused128.best),
          }),
    },
  };
}
